-- cmigrate: upgrade
-- cmigrate: assert column replaced.a becomes NOT NULL, but has rows with NULL
SELECT `t`.`my_row_id` FROM `replaced` AS t WHERE `t`.`a` IS NULL LIMIT 1;

-- cmigrate: assert the primary key of replaced is unique, but several rows have the same
SELECT MIN(`t`.`my_row_id`) FROM `replaced` AS t WHERE `t`.`a` IS NOT NULL GROUP BY `t`.`a` HAVING COUNT(*) > 1 LIMIT 1;

-- rewrites table given, while it is read, but not written
ALTER TABLE `given`
  ADD COLUMN `my_row_id` bigint unsigned NOT NULL INVISIBLE AUTO_INCREMENT FIRST,
  ADD PRIMARY KEY (`my_row_id`);

-- loses data: column my_row_id of table replaced; rewrites table replaced, while it is read and written
ALTER TABLE `replaced`
  DROP PRIMARY KEY,
  DROP COLUMN `my_row_id`,
  MODIFY COLUMN `a` int NOT NULL,
  ADD PRIMARY KEY (`a`);
ALTER TABLE `stays`
  ADD COLUMN `b` int;

-- cmigrate: downgrade
-- loses data: column my_row_id of table given; copies table given: it can be read, but not written, meanwhile
ALTER TABLE `given`
  DROP PRIMARY KEY,
  DROP COLUMN `my_row_id`;

-- rewrites table replaced, while it is read, but not written
ALTER TABLE `replaced`
  DROP PRIMARY KEY,
  ADD COLUMN `my_row_id` bigint unsigned NOT NULL INVISIBLE AUTO_INCREMENT FIRST,
  MODIFY COLUMN `a` int,
  ADD PRIMARY KEY (`my_row_id`);

-- loses data: column b of table stays
ALTER TABLE `stays`
  DROP COLUMN `b`;
