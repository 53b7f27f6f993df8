-- cmigrate: upgrade
RENAME TABLE `t` TO `u`;
ALTER TABLE `u` RENAME COLUMN `k` TO `m`;

-- cmigrate: downgrade
RENAME TABLE `u` TO `t`;
ALTER TABLE `t` RENAME COLUMN `m` TO `k`;
