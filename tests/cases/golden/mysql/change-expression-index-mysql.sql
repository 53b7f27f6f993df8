-- cmigrate: upgrade
-- cmigrate: assert column t.c becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `t` AS t WHERE `t`.`c` IS NULL LIMIT 1;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP INDEX `col`,
  DROP INDEX `num`,
  DROP INDEX `up`,
  DROP INDEX `gone`,
  MODIFY COLUMN `c` varchar(60) NOT NULL,
  ALTER INDEX `hidden` INVISIBLE,
  ADD KEY `col` (`c`, `b`),
  ADD UNIQUE KEY `fresh` ((concat(`a`,`b`))),
  ADD KEY `num` (((`b` + 3))),
  ADD KEY `tags` ((cast(json_extract(`j`,_utf8mb4'$.tags') as unsigned array))),
  ADD KEY `up` ((upper(`a`)));

-- cmigrate: downgrade
-- cmigrate: assert column t.c has values that varchar(10) cannot hold as they are
SELECT `t`.`id` FROM `t` AS t WHERE CHAR_LENGTH(`t`.`c`) > 10 LIMIT 1;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP INDEX `col`,
  DROP INDEX `num`,
  DROP INDEX `up`,
  DROP INDEX `fresh`,
  DROP INDEX `tags`,
  MODIFY COLUMN `c` varchar(10),
  ALTER INDEX `hidden` VISIBLE,
  ADD KEY `col` ((lower(`a`)), `b`),
  ADD KEY `gone` (((`b` * 2))),
  ADD KEY `num` (((`b` + 1))),
  ADD KEY `up` ((lower(`a`)));
