-- cmigrate: upgrade
-- cmigrate: assert check c does not hold for all rows of b
SELECT 'the table has no primary key' FROM `b` AS t WHERE NOT ((`x` > 2)) LIMIT 1;

-- cmigrate: assert check r does not hold for all rows of left_one
SELECT 'the table has no primary key' FROM `left_one` AS t WHERE NOT ((`x` > 2)) LIMIT 1;

-- cmigrate: assert check l does not hold for all rows of right_one
SELECT 'the table has no primary key' FROM `right_one` AS t WHERE NOT ((`x` > 1)) LIMIT 1;
ALTER TABLE `a`
  DROP CHECK `c`;
ALTER TABLE `left_one`
  DROP CHECK `l`;
ALTER TABLE `right_one`
  DROP CHECK `r`;

-- copies table b: it can be read, but not written, meanwhile
ALTER TABLE `b`
  ADD CONSTRAINT `c` CHECK ((`x` > 2));

-- copies table left_one: it can be read, but not written, meanwhile
ALTER TABLE `left_one`
  ADD CONSTRAINT `r` CHECK ((`x` > 2));

-- copies table right_one: it can be read, but not written, meanwhile
ALTER TABLE `right_one`
  ADD CONSTRAINT `l` CHECK ((`x` > 1));

-- loses data: the rows of table gone
DROP TABLE `gone`;
CREATE TABLE `arrives` (
  `x` int,
  CONSTRAINT `g` CHECK ((`x` > 5))
);

-- cmigrate: downgrade
-- cmigrate: assert check c does not hold for all rows of a
SELECT 'the table has no primary key' FROM `a` AS t WHERE NOT ((`x` > 0)) LIMIT 1;

-- cmigrate: assert check l does not hold for all rows of left_one
SELECT 'the table has no primary key' FROM `left_one` AS t WHERE NOT ((`x` > 1)) LIMIT 1;

-- cmigrate: assert check r does not hold for all rows of right_one
SELECT 'the table has no primary key' FROM `right_one` AS t WHERE NOT ((`x` > 2)) LIMIT 1;
ALTER TABLE `b`
  DROP CHECK `c`;
ALTER TABLE `left_one`
  DROP CHECK `r`;
ALTER TABLE `right_one`
  DROP CHECK `l`;

-- copies table a: it can be read, but not written, meanwhile
ALTER TABLE `a`
  ADD CONSTRAINT `c` CHECK ((`x` > 0));

-- copies table left_one: it can be read, but not written, meanwhile
ALTER TABLE `left_one`
  ADD CONSTRAINT `l` CHECK ((`x` > 1));

-- copies table right_one: it can be read, but not written, meanwhile
ALTER TABLE `right_one`
  ADD CONSTRAINT `r` CHECK ((`x` > 2));

-- loses data: the rows of table arrives
DROP TABLE `arrives`;
CREATE TABLE `gone` (
  `x` int,
  CONSTRAINT `g` CHECK ((`x` > 0))
);
