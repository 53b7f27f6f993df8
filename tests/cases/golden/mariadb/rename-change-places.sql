-- cmigrate: upgrade
RENAME TABLE `u` TO `cmigrate_swap_1`;
RENAME TABLE `w` TO `u`;
RENAME TABLE `cmigrate_swap_1` TO `w`;
ALTER TABLE `t` RENAME COLUMN `a` TO `cmigrate_swap_2`;
ALTER TABLE `t` RENAME COLUMN `b` TO `a`;
ALTER TABLE `t` RENAME COLUMN `cmigrate_swap_2` TO `b`;

-- cmigrate: downgrade
RENAME TABLE `w` TO `cmigrate_swap_1`;
RENAME TABLE `u` TO `w`;
RENAME TABLE `cmigrate_swap_1` TO `u`;
ALTER TABLE `t` RENAME COLUMN `b` TO `cmigrate_swap_2`;
ALTER TABLE `t` RENAME COLUMN `a` TO `b`;
ALTER TABLE `t` RENAME COLUMN `cmigrate_swap_2` TO `a`;
