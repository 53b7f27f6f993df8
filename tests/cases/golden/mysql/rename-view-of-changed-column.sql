-- cmigrate: upgrade
RENAME TABLE `v` TO `v2`;
ALTER TABLE `t` RENAME COLUMN `a` TO `b`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `b` bigint;
CREATE OR REPLACE VIEW `v2` AS
select `t`.`id` AS `id`,`t`.`b` AS `b` from `t`;
CREATE OR REPLACE VIEW `w` AS
select `v2`.`id` AS `id` from `v2` where (`v2`.`b` > 0);

-- cmigrate: downgrade
RENAME TABLE `v2` TO `v`;
ALTER TABLE `t` RENAME COLUMN `b` TO `a`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `a` int;
CREATE OR REPLACE VIEW `v` AS
select `t`.`id` AS `id`,`t`.`a` AS `a` from `t`;
CREATE OR REPLACE VIEW `w` AS
select `v`.`id` AS `id` from `v` where (`v`.`a` > 0);
