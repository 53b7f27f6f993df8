-- cmigrate: upgrade
ALTER TABLE `t`
  ADD COLUMN `b` int;

-- cmigrate: downgrade
-- loses data: column b of table t
ALTER TABLE `t`
  DROP COLUMN `b`;
