-- cmigrate: upgrade
-- cmigrate: assert column attributes.a becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `attributes` AS t WHERE `t`.`a` IS NULL LIMIT 1;

-- cmigrate: assert check CONSTRAINT_1 does not hold for all rows of checks
SELECT `t`.`id` FROM `checks` AS t WHERE NOT (`a` <> 50) LIMIT 1;

-- cmigrate: assert check c1 does not hold for all rows of checks
SELECT `t`.`id` FROM `checks` AS t WHERE NOT (`a` > -5) LIMIT 1;

-- cmigrate: assert check c3 does not hold for all rows of checks
SELECT `t`.`id` FROM `checks` AS t WHERE NOT (`a` < 100) LIMIT 1;

-- cmigrate: assert counts.id becomes AUTO_INCREMENT: rows with 0 would get a new number
SELECT `t`.`id` FROM `counts` AS t WHERE `t`.`id` = 0 LIMIT 1;

-- cmigrate: assert i of index_forms is unique, but several rows have the same
SELECT MIN(`t`.`id`) FROM `index_forms` AS t WHERE `t`.`a` IS NOT NULL GROUP BY `t`.`a` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert z of index_to_unique is unique, but several rows have the same
SELECT MIN(`t`.`id`) FROM `index_to_unique` AS t WHERE `t`.`b` IS NOT NULL AND `t`.`a` IS NOT NULL GROUP BY `t`.`b` , `t`.`a` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert the primary key of key_added is unique, but several rows have the same
SELECT 'more than one row' FROM `key_added` AS t GROUP BY `t`.`a` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert the primary key of key_wider is unique, but several rows have the same
SELECT 'more than one row' FROM `key_wider` AS t GROUP BY `t`.`a` , `t`.`b` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert column nulls.a becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `nulls` AS t WHERE `t`.`a` IS NULL LIMIT 1;

-- cmigrate: assert column types.c has values that varchar(255) cannot hold as they are
SELECT `t`.`id` FROM `types` AS t WHERE CHAR_LENGTH(`t`.`c`) > 255 LIMIT 1;
DROP TRIGGER `r`;
DROP EVENT `e`;
ALTER TABLE `both_types`
  DROP FOREIGN KEY `fk_both`;
ALTER TABLE `fk_name`
  DROP FOREIGN KEY `old_name`;
ALTER TABLE `fks`
  DROP FOREIGN KEY `f1`;
ALTER TABLE `fks`
  DROP FOREIGN KEY `f2`;
ALTER TABLE `fks`
  DROP FOREIGN KEY `f3`;
ALTER TABLE `index_of_key`
  DROP FOREIGN KEY `fk_index`;
ALTER TABLE `keeps`
  DROP FOREIGN KEY `fk_keeps`;
CREATE TABLE `fresh_other` (
  `id` int NOT NULL,
  `fresh_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_fresh` (`fresh_id`)
);
CREATE TABLE `fresh` (
  `id` int NOT NULL,
  `other_id` int,
  PRIMARY KEY (`id`),
  KEY `other_id` (`other_id`),
  CONSTRAINT `fk_other` FOREIGN KEY (`other_id`) REFERENCES `fresh_other` (`id`)
);

-- rewrites table attributes, while it is read and written
ALTER TABLE `attributes`
  MODIFY COLUMN `a` varchar(20) COLLATE latin1_bin NOT NULL INVISIBLE DEFAULT 'q' COMMENT 'kept';

-- copies table both_types: it can be read, but not written, meanwhile
ALTER TABLE `both_types`
  MODIFY COLUMN `p_id` bigint;
ALTER TABLE `case_only`
  RENAME INDEX `SomeName` TO `somename`;

-- copies table checks: it can be read, but not written, meanwhile
ALTER TABLE `checks`
  DROP CONSTRAINT `c2`,
  DROP CONSTRAINT `c1`,
  ADD CONSTRAINT `CONSTRAINT_1` CHECK (`a` <> 50),
  ADD CONSTRAINT `c1` CHECK (`a` > -5),
  ADD CONSTRAINT `c3` CHECK (`a` < 100);
