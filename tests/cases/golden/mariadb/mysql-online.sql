-- cmigrate: upgrade
-- cmigrate: assert check positive_a does not hold for all rows of a_check_new
SELECT `t`.`id` FROM `a_check_new` AS t WHERE NOT (`a` > 0) LIMIT 1;

-- cmigrate: assert a_counts.id becomes AUTO_INCREMENT: rows with 0 would get a new number
SELECT `t`.`id` FROM `a_counts` AS t WHERE `t`.`id` = 0 LIMIT 1;

-- cmigrate: assert the primary key of a_key is unique, but several rows have the same
SELECT 'more than one row' FROM `a_key` AS t GROUP BY `t`.`id` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert the primary key of a_key_other is unique, but several rows have the same
SELECT 'more than one row' FROM `a_key_other` AS t GROUP BY `t`.`id` , `t`.`a` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert column a_not_null.a becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `a_not_null` AS t WHERE `t`.`a` IS NULL LIMIT 1;

-- cmigrate: assert a_reference refers to p, but has rows that refer to none
SELECT `t`.`id` FROM `a_reference` AS t WHERE `t`.`p` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `p` AS p WHERE `p`.`id` = `t`.`p`) LIMIT 1;

-- cmigrate: assert column a_shorter.a has values that varchar(10) cannot hold as they are
SELECT `t`.`id` FROM `a_shorter` AS t WHERE CHAR_LENGTH(`t`.`a`) > 10 LIMIT 1;

-- cmigrate: assert u of a_unique is unique, but several rows have the same
SELECT MIN(`t`.`id`) FROM `a_unique` AS t WHERE `t`.`a` IS NOT NULL GROUP BY `t`.`a` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert column b_spatial.a becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `b_spatial` AS t WHERE `t`.`a` IS NULL LIMIT 1;
ALTER TABLE `a_reference_gone`
  DROP FOREIGN KEY `fk_gone`,
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_add`
  ADD COLUMN `b` int NOT NULL DEFAULT 7,
  ALGORITHM = INSTANT;
ALTER TABLE `a_between`
  ADD COLUMN `b` varchar(10) AFTER `id`,
  ALGORITHM = INSTANT;

-- copies table a_charset: it can be read, but not written, meanwhile
ALTER TABLE `a_charset`
  MODIFY COLUMN `a` varchar(20),
  COLLATE = utf8mb4_general_ci;
ALTER TABLE `a_check_gone`
  DROP CONSTRAINT `positive`,
  ALGORITHM = INSTANT;

-- copies table a_check_new: it can be read, but not written, meanwhile
ALTER TABLE `a_check_new`
  ADD CONSTRAINT `positive_a` CHECK (`a` > 0);
ALTER TABLE `a_comment`
  MODIFY COLUMN `a` int COMMENT 'said',
  ALGORITHM = INSTANT;

-- copies table a_counts: it can be read, but not written, meanwhile
ALTER TABLE `a_counts`
  MODIFY COLUMN `id` int NOT NULL AUTO_INCREMENT;
ALTER TABLE `a_default`
  MODIFY COLUMN `a` int DEFAULT 2,
  ALGORITHM = INSTANT;

-- loses data: column a of table a_drop
ALTER TABLE `a_drop`
  DROP COLUMN `a`,
  ALGORITHM = INSTANT;

-- loses data: column a of table a_drop_keyed
ALTER TABLE `a_drop_keyed`
  DROP INDEX `k`,
  DROP COLUMN `a`,
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_enum`
  MODIFY COLUMN `a` enum('x','y','z'),
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table a_fulltext, while it is read, but not written
ALTER TABLE `a_fulltext`
  ADD FULLTEXT KEY `words` (`a`),
  ALGORITHM = INPLACE, LOCK = SHARED;
