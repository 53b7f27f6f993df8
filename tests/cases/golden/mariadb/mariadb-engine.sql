-- cmigrate: upgrade
-- rewrites table n, while it is read and written
ALTER TABLE `n`
  MODIFY COLUMN `id` int AUTO_INCREMENT NULL;

-- may lose data: column id: numbers of deleted rows may be given again
-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `id` int,
  MODIFY COLUMN `y` year,
  MODIFY COLUMN `z` year(2),
  ENGINE = InnoDB,
  TRANSACTIONAL = DEFAULT;
ALTER TABLE `t` PAGE_CHECKSUM = DEFAULT;

-- cmigrate: downgrade
-- cmigrate: assert column n.id becomes NOT NULL, but has rows with NULL
SELECT 'the table has no primary key' FROM `n` AS t WHERE `t`.`id` IS NULL LIMIT 1;

-- cmigrate: assert t.id becomes AUTO_INCREMENT: rows with 0 would get a new number
SELECT 'the table has no primary key' FROM `t` AS t WHERE `t`.`id` = 0 LIMIT 1;

-- rewrites table n, while it is read and written
ALTER TABLE `n`
  MODIFY COLUMN `id` int NOT NULL AUTO_INCREMENT;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `id` int AUTO_INCREMENT NULL,
  MODIFY COLUMN `y` year(2),
  MODIFY COLUMN `z` year,
  ENGINE = Aria,
  PAGE_CHECKSUM = 1,
  TRANSACTIONAL = 1;