ALTER TABLE `comments`
  MODIFY COLUMN `a` int COMMENT 'new',
  MODIFY COLUMN `b` int,
  MODIFY COLUMN `c` int COMMENT 'added',
  COMMENT = 'new';

-- copies table counts: it can be read, but not written, meanwhile
ALTER TABLE `counts`
  MODIFY COLUMN `id` int NOT NULL AUTO_INCREMENT;

-- may lose data: column id: numbers of deleted rows may be given again
ALTER TABLE `counts_not`
  MODIFY COLUMN `id` int NOT NULL;

-- copies table engine: it can be read, but not written, meanwhile
ALTER TABLE `engine`
  MODIFY COLUMN `a` varchar(20),
  ENGINE = InnoDB,
  COLLATE = utf8mb4_general_ci;

-- copies table fk_name: it can be read, but not written, meanwhile
ALTER TABLE `fk_name`
  MODIFY COLUMN `a` bigint,
  RENAME INDEX `old_name` TO `new_name`;

-- copies table fks: it can be read, but not written, meanwhile
ALTER TABLE `fks`
  DROP INDEX `f3`,
  MODIFY COLUMN `a` bigint,
  MODIFY COLUMN `b` bigint;

-- may lose data: column b of table generated_ones is computed differently; may lose data: column d: int to int, generated
-- copies table generated_ones: it can be read, but not written, meanwhile
ALTER TABLE `generated_ones`
  MODIFY COLUMN `b` int GENERATED ALWAYS AS (`a` + 5) STORED,
  MODIFY COLUMN `c` int,
  MODIFY COLUMN `d` int GENERATED ALWAYS AS (`a` + 6) STORED;

-- rewrites table index_forms, while it is read, but not written
ALTER TABLE `index_forms`
  DROP INDEX `i`,
  DROP INDEX `j`,
  DROP INDEX `k`,
  DROP INDEX `l`,
  DROP INDEX `m`,
  DROP INDEX `n`,
  DROP INDEX `gone`,
  ADD KEY `fresh` (`b`, `a`, `id`),
  ADD UNIQUE KEY `i` (`a`),
  ADD KEY `j` (`b`, `a`),
  ADD KEY `k` (`b` DESC),
  ADD KEY `l` (`a`(9)),
  ADD FULLTEXT KEY `m` (`t`),
  ADD KEY `n` (`b`) COMMENT 'y';

-- copies table index_of_key: it can be read, but not written, meanwhile
ALTER TABLE `index_of_key`
  DROP INDEX `old_index`,
  MODIFY COLUMN `p_id` bigint,
  ADD KEY `new_index` (`p_id`, `b`);
ALTER TABLE `index_to_unique`
  DROP INDEX `x`,
  DROP INDEX `y`,
  DROP INDEX `z`,
  ADD UNIQUE KEY `x` (`a`),
  ADD UNIQUE KEY `y` (`a`, `b`),
  ADD UNIQUE KEY `z` (`b`, `a`);

-- loses data: column gone_id of table keeps
ALTER TABLE `keeps`
  DROP INDEX `fk_keeps`,
  DROP COLUMN `gone_id`;

-- rewrites table key_added, while it is read and written
ALTER TABLE `key_added`
  ADD PRIMARY KEY (`a`);

-- copies table key_dropped: it can be read, but not written, meanwhile
ALTER TABLE `key_dropped`
  DROP PRIMARY KEY;

-- rewrites table key_wider, while it is read and written
ALTER TABLE `key_wider`
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (`a`, `b`);

-- rewrites table nulls, while it is read and written
ALTER TABLE `nulls`
  MODIFY COLUMN `a` int NOT NULL,
  MODIFY COLUMN `b` int DEFAULT 4;
