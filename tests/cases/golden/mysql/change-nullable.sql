-- cmigrate: upgrade
-- cmigrate: assert column t.a becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `t` AS t WHERE `t`.`a` IS NULL LIMIT 1;

-- rewrites table t, while it is read and written
ALTER TABLE `t`
  MODIFY COLUMN `a` varchar(20) NOT NULL DEFAULT 'q',
  MODIFY COLUMN `b` int DEFAULT 1;

-- cmigrate: downgrade
-- cmigrate: assert column t.b becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `t` AS t WHERE `t`.`b` IS NULL LIMIT 1;

-- rewrites table t, while it is read and written
ALTER TABLE `t`
  MODIFY COLUMN `a` varchar(20) DEFAULT 'q',
  MODIFY COLUMN `b` int NOT NULL DEFAULT 1;
