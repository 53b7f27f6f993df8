-- cmigrate: upgrade
-- rewrites table t, while it is read and written
ALTER TABLE `t`
  MODIFY COLUMN `e` date FIRST,
  ADD COLUMN `n` int AFTER `a`,
  MODIFY COLUMN `b` varchar(10) NOT NULL DEFAULT 'x' COMMENT 'kept' AFTER `d`;

-- cmigrate: downgrade
-- loses data: column n of table t; rewrites table t, while it is read and written
ALTER TABLE `t`
  DROP COLUMN `n`,
  MODIFY COLUMN `b` varchar(10) NOT NULL DEFAULT 'x' COMMENT 'kept' AFTER `a`,
  MODIFY COLUMN `e` date AFTER `d`;