ALTER TABLE `on_update`
  MODIFY COLUMN `a` timestamp NULL ON UPDATE CURRENT_TIMESTAMP,
  MODIFY COLUMN `b` timestamp NULL;

-- copies table p: it can be read, but not written, meanwhile
ALTER TABLE `p`
  MODIFY COLUMN `id` bigint NOT NULL;

-- copies table types: it can be read, but not written, meanwhile
ALTER TABLE `types`
  MODIFY COLUMN `a` varchar(12),
  MODIFY COLUMN `b` char(2),
  MODIFY COLUMN `c` varchar(255),
  MODIFY COLUMN `d` decimal(8,0),
  MODIFY COLUMN `e` int,
  MODIFY COLUMN `f` decimal(8,2),
  MODIFY COLUMN `g` decimal(12,4),
  MODIFY COLUMN `h` int unsigned,
  MODIFY COLUMN `i` datetime(6),
  MODIFY COLUMN `j` enum('b','a','c','d'),
  MODIFY COLUMN `k` set('x','y','z'),
  MODIFY COLUMN `l` varchar(10) COLLATE latin1_swedish_ci,
  MODIFY COLUMN `m` text,
  MODIFY COLUMN `n` double,
  MODIFY COLUMN `o` int,
  MODIFY COLUMN `p` datetime;

-- copies table both_types: it can be read, but not written, meanwhile
ALTER TABLE `both_types`
  ADD CONSTRAINT `fk_both` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`);

-- copies table fk_name: it can be read, but not written, meanwhile
ALTER TABLE `fk_name`
  ADD CONSTRAINT `new_name` FOREIGN KEY (`a`) REFERENCES `p` (`id`);

-- copies table fks: it can be read, but not written, meanwhile
ALTER TABLE `fks`
  DROP INDEX `a`,
  ADD KEY `a` (`a`),
  ADD CONSTRAINT `f1` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE SET NULL ON UPDATE CASCADE;

-- copies table fks: it can be read, but not written, meanwhile
ALTER TABLE `fks`
  ADD CONSTRAINT `f2` FOREIGN KEY (`b`) REFERENCES `p` (`id`);
ALTER TABLE `fresh_other`
  ADD CONSTRAINT `fk_fresh` FOREIGN KEY (`fresh_id`) REFERENCES `fresh` (`id`);

-- copies table index_of_key: it can be read, but not written, meanwhile
ALTER TABLE `index_of_key`
  ADD CONSTRAINT `fk_index` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`);
CREATE TRIGGER r BEFORE INSERT ON nulls FOR EACH ROW SET NEW.a = 2;
SET @cmigrate_time_zone = @@SESSION.time_zone;
SET SESSION time_zone = 'SYSTEM';
CREATE EVENT `e` ON SCHEDULE EVERY 2 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE DO DELETE FROM nulls WHERE id < 0;
SET SESSION time_zone = @cmigrate_time_zone;
CREATE OR REPLACE VIEW `v` AS
select `nulls`.`id` AS `id`,`nulls`.`a` AS `a`,`nulls`.`b` AS `b` from `nulls`;

-- loses data: the rows of table gone_child
DROP TABLE `gone_child`;

-- loses data: the rows of table gone
DROP TABLE `gone`;
DROP FUNCTION `f`;
CREATE FUNCTION `f`(x int) RETURNS int(11)
    DETERMINISTIC
RETURN x + 2;
DROP PROCEDURE `q`;
CREATE PROCEDURE `q`()
SELECT 2;

-- cmigrate: downgrade
-- cmigrate: assert check c1 does not hold for all rows of checks
SELECT `t`.`id` FROM `checks` AS t WHERE NOT (`a` > 0) LIMIT 1;

-- cmigrate: assert check c2 does not hold for all rows of checks
SELECT `t`.`id` FROM `checks` AS t WHERE NOT (`a` > 1) LIMIT 1;

