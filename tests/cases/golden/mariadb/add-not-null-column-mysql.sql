-- cmigrate: upgrade
-- rows of empty that are there get 0 in b: it is NOT NULL without a default
ALTER TABLE `empty`
  ADD COLUMN `b` int NOT NULL;

-- rows of t that are there get 0 in b: it is NOT NULL without a default
ALTER TABLE `t`
  ADD COLUMN `b` int NOT NULL;

-- cmigrate: downgrade
-- loses data: column b of table empty
ALTER TABLE `empty`
  DROP COLUMN `b`;

-- loses data: column b of table t
ALTER TABLE `t`
  DROP COLUMN `b`;
