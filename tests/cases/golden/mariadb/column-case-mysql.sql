-- cmigrate: upgrade
ALTER TABLE `p` RENAME COLUMN `id` TO `ID`;
ALTER TABLE `t` RENAME COLUMN `name` TO `Name`;
ALTER TABLE `t` RENAME COLUMN `pid` TO `Pid`;

-- cmigrate: downgrade
ALTER TABLE `p` RENAME COLUMN `ID` TO `id`;
ALTER TABLE `t` RENAME COLUMN `Name` TO `name`;
ALTER TABLE `t` RENAME COLUMN `Pid` TO `pid`;