ALTER TABLE `a_hidden`
  MODIFY COLUMN `a` int INVISIBLE,
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_index`
  DROP INDEX `gone`,
  ADD KEY `new` (`b`, `a`),
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_index_name`
  RENAME INDEX `old` TO `new`,
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table a_key, while it is read and written
ALTER TABLE `a_key`
  ADD PRIMARY KEY (`id`),
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table a_key_other, while it is read and written
ALTER TABLE `a_key_other`
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (`id`, `a`),
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_longer`
  MODIFY COLUMN `a` varchar(40),
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table a_mixed, while it is read and written
ALTER TABLE `a_mixed`
  MODIFY COLUMN `a` int DEFAULT 5,
  MODIFY COLUMN `b` varchar(20),
  ADD COLUMN `c` int,
  ADD KEY `kb` (`b`),
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_moved`
  MODIFY COLUMN `a` int AFTER `b`,
  ALGORITHM = INSTANT;

-- rewrites table a_not_null, while it is read and written
ALTER TABLE `a_not_null`
  MODIFY COLUMN `a` int NOT NULL,
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table a_null, while it is read and written
ALTER TABLE `a_null`
  MODIFY COLUMN `a` int,
  ALGORITHM = INPLACE, LOCK = NONE;

-- copies table a_partitions: it can be read, but not written, meanwhile
ALTER TABLE `a_partitions`
PARTITION BY HASH (`id`)
PARTITIONS 2;
ALTER TABLE `a_reference`
  ADD KEY `p` (`p`),
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table a_row_format, while it is read and written
ALTER TABLE `a_row_format`
  ROW_FORMAT = DYNAMIC,
  ALGORITHM = INPLACE, LOCK = NONE;

-- copies table a_shorter: it can be read, but not written, meanwhile
ALTER TABLE `a_shorter`
  MODIFY COLUMN `a` varchar(10);

-- table a_spatial can be read, but not written, meanwhile
ALTER TABLE `a_spatial`
  ADD SPATIAL KEY `s` (`g`),
  ALGORITHM = INPLACE, LOCK = SHARED;

-- copies table a_stored: it can be read, but not written, meanwhile
ALTER TABLE `a_stored`
  ADD COLUMN `b` int GENERATED ALWAYS AS (`a` + 1) STORED;
ALTER TABLE `a_table_comment`
  COMMENT = 'said',
  ALGORITHM = INPLACE, LOCK = NONE;

-- copies table a_type: it can be read, but not written, meanwhile
ALTER TABLE `a_type`
  MODIFY COLUMN `a` bigint;
