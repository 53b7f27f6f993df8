-- cmigrate: upgrade
ALTER TABLE `t`
  ADD COLUMN `x` int AFTER `id`,
  ADD COLUMN `y` int NOT NULL DEFAULT 7 AFTER `x`;

-- cmigrate: downgrade
-- loses data: columns x, y of table t
ALTER TABLE `t`
  DROP COLUMN `x`,
  DROP COLUMN `y`;
