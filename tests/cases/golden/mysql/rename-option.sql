-- cmigrate: upgrade
ALTER TABLE `t` RENAME COLUMN `a` TO `b`;

-- cmigrate: downgrade
ALTER TABLE `t` RENAME COLUMN `b` TO `a`;
