-- cmigrate: upgrade
DROP VIEW `x`;
ALTER TABLE `t`
  ADD COLUMN `b` int;
CREATE VIEW `y` AS
SELECT 2 AS two;
CREATE OR REPLACE VIEW `v` AS
select `t`.`id` AS `id`,`t`.`b` AS `b` from `t`;
CREATE OR REPLACE VIEW `w` AS
select `v`.`id` AS `id`,`v`.`b` AS `b` from `v`;

-- cmigrate: downgrade
DROP VIEW `y`;
CREATE VIEW `x` AS
select 1 AS `one`;

-- loses data: column b of table t
ALTER TABLE `t`
  DROP COLUMN `b`;
CREATE OR REPLACE VIEW `v` AS
select `t`.`id` AS `id` from `t`;
CREATE OR REPLACE VIEW `w` AS
select `v`.`id` AS `id` from `v`;
