-- cmigrate: upgrade
-- cmigrate: assert check c1 does not hold for all rows of t
SELECT `t`.`id` FROM `t` AS t WHERE NOT (`a` > 5) LIMIT 1;

-- cmigrate: assert check c3 does not hold for all rows of t
SELECT `t`.`id` FROM `t` AS t WHERE NOT (`a` > 3) LIMIT 1;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP CONSTRAINT `c2`,
  DROP CONSTRAINT `ck_t_a`,
  DROP CONSTRAINT `c1`,
  ADD CONSTRAINT `c1` CHECK (`a` > 5),
  ADD CONSTRAINT `c3` CHECK (`a` > 3);

-- cmigrate: downgrade
-- cmigrate: assert check c1 does not hold for all rows of t
SELECT `t`.`id` FROM `t` AS t WHERE NOT (`a` > 1) LIMIT 1;

-- cmigrate: assert check c2 does not hold for all rows of t
SELECT `t`.`id` FROM `t` AS t WHERE NOT (`a` > 2) LIMIT 1;

-- cmigrate: assert check ck_t_a does not hold for all rows of t
SELECT `t`.`id` FROM `t` AS t WHERE NOT (`a` > 0) LIMIT 1;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP CONSTRAINT `c3`,
  DROP CONSTRAINT `c1`,
  ADD CONSTRAINT `c1` CHECK (`a` > 1),
  ADD CONSTRAINT `c2` CHECK (`a` > 2),
  ADD CONSTRAINT `ck_t_a` CHECK (`a` > 0);
