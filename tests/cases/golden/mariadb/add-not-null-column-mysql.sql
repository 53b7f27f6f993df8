-- cmigrate: upgrade
-- rows of empty that are there get 0 in b: it is NOT NULL without a default
ALTER TABLE `empty`
  ADD COLUMN `b` int NOT NULL;

-- rows of t that are there get 0 in b: it is NOT NULL without a default
-- rows of t that are there get the first value of the enum in e: it is NOT NULL without a default
ALTER TABLE `t`
  ADD COLUMN `b` int NOT NULL AFTER `a`,
  ADD COLUMN `e` enum('x','y') NOT NULL;

-- cmigrate: downgrade
-- loses data: column b of table empty
ALTER TABLE `empty`
  DROP COLUMN `b`;

-- loses data: columns b, e of table t
ALTER TABLE `t`
  DROP COLUMN `b`,
  DROP COLUMN `e`;
