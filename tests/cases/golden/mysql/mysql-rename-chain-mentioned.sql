-- cmigrate: upgrade
-- copies table a: it can be read, but not written, meanwhile
ALTER TABLE `a`
  DROP CHECK `ck_a_x`,
  CHANGE COLUMN `x` `y` int,
  CHANGE COLUMN `y` `w` varchar(20),
  MODIFY COLUMN `z` int GENERATED ALWAYS AS (y + 1) STORED,
  CHANGE COLUMN `w` `v` date,
  ADD CONSTRAINT `ck_a_x` CHECK (y > 0);

-- cmigrate: downgrade
-- copies table a: it can be read, but not written, meanwhile
ALTER TABLE `a`
  DROP CHECK `ck_a_x`,
  CHANGE COLUMN `y` `x` int,
  CHANGE COLUMN `w` `y` varchar(20),
  MODIFY COLUMN `z` int GENERATED ALWAYS AS ((`x` + 1)) STORED,
  CHANGE COLUMN `v` `w` date,
  ADD CONSTRAINT `ck_a_x` CHECK ((`x` > 0));
