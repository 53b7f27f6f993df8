-- cmigrate: upgrade
RENAME TABLE `v` TO `v2`;
CREATE OR REPLACE VIEW `v2` AS
select `t`.`id` AS `id` from `t`;

-- cmigrate: downgrade
RENAME TABLE `v2` TO `v`;
CREATE OR REPLACE VIEW `v` AS
select `t`.`id` AS `id`,`t`.`a` AS `a` from `t`;