-- cmigrate: assert counts_not.id becomes AUTO_INCREMENT: rows with 0 would get a new number
SELECT `t`.`id` FROM `counts_not` AS t WHERE `t`.`id` = 0 LIMIT 1;

-- cmigrate: assert fks refers to p, but has rows that refer to none
SELECT `t`.`id` FROM `fks` AS t WHERE `t`.`c` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `p` AS p WHERE `p`.`code` = `t`.`c`) LIMIT 1;

-- cmigrate: assert the primary key of key_dropped is unique, but several rows have the same
SELECT 'more than one row' FROM `key_dropped` AS t GROUP BY `t`.`a` , `t`.`b` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert the primary key of key_wider is unique, but several rows have the same
SELECT 'more than one row' FROM `key_wider` AS t GROUP BY `t`.`a` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert column nulls.b becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `nulls` AS t WHERE `t`.`b` IS NULL LIMIT 1;

-- cmigrate: assert column types.a has values that varchar(6) cannot hold as they are
SELECT `t`.`id` FROM `types` AS t WHERE CHAR_LENGTH(`t`.`a`) > 6 LIMIT 1;

-- cmigrate: assert column types.f has values that decimal(8,0) cannot hold as they are
SELECT `t`.`id` FROM `types` AS t WHERE `t`.`f` <> TRUNCATE(`t`.`f`, 0) LIMIT 1;

-- cmigrate: assert column types.g has values that decimal(10,2) cannot hold as they are
SELECT `t`.`id` FROM `types` AS t WHERE `t`.`g` <> TRUNCATE(`t`.`g`, 2) LIMIT 1;

-- cmigrate: assert column types.i has values that datetime cannot hold as they are
SELECT `t`.`id` FROM `types` AS t WHERE `t`.`i` <> CAST(`t`.`i` AS DATETIME(0)) LIMIT 1;

-- cmigrate: assert column types.j has values that enum('a','b','c') cannot hold as they are
SELECT `t`.`id` FROM `types` AS t WHERE CAST(CONVERT(`t`.`j` USING utf8mb4) AS BINARY) IN ('d') LIMIT 1;

-- cmigrate: assert column types.m has values that varchar(200) cannot hold as they are
SELECT `t`.`id` FROM `types` AS t WHERE CHAR_LENGTH(`t`.`m`) > 200 LIMIT 1;

-- cmigrate: assert column types.p has values that date cannot hold as they are
SELECT `t`.`id` FROM `types` AS t WHERE `t`.`p` <> CAST(`t`.`p` AS DATE) LIMIT 1;
DROP TRIGGER `r`;
DROP EVENT `e`;
ALTER TABLE `both_types`
  DROP FOREIGN KEY `fk_both`;
ALTER TABLE `fk_name`
  DROP FOREIGN KEY `new_name`;
ALTER TABLE `fks`
  DROP FOREIGN KEY `f1`;
ALTER TABLE `fks`
  DROP FOREIGN KEY `f2`;
ALTER TABLE `index_of_key`
  DROP FOREIGN KEY `fk_index`;
CREATE TABLE `gone` (
  `id` int NOT NULL,
  `a` int,
  PRIMARY KEY (`id`),
  KEY `a` (`a`)
);
CREATE TABLE `gone_child` (
  `id` int NOT NULL,
  `gone_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_gone` (`gone_id`),
  CONSTRAINT `fk_gone` FOREIGN KEY (`gone_id`) REFERENCES `gone` (`id`)
);

-- rewrites table attributes, while it is read and written
ALTER TABLE `attributes`
  MODIFY COLUMN `a` varchar(20) COLLATE latin1_bin INVISIBLE DEFAULT 'q' COMMENT 'kept';

-- copies table both_types: it can be read, but not written, meanwhile
ALTER TABLE `both_types`
  MODIFY COLUMN `p_id` int;
ALTER TABLE `case_only`
  RENAME INDEX `somename` TO `SomeName`;

