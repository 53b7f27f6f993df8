-- cmigrate: upgrade
-- cmigrate: assert the primary key of gone is unique, but several rows have the same
SELECT 'more than one row' FROM `gone` AS t GROUP BY `t`.`id` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert the primary key of named is unique, but several rows have the same
SELECT 'more than one row' FROM `named` AS t GROUP BY `t`.`id` HAVING COUNT(*) > 1 LIMIT 1;
SET SESSION system_versioning_alter_history = KEEP;

-- table booked can be read, but not written, meanwhile
ALTER TABLE `booked`
  ADD PERIOD FOR `valid` (`s`, `e`),
  ADD UNIQUE KEY `once` (`id`, `valid` WITHOUT OVERLAPS);

-- the history of table engine is lost: it cannot be carried over
ALTER TABLE `engine` DROP SYSTEM VERSIONING;

-- copies table engine: it can be read, but not written, meanwhile
ALTER TABLE `engine`
  ENGINE = InnoDB;
ALTER TABLE `engine` PAGE_CHECKSUM = DEFAULT;

-- copies table engine: it can be read, but not written, meanwhile
ALTER TABLE `engine` ADD SYSTEM VERSIONING;

-- loses data: columns since, until of table gone; may lose data: table gone no longer keeps the history of its rows
-- copies table gone: it can be read, but not written, meanwhile
ALTER TABLE `gone`
  DROP PRIMARY KEY,
  DROP COLUMN `since`,
  DROP COLUMN `until`,
  DROP PERIOD FOR SYSTEM_TIME ,
  ADD PRIMARY KEY (`id`);

-- copies table gone: it can be read, but not written, meanwhile
ALTER TABLE `gone` DROP SYSTEM VERSIONING;

-- the history of table hidden is lost: it cannot be carried over
ALTER TABLE `hidden` DROP SYSTEM VERSIONING;

-- rewrites table hidden, while it is read and written
ALTER TABLE `hidden`
  DROP PRIMARY KEY,
  ADD COLUMN `since` timestamp(6) GENERATED ALWAYS AS ROW START AFTER `a`,
  ADD COLUMN `until` timestamp(6) GENERATED ALWAYS AS ROW END,
  ADD PERIOD FOR SYSTEM_TIME (`since`, `until`),
  ADD SYSTEM VERSIONING,
  ADD PRIMARY KEY (`id`, `until`);

-- loses data: columns since, until of table named; rewrites table named, while it is read and written
ALTER TABLE `named`
  DROP PRIMARY KEY,
  DROP COLUMN `since`,
  DROP COLUMN `until`,
  DROP PERIOD FOR SYSTEM_TIME ,
  MODIFY COLUMN `a` int WITHOUT SYSTEM VERSIONING,
  ADD COLUMN `b` int,
  ADD PRIMARY KEY (`id`);

-- copies table none: it can be read, but not written, meanwhile
ALTER TABLE `none`
  DROP PRIMARY KEY,
  ADD COLUMN `since` timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE AFTER `a`,
  ADD COLUMN `until` timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE,
  ADD PERIOD FOR SYSTEM_TIME (`since`, `until`),
  ADD SYSTEM VERSIONING,
  ADD PRIMARY KEY (`id`, `until`);

-- copies table part_comes: it can be read, but not written, meanwhile
ALTER TABLE `part_comes` ADD SYSTEM VERSIONING;

-- copies table part_comes: it can be read, but not written, meanwhile
ALTER TABLE `part_comes`
  MODIFY COLUMN `a` int WITHOUT SYSTEM VERSIONING,
  MODIFY COLUMN `b` bigint,
  ADD COLUMN `d` int WITHOUT SYSTEM VERSIONING;

-- the history of table part_kept is lost: it cannot be carried over
ALTER TABLE `part_kept` DROP SYSTEM VERSIONING;

-- copies table part_kept: it can be read, but not written, meanwhile
ALTER TABLE `part_kept`
  ENGINE = InnoDB;
ALTER TABLE `part_kept` PAGE_CHECKSUM = DEFAULT;

-- copies table part_kept: it can be read, but not written, meanwhile
ALTER TABLE `part_kept` ADD SYSTEM VERSIONING;
ALTER TABLE `part_kept` MODIFY COLUMN `b` int WITHOUT SYSTEM VERSIONING;

-- the history of table part_named is lost: it cannot be carried over
ALTER TABLE `part_named` DROP SYSTEM VERSIONING;

-- rewrites table part_named, while it is read and written
ALTER TABLE `part_named`
  DROP PRIMARY KEY,
  MODIFY COLUMN `b` int,
  ADD COLUMN `c` text AFTER `b`,
  ADD COLUMN `since` timestamp(6) GENERATED ALWAYS AS ROW START AFTER `c`,
  ADD COLUMN `until` timestamp(6) GENERATED ALWAYS AS ROW END,
  ADD PERIOD FOR SYSTEM_TIME (`since`, `until`),
  ADD SYSTEM VERSIONING,
  ADD PRIMARY KEY (`id`, `until`);
ALTER TABLE `part_named` MODIFY COLUMN `b` int WITHOUT SYSTEM VERSIONING , MODIFY COLUMN `c` text WITHOUT SYSTEM VERSIONING;

-- copies table parted: it can be read, but not written, meanwhile
ALTER TABLE `parted` REMOVE PARTITIONING;

