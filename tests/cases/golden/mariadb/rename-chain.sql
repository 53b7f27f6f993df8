-- cmigrate: upgrade
ALTER TABLE `t` RENAME COLUMN `c` TO `d`;
ALTER TABLE `t` RENAME COLUMN `b` TO `c`;
ALTER TABLE `t` RENAME COLUMN `a` TO `b`;
ALTER TABLE `t`
  ADD COLUMN `a` varchar(9);

-- cmigrate: downgrade
ALTER TABLE `t` RENAME COLUMN `a` TO `cmigrate_gone_1`;
ALTER TABLE `t` RENAME COLUMN `b` TO `a`;
ALTER TABLE `t` RENAME COLUMN `c` TO `b`;
ALTER TABLE `t` RENAME COLUMN `d` TO `c`;

-- loses data: column cmigrate_gone_1 of table t
ALTER TABLE `t`
  DROP COLUMN `cmigrate_gone_1`;