ALTER TABLE `a_unique`
  ADD UNIQUE KEY `u` (`a`),
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_virtual`
  ADD COLUMN `b` int GENERATED ALWAYS AS (`a` + 1) VIRTUAL,
  ALGORITHM = INSTANT;
ALTER TABLE `a_virtual_gone`
  DROP COLUMN `b`,
  ALGORITHM = INSTANT;
ALTER TABLE `a_wide`
  MODIFY COLUMN `a` varchar(300),
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table b_compressed, while it is read and written
ALTER TABLE `b_compressed`
  ADD COLUMN `b` int,
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table b_fulltext, while it is read, but not written
ALTER TABLE `b_fulltext`
  ADD COLUMN `b` int,
  ALGORITHM = INPLACE, LOCK = SHARED;

-- loses data: column b of table b_fulltext_drop; rewrites table b_fulltext_drop, while it is read, but not written
ALTER TABLE `b_fulltext_drop`
  DROP COLUMN `b`,
  ALGORITHM = INPLACE, LOCK = SHARED;

-- copies table b_fulltexts: it can be read, but not written, meanwhile
ALTER TABLE `b_fulltexts`
  ADD FULLTEXT KEY `fa` (`a`),
  ADD FULLTEXT KEY `fb` (`b`);

-- copies table b_memory: it can be read, but not written, meanwhile
ALTER TABLE `b_memory`
  ADD COLUMN `b` int,
  ADD KEY `kb` (`b`);

-- copies table b_myisam: it can be read, but not written, meanwhile
ALTER TABLE `b_myisam`
  ADD COLUMN `b` int;

-- rewrites table b_partitions, while it is read and written
ALTER TABLE `b_partitions`
  ADD COLUMN `b` int,
  ADD KEY `kb` (`b`),
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table b_spatial, while it is read, but not written
ALTER TABLE `b_spatial`
  MODIFY COLUMN `a` int NOT NULL,
  ADD COLUMN `b` int,
  ALGORITHM = INPLACE, LOCK = SHARED;

-- copies table b_virtual: it can be read, but not written, meanwhile
ALTER TABLE `b_virtual`
  ADD COLUMN `w` int GENERATED ALWAYS AS (`a` + 1) VIRTUAL AFTER `v`,
  ADD COLUMN `x` int;

-- copies table b_virtual_gone: it can be read, but not written, meanwhile
ALTER TABLE `b_virtual_gone`
  DROP COLUMN `v`,
  ADD COLUMN `b` int,
  ADD KEY `kb` (`b`);

-- copies table b_virtual_keyed: it can be read, but not written, meanwhile
ALTER TABLE `b_virtual_keyed`
  ADD COLUMN `w` int GENERATED ALWAYS AS (`a` + 1) VIRTUAL,
  ADD KEY `kw` (`w`);

-- copies table b_virtual_other: it can be read, but not written, meanwhile
ALTER TABLE `b_virtual_other`
  DROP INDEX `kv`,
  DROP COLUMN `v`,
  ADD COLUMN `v` int GENERATED ALWAYS AS (`a` + 2) VIRTUAL,
  ADD KEY `kv` (`v`);

-- copies table a_reference: it can be read, but not written, meanwhile
ALTER TABLE `a_reference`
  ADD CONSTRAINT `fk_new` FOREIGN KEY (`p`) REFERENCES `p` (`id`);

-- cmigrate: downgrade
-- cmigrate: assert check positive does not hold for all rows of a_check_gone
SELECT `t`.`id` FROM `a_check_gone` AS t WHERE NOT (`a` > 0) LIMIT 1;

-- cmigrate: assert column a_enum.a has values that enum('x','y') cannot hold as they are
SELECT `t`.`id` FROM `a_enum` AS t WHERE CAST(CONVERT(`t`.`a` USING utf8mb4) AS BINARY) IN ('z') LIMIT 1;

-- cmigrate: assert the primary key of a_key_other is unique, but several rows have the same
SELECT 'more than one row' FROM `a_key_other` AS t GROUP BY `t`.`id` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert column a_longer.a has values that varchar(20) cannot hold as they are
SELECT `t`.`id` FROM `a_longer` AS t WHERE CHAR_LENGTH(`t`.`a`) > 20 LIMIT 1;

-- cmigrate: assert column a_mixed.b has values that varchar(10) cannot hold as they are
SELECT `t`.`id` FROM `a_mixed` AS t WHERE CHAR_LENGTH(`t`.`b`) > 10 LIMIT 1;

-- cmigrate: assert column a_null.a becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `a_null` AS t WHERE `t`.`a` IS NULL LIMIT 1;

-- cmigrate: assert a_reference_gone refers to p, but has rows that refer to none
SELECT `t`.`id` FROM `a_reference_gone` AS t WHERE `t`.`p` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `p` AS p WHERE `p`.`id` = `t`.`p`) LIMIT 1;

-- cmigrate: assert column a_wide.a has values that varchar(200) cannot hold as they are
SELECT `t`.`id` FROM `a_wide` AS t WHERE CHAR_LENGTH(`t`.`a`) > 200 LIMIT 1;
ALTER TABLE `a_reference`
  DROP FOREIGN KEY `fk_new`,
  ALGORITHM = INPLACE, LOCK = NONE;

-- loses data: column b of table a_add
ALTER TABLE `a_add`
  DROP COLUMN `b`,
  ALGORITHM = INSTANT;

-- loses data: column b of table a_between
ALTER TABLE `a_between`
  DROP COLUMN `b`,
  ALGORITHM = INSTANT;

-- copies table a_charset: it can be read, but not written, meanwhile
ALTER TABLE `a_charset`
  MODIFY COLUMN `a` varchar(20),
  COLLATE = latin1_swedish_ci;

-- copies table a_check_gone: it can be read, but not written, meanwhile
ALTER TABLE `a_check_gone`
  ADD CONSTRAINT `positive` CHECK (`a` > 0);
ALTER TABLE `a_check_new`
  DROP CONSTRAINT `positive_a`,
  ALGORITHM = INSTANT;
ALTER TABLE `a_comment`
  MODIFY COLUMN `a` int,
  ALGORITHM = INSTANT;

-- may lose data: column id: numbers of deleted rows may be given again
ALTER TABLE `a_counts`
  MODIFY COLUMN `id` int NOT NULL,
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_default`
  MODIFY COLUMN `a` int DEFAULT 1,
  ALGORITHM = INSTANT;
