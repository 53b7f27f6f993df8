-- cmigrate: upgrade
DROP VIEW `w`;
RENAME TABLE `v` TO `w`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `a` bigint;

-- cmigrate: downgrade
RENAME TABLE `w` TO `v`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `a` int;
CREATE VIEW `w` AS
select `t`.`id` AS `id` from `t`;
