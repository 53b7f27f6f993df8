-- cmigrate: upgrade
ALTER TABLE `a` RENAME COLUMN `w` TO `v`;
ALTER TABLE `a` RENAME COLUMN `y` TO `w`;
ALTER TABLE `a` RENAME COLUMN `x` TO `y`;

-- cmigrate: downgrade
ALTER TABLE `a` RENAME COLUMN `y` TO `x`;
ALTER TABLE `a` RENAME COLUMN `w` TO `y`;
ALTER TABLE `a` RENAME COLUMN `v` TO `w`;
