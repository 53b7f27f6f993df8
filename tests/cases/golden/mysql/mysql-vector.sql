-- cmigrate: upgrade
-- cmigrate: assert column t.v becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `t` AS t WHERE `t`.`v` IS NULL LIMIT 1;

-- loses data: column x of table t; rewrites table t, while it is read and written
ALTER TABLE `t`
  DROP COLUMN `x`,
  MODIFY COLUMN `v` vector(3) NOT NULL,
  MODIFY COLUMN `w` vector(2048) COMMENT 'new',
  ADD COLUMN `y` vector(16383) AFTER `w`,
  ADD COLUMN `z` vector(4);

-- cmigrate: downgrade
-- cmigrate: assert column t.w becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `t` AS t WHERE `t`.`w` IS NULL LIMIT 1;

-- loses data: columns y, z of table t; rewrites table t, while it is read and written
ALTER TABLE `t`
  DROP COLUMN `y`,
  DROP COLUMN `z`,
  MODIFY COLUMN `v` vector(3),
  MODIFY COLUMN `w` vector(2048) NOT NULL COMMENT 'old',
  ADD COLUMN `x` vector(2);
