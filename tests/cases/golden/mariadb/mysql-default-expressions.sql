-- cmigrate: upgrade
ALTER TABLE `t`
  ADD COLUMN `a` varchar(9) DEFAULT 'abc' AFTER `l`,
  ADD COLUMN `b` text DEFAULT _utf8mb4'x' AFTER `a`,
  ADD COLUMN `c` blob DEFAULT X'00ff' AFTER `b`,
  ADD COLUMN `d` blob DEFAULT ('a\0b') AFTER `c`,
  ADD COLUMN `e` varbinary(4) DEFAULT 0x00 AFTER `d`,
  ADD COLUMN `f` text DEFAULT ('x');

-- cmigrate: downgrade
-- loses data: columns a, b, c, d, e, f of table t
ALTER TABLE `t`
  DROP COLUMN `a`,
  DROP COLUMN `b`,
  DROP COLUMN `c`,
  DROP COLUMN `d`,
  DROP COLUMN `e`,
  DROP COLUMN `f`;
