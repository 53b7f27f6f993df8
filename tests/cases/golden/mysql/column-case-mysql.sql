-- cmigrate: upgrade
ALTER TABLE `p` RENAME COLUMN `id` TO `ID`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP CHECK `ck`,
  CHANGE COLUMN `name` `Name` varchar(10),
  CHANGE COLUMN `pid` `Pid` int,
  MODIFY COLUMN `twice` int GENERATED ALWAYS AS ((`Pid` * 2)) STORED,
  ADD CONSTRAINT `ck` CHECK ((`Name` <> _utf8mb4'q'));

-- cmigrate: downgrade
ALTER TABLE `p` RENAME COLUMN `ID` TO `id`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP CHECK `ck`,
  CHANGE COLUMN `Name` `name` varchar(10),
  CHANGE COLUMN `Pid` `pid` int,
  MODIFY COLUMN `twice` int GENERATED ALWAYS AS ((`pid` * 2)) STORED,
  ADD CONSTRAINT `ck` CHECK ((`name` <> _utf8mb4'q'));