-- copies table checks: it can be read, but not written, meanwhile
ALTER TABLE `checks`
  DROP CONSTRAINT `CONSTRAINT_1`,
  DROP CONSTRAINT `c3`,
  DROP CONSTRAINT `c1`,
  ADD CONSTRAINT `c1` CHECK (`a` > 0),
  ADD CONSTRAINT `c2` CHECK (`a` > 1);
ALTER TABLE `comments`
  MODIFY COLUMN `a` int COMMENT 'old',
  MODIFY COLUMN `b` int COMMENT 'gone',
  MODIFY COLUMN `c` int,
  COMMENT = 'old';

-- may lose data: column id: numbers of deleted rows may be given again
ALTER TABLE `counts`
  MODIFY COLUMN `id` int NOT NULL;

-- copies table counts_not: it can be read, but not written, meanwhile
ALTER TABLE `counts_not`
  MODIFY COLUMN `id` int NOT NULL AUTO_INCREMENT;

-- copies table engine: it can be read, but not written, meanwhile
ALTER TABLE `engine`
  MODIFY COLUMN `a` varchar(20),
  ENGINE = MyISAM,
  COLLATE = latin1_swedish_ci;

-- copies table fk_name: it can be read, but not written, meanwhile
ALTER TABLE `fk_name`
  MODIFY COLUMN `a` int,
  RENAME INDEX `new_name` TO `old_name`;

-- copies table fks: it can be read, but not written, meanwhile
ALTER TABLE `fks`
  MODIFY COLUMN `a` int,
  MODIFY COLUMN `b` int,
  ADD KEY `f3` (`c`);

-- may lose data: column b of table generated_ones is computed differently; may lose data: column c: int to int, generated
-- copies table generated_ones: it can be read, but not written, meanwhile
ALTER TABLE `generated_ones`
  MODIFY COLUMN `b` int GENERATED ALWAYS AS (`a` + 1) STORED,
  MODIFY COLUMN `c` int GENERATED ALWAYS AS (`a` + 2) STORED,
  MODIFY COLUMN `d` int;
ALTER TABLE `index_forms`
  DROP INDEX `i`,
  DROP INDEX `j`,
  DROP INDEX `k`,
  DROP INDEX `l`,
  DROP INDEX `m`,
  DROP INDEX `n`,
  DROP INDEX `fresh`,
  ADD KEY `gone` (`b`, `a`),
  ADD KEY `i` (`a`),
  ADD KEY `j` (`a`, `b`),
  ADD KEY `k` (`b`),
  ADD KEY `l` (`a`(5)),
  ADD KEY `m` (`t`(10)),
  ADD KEY `n` (`b`) COMMENT 'x';

-- copies table index_of_key: it can be read, but not written, meanwhile
ALTER TABLE `index_of_key`
  DROP INDEX `new_index`,
  MODIFY COLUMN `p_id` int,
  ADD KEY `old_index` (`p_id`);
ALTER TABLE `index_to_unique`
  DROP INDEX `x`,
  DROP INDEX `y`,
  DROP INDEX `z`,
  ADD KEY `x` (`a`),
  ADD UNIQUE KEY `y` (`a`),
  ADD UNIQUE KEY `z` (`a`, `b`);

-- rewrites table keeps, while it is read and written
ALTER TABLE `keeps`
  ADD COLUMN `gone_id` int,
  ADD KEY `fk_keeps` (`gone_id`);

-- copies table key_added: it can be read, but not written, meanwhile
ALTER TABLE `key_added`
  DROP PRIMARY KEY;

-- rewrites table key_dropped, while it is read and written
ALTER TABLE `key_dropped`
  ADD PRIMARY KEY (`a`, `b`);

-- rewrites table key_wider, while it is read and written
ALTER TABLE `key_wider`
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (`a`);

-- rewrites table nulls, while it is read and written
ALTER TABLE `nulls`
  MODIFY COLUMN `a` int,
  MODIFY COLUMN `b` int NOT NULL DEFAULT 4;
