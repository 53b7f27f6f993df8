-- cmigrate: upgrade
-- cmigrate: assert new column t.j is NOT NULL without a default, and there are rows
SELECT `t`.`id` FROM `t` AS t LIMIT 1;
ALTER TABLE `t`
  ADD COLUMN `j` json NOT NULL;

-- cmigrate: downgrade
-- loses data: column j of table t
ALTER TABLE `t`
  DROP COLUMN `j`;
