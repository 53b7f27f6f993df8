-- cmigrate: upgrade
ALTER TABLE `t` ADD COLUMN `cmigrate_v` int;
UPDATE `t` SET `cmigrate_v` = `v`;

-- may lose data: column p: int to int, generated
-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP INDEX `kv`,
  DROP INDEX `ks`,
  DROP COLUMN `v`,
  DROP COLUMN `s`,
  CHANGE COLUMN `cmigrate_v` `v` int AFTER `a`,
  ADD COLUMN `s` int GENERATED ALWAYS AS ((`a` + 2)) VIRTUAL AFTER `v`,
  MODIFY COLUMN `p` int GENERATED ALWAYS AS ((`a` * 10)) STORED,
  ADD KEY `kv` (`v`),
  ADD KEY `ks` (`s`);

-- cmigrate: downgrade
-- may lose data: column v: int to int, generated
-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP INDEX `kv`,
  DROP INDEX `ks`,
  DROP COLUMN `v`,
  DROP COLUMN `s`,
  ADD COLUMN `v` int GENERATED ALWAYS AS ((`a` + 1)) VIRTUAL AFTER `a`,
  ADD COLUMN `s` int GENERATED ALWAYS AS ((`a` + 2)) STORED AFTER `v`,
  MODIFY COLUMN `p` int,
  ADD KEY `kv` (`v`),
  ADD KEY `ks` (`s`);