ALTER TABLE `on_update`
  MODIFY COLUMN `a` timestamp NULL,
  MODIFY COLUMN `b` timestamp NULL ON UPDATE CURRENT_TIMESTAMP;

-- copies table p: it can be read, but not written, meanwhile
ALTER TABLE `p`
  MODIFY COLUMN `id` int NOT NULL;

-- drops values of column j: 'd'; drops values of column k: 'z'; may lose data: column k: set('x','y','z') to set('x','y'); column n: double to float
-- copies table types: it can be read, but not written, meanwhile
ALTER TABLE `types`
  MODIFY COLUMN `a` varchar(6),
  MODIFY COLUMN `b` char(1),
  MODIFY COLUMN `c` text,
  MODIFY COLUMN `d` int,
  MODIFY COLUMN `e` bigint,
  MODIFY COLUMN `f` decimal(8,0),
  MODIFY COLUMN `g` decimal(10,2),
  MODIFY COLUMN `h` int,
  MODIFY COLUMN `i` datetime,
  MODIFY COLUMN `j` enum('a','b','c'),
  MODIFY COLUMN `k` set('x','y'),
  MODIFY COLUMN `l` varchar(10),
  MODIFY COLUMN `m` varchar(200),
  MODIFY COLUMN `n` float,
  MODIFY COLUMN `o` tinyint(1),
  MODIFY COLUMN `p` date;

-- copies table both_types: it can be read, but not written, meanwhile
ALTER TABLE `both_types`
  ADD CONSTRAINT `fk_both` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`);

-- copies table fk_name: it can be read, but not written, meanwhile
ALTER TABLE `fk_name`
  ADD CONSTRAINT `old_name` FOREIGN KEY (`a`) REFERENCES `p` (`id`);

-- copies table fks: it can be read, but not written, meanwhile
ALTER TABLE `fks`
  DROP INDEX `a`,
  ADD KEY `a` (`a`),
  ADD CONSTRAINT `f1` FOREIGN KEY (`a`) REFERENCES `p` (`id`);

-- copies table fks: it can be read, but not written, meanwhile
ALTER TABLE `fks`
  ADD CONSTRAINT `f2` FOREIGN KEY (`b`) REFERENCES `p` (`id`) ON DELETE CASCADE;

-- copies table fks: it can be read, but not written, meanwhile
ALTER TABLE `fks`
  ADD CONSTRAINT `f3` FOREIGN KEY (`c`) REFERENCES `p` (`code`);

-- copies table index_of_key: it can be read, but not written, meanwhile
ALTER TABLE `index_of_key`
  ADD CONSTRAINT `fk_index` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`);

-- copies table keeps: it can be read, but not written, meanwhile
ALTER TABLE `keeps`
  ADD CONSTRAINT `fk_keeps` FOREIGN KEY (`gone_id`) REFERENCES `gone` (`id`);
CREATE TRIGGER r BEFORE INSERT ON nulls FOR EACH ROW SET NEW.a = 1;
SET @cmigrate_time_zone = @@SESSION.time_zone;
SET SESSION time_zone = 'SYSTEM';
CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE DO DELETE FROM nulls WHERE id < 0;
SET SESSION time_zone = @cmigrate_time_zone;
CREATE OR REPLACE VIEW `v` AS
select `nulls`.`id` AS `id`,`nulls`.`a` AS `a` from `nulls`;
DROP FUNCTION `f`;
CREATE FUNCTION `f`(x int) RETURNS int(11)
    DETERMINISTIC
RETURN x + 1;
DROP PROCEDURE `q`;
CREATE PROCEDURE `q`()
SELECT 1;
ALTER TABLE `fresh`
  DROP FOREIGN KEY `fk_other`;
ALTER TABLE `fresh_other`
  DROP FOREIGN KEY `fk_fresh`;

-- loses data: the rows of table fresh
DROP TABLE `fresh`;

-- loses data: the rows of table fresh_other
DROP TABLE `fresh_other`;