ALTER TABLE `a_drop`
  ADD COLUMN `a` int AFTER `id`,
  ALGORITHM = INSTANT;

-- rewrites table a_drop_keyed, while it is read and written
ALTER TABLE `a_drop_keyed`
  ADD COLUMN `a` int AFTER `id`,
  ADD KEY `k` (`a`),
  ALGORITHM = INPLACE, LOCK = NONE;

-- drops values of column a: 'z'; copies table a_enum: it can be read, but not written, meanwhile
ALTER TABLE `a_enum`
  MODIFY COLUMN `a` enum('x','y');
ALTER TABLE `a_fulltext`
  DROP INDEX `words`,
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_hidden`
  MODIFY COLUMN `a` int,
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_index`
  DROP INDEX `new`,
  ADD KEY `gone` (`a`),
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_index_name`
  RENAME INDEX `new` TO `old`,
  ALGORITHM = INPLACE, LOCK = NONE;

-- copies table a_key: it can be read, but not written, meanwhile
ALTER TABLE `a_key`
  DROP PRIMARY KEY;

-- rewrites table a_key_other, while it is read and written
ALTER TABLE `a_key_other`
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (`id`),
  ALGORITHM = INPLACE, LOCK = NONE;

-- copies table a_longer: it can be read, but not written, meanwhile
ALTER TABLE `a_longer`
  MODIFY COLUMN `a` varchar(20);

-- loses data: column c of table a_mixed; copies table a_mixed: it can be read, but not written, meanwhile
ALTER TABLE `a_mixed`
  DROP INDEX `kb`,
  DROP COLUMN `c`,
  MODIFY COLUMN `a` int,
  MODIFY COLUMN `b` varchar(10);
ALTER TABLE `a_moved`
  MODIFY COLUMN `b` int AFTER `a`,
  ALGORITHM = INSTANT;

-- rewrites table a_not_null, while it is read and written
ALTER TABLE `a_not_null`
  MODIFY COLUMN `a` int,
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table a_null, while it is read and written
ALTER TABLE `a_null`
  MODIFY COLUMN `a` int NOT NULL,
  ALGORITHM = INPLACE, LOCK = NONE;

-- copies table a_partitions: it can be read, but not written, meanwhile
ALTER TABLE `a_partitions`
REMOVE PARTITIONING;
ALTER TABLE `a_reference`
  DROP INDEX `p`,
  ALGORITHM = INPLACE, LOCK = NONE;

-- rewrites table a_row_format, while it is read and written
ALTER TABLE `a_row_format`
  ROW_FORMAT = COMPACT,
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_shorter`
  MODIFY COLUMN `a` varchar(20),
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_spatial`
  DROP INDEX `s`,
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_stored`
  DROP COLUMN `b`,
  ALGORITHM = INSTANT;
