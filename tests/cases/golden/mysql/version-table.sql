-- cmigrate: upgrade
ALTER TABLE `a`
  ADD COLUMN `n` int;

-- cmigrate: downgrade
-- loses data: column n of table a
ALTER TABLE `a`
  DROP COLUMN `n`;