-- may lose data: table parted no longer keeps the history of its rows
-- copies table parted: it can be read, but not written, meanwhile
ALTER TABLE `parted`
PARTITION BY HASH (`id`)
PARTITIONS 2;

-- copies table parted: it can be read, but not written, meanwhile
ALTER TABLE `parted` DROP SYSTEM VERSIONING;

-- cmigrate: downgrade
-- cmigrate: assert the primary key of hidden is unique, but several rows have the same
SELECT 'more than one row' FROM `hidden` AS t GROUP BY `t`.`id` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert the primary key of none is unique, but several rows have the same
SELECT 'more than one row' FROM `none` AS t GROUP BY `t`.`id` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert the primary key of part_named is unique, but several rows have the same
SELECT 'more than one row' FROM `part_named` AS t GROUP BY `t`.`id` HAVING COUNT(*) > 1 LIMIT 1;
SET SESSION system_versioning_alter_history = KEEP;
ALTER TABLE `booked`
  DROP INDEX `once`,
  DROP PERIOD FOR `valid` ;

-- the history of table engine is lost: it cannot be carried over
ALTER TABLE `engine` DROP SYSTEM VERSIONING;

-- copies table engine: it can be read, but not written, meanwhile
ALTER TABLE `engine`
  ENGINE = Aria,
  PAGE_CHECKSUM = 1;

-- copies table engine: it can be read, but not written, meanwhile
ALTER TABLE `engine` ADD SYSTEM VERSIONING;

-- copies table gone: it can be read, but not written, meanwhile
ALTER TABLE `gone`
  DROP PRIMARY KEY,
  ADD COLUMN `since` timestamp(6) GENERATED ALWAYS AS ROW START AFTER `a`,
  ADD COLUMN `until` timestamp(6) GENERATED ALWAYS AS ROW END,
  ADD PERIOD FOR SYSTEM_TIME (`since`, `until`),
  ADD SYSTEM VERSIONING,
  ADD PRIMARY KEY (`id`, `until`);

-- loses data: columns since, until of table hidden; rewrites table hidden, while it is read and written
ALTER TABLE `hidden`
  DROP PRIMARY KEY,
  DROP COLUMN `since`,
  DROP COLUMN `until`,
  DROP PERIOD FOR SYSTEM_TIME ,
  ADD PRIMARY KEY (`id`);

-- loses data: column b of table named; the history of table named is lost: it cannot be carried over
ALTER TABLE `named` DROP SYSTEM VERSIONING;

-- rewrites table named, while it is read and written
ALTER TABLE `named`
  DROP PRIMARY KEY,
  DROP COLUMN `b`,
  MODIFY COLUMN `a` int,
  ADD COLUMN `since` timestamp(6) GENERATED ALWAYS AS ROW START AFTER `a`,
  ADD COLUMN `until` timestamp(6) GENERATED ALWAYS AS ROW END,
  ADD PERIOD FOR SYSTEM_TIME (`since`, `until`),
  ADD SYSTEM VERSIONING,
  ADD PRIMARY KEY (`id`, `until`);

-- loses data: columns since, until of table none; may lose data: table none no longer keeps the history of its rows
-- copies table none: it can be read, but not written, meanwhile
ALTER TABLE `none`
  DROP PRIMARY KEY,
  DROP COLUMN `since`,
  DROP COLUMN `until`,
  DROP PERIOD FOR SYSTEM_TIME ,
  ADD PRIMARY KEY (`id`);

-- copies table none: it can be read, but not written, meanwhile
ALTER TABLE `none` DROP SYSTEM VERSIONING;

-- loses data: column d of table part_comes; may lose data: table part_comes no longer keeps the history of its rows
-- copies table part_comes: it can be read, but not written, meanwhile
ALTER TABLE `part_comes`
  DROP COLUMN `d`,
  MODIFY COLUMN `a` int,
  MODIFY COLUMN `b` int;

-- copies table part_comes: it can be read, but not written, meanwhile
ALTER TABLE `part_comes` DROP SYSTEM VERSIONING;

-- the history of table part_kept is lost: it cannot be carried over
ALTER TABLE `part_kept` DROP SYSTEM VERSIONING;

-- copies table part_kept: it can be read, but not written, meanwhile
ALTER TABLE `part_kept`
  ENGINE = Aria,
  PAGE_CHECKSUM = 1;

-- copies table part_kept: it can be read, but not written, meanwhile
ALTER TABLE `part_kept` ADD SYSTEM VERSIONING;
ALTER TABLE `part_kept` MODIFY COLUMN `b` int WITHOUT SYSTEM VERSIONING;

-- loses data: columns c, since, until of table part_named; rewrites table part_named, while it is read and written
ALTER TABLE `part_named`
  DROP PRIMARY KEY,
  DROP COLUMN `c`,
  DROP COLUMN `since`,
  DROP COLUMN `until`,
  DROP PERIOD FOR SYSTEM_TIME ,
  MODIFY COLUMN `b` int,
  ADD PRIMARY KEY (`id`);

-- copies table parted: it can be read, but not written, meanwhile
ALTER TABLE `parted` ADD SYSTEM VERSIONING;

-- copies table parted: it can be read, but not written, meanwhile
ALTER TABLE `parted`
PARTITION BY SYSTEM_TIME 
(PARTITION `old` HISTORY ENGINE = InnoDB,
 PARTITION `now` CURRENT ENGINE = InnoDB);