ALTER TABLE `a_table_comment`
  COMMENT = '',
  ALGORITHM = INPLACE, LOCK = NONE;

-- copies table a_type: it can be read, but not written, meanwhile
ALTER TABLE `a_type`
  MODIFY COLUMN `a` int;
ALTER TABLE `a_unique`
  DROP INDEX `u`,
  ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `a_virtual`
  DROP COLUMN `b`,
  ALGORITHM = INSTANT;
ALTER TABLE `a_virtual_gone`
  ADD COLUMN `b` int GENERATED ALWAYS AS (`a` + 1) VIRTUAL,
  ALGORITHM = INSTANT;

-- copies table a_wide: it can be read, but not written, meanwhile
ALTER TABLE `a_wide`
  MODIFY COLUMN `a` varchar(200);

-- loses data: column b of table b_compressed; rewrites table b_compressed, while it is read and written
ALTER TABLE `b_compressed`
  DROP COLUMN `b`,
  ALGORITHM = INPLACE, LOCK = NONE;

-- loses data: column b of table b_fulltext; rewrites table b_fulltext, while it is read, but not written
ALTER TABLE `b_fulltext`
  DROP COLUMN `b`,
  ALGORITHM = INPLACE, LOCK = SHARED;

-- rewrites table b_fulltext_drop, while it is read, but not written
ALTER TABLE `b_fulltext_drop`
  ADD COLUMN `b` text,
  ALGORITHM = INPLACE, LOCK = SHARED;
ALTER TABLE `b_fulltexts`
  DROP INDEX `fa`,
  DROP INDEX `fb`,
  ALGORITHM = INPLACE, LOCK = NONE;

-- loses data: column b of table b_memory; copies table b_memory: it can be read, but not written, meanwhile
ALTER TABLE `b_memory`
  DROP INDEX `kb`,
  DROP COLUMN `b`;

-- loses data: column b of table b_myisam; copies table b_myisam: it can be read, but not written, meanwhile
ALTER TABLE `b_myisam`
  DROP COLUMN `b`;

-- loses data: column b of table b_partitions
ALTER TABLE `b_partitions`
  DROP INDEX `kb`,
  DROP COLUMN `b`,
  ALGORITHM = INPLACE, LOCK = NONE;

-- loses data: column b of table b_spatial; rewrites table b_spatial, while it is read, but not written
ALTER TABLE `b_spatial`
  DROP COLUMN `b`,
  MODIFY COLUMN `a` int,
  ALGORITHM = INPLACE, LOCK = SHARED;

-- loses data: column x of table b_virtual; copies table b_virtual: it can be read, but not written, meanwhile
ALTER TABLE `b_virtual`
  DROP COLUMN `w`,
  DROP COLUMN `x`;

-- loses data: column b of table b_virtual_gone; copies table b_virtual_gone: it can be read, but not written, meanwhile
ALTER TABLE `b_virtual_gone`
  DROP INDEX `kb`,
  DROP COLUMN `b`,
  ADD COLUMN `v` int GENERATED ALWAYS AS (`a`) VIRTUAL;

-- copies table b_virtual_keyed: it can be read, but not written, meanwhile
ALTER TABLE `b_virtual_keyed`
  DROP INDEX `kw`,
  DROP COLUMN `w`;

-- copies table b_virtual_other: it can be read, but not written, meanwhile
ALTER TABLE `b_virtual_other`
  DROP INDEX `kv`,
  DROP COLUMN `v`,
  ADD COLUMN `v` int GENERATED ALWAYS AS (`a` + 1) VIRTUAL,
  ADD KEY `kv` (`v`);

-- copies table a_reference_gone: it can be read, but not written, meanwhile
ALTER TABLE `a_reference_gone`
  DROP INDEX `p`,
  ADD KEY `p` (`p`),
  ADD CONSTRAINT `fk_gone` FOREIGN KEY (`p`) REFERENCES `p` (`id`);
