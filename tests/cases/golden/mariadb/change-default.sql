-- cmigrate: upgrade
ALTER TABLE `t`
  MODIFY COLUMN `a` varchar(20) DEFAULT 'b',
  MODIFY COLUMN `b` int DEFAULT 20,
  MODIFY COLUMN `c` int DEFAULT 0,
  MODIFY COLUMN `d` int;

-- cmigrate: downgrade
ALTER TABLE `t`
  MODIFY COLUMN `a` varchar(20) DEFAULT 'a',
  MODIFY COLUMN `b` int DEFAULT 15,
  MODIFY COLUMN `c` int,
  MODIFY COLUMN `d` int DEFAULT 3;
