-- cmigrate: upgrade
ALTER TABLE `t` RENAME COLUMN `b` TO `y`;
ALTER TABLE `t` RENAME COLUMN `c` TO `z`;

-- rewrites table t, while it is read and written
ALTER TABLE `t`
  MODIFY COLUMN `z` varchar(5) FIRST,
  MODIFY COLUMN `y` varchar(9),
  MODIFY COLUMN `a` varchar(5) AFTER `y`;

-- cmigrate: downgrade
-- cmigrate: assert column t.b has values that varchar(5) cannot hold as they are
SELECT `t`.`id` FROM `t` AS t WHERE CHAR_LENGTH(`t`.`y`) > 5 LIMIT 1;
ALTER TABLE `t` RENAME COLUMN `y` TO `b`;
ALTER TABLE `t` RENAME COLUMN `z` TO `c`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `b` varchar(5) AFTER `a`,
  MODIFY COLUMN `c` varchar(5) AFTER `b`;
