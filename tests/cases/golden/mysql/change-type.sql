-- cmigrate: upgrade
-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `a` varchar(12),
  MODIFY COLUMN `b` char(2),
  MODIFY COLUMN `c` bigint,
  MODIFY COLUMN `d` decimal(8,2);

-- cmigrate: downgrade
-- cmigrate: assert column t.a has values that varchar(6) cannot hold as they are
SELECT `t`.`id` FROM `t` AS t WHERE CHAR_LENGTH(`t`.`a`) > 6 LIMIT 1;

-- cmigrate: assert column t.d has values that decimal(8,0) cannot hold as they are
SELECT `t`.`id` FROM `t` AS t WHERE `t`.`d` <> TRUNCATE(`t`.`d`, 0) LIMIT 1;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `a` varchar(6),
  MODIFY COLUMN `b` char(1),
  MODIFY COLUMN `c` int,
  MODIFY COLUMN `d` decimal(8,0);
