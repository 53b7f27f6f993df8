-- cmigrate: upgrade
-- cmigrate: assert column a.value becomes NOT NULL, but has rows with NULL
SELECT `t`.`id` FROM `a` AS t WHERE `t`.`value` IS NULL LIMIT 1;

-- cmigrate: assert column a.value has values that varchar(10) cannot hold as they are
SELECT `t`.`id` FROM `a` AS t WHERE CHAR_LENGTH(`t`.`value`) > 10 LIMIT 1;

-- copies table a: it can be read, but not written, meanwhile
ALTER TABLE `a`
  MODIFY COLUMN `value` varchar(10) NOT NULL;

-- cmigrate: downgrade
-- rewrites table a, while it is read and written
ALTER TABLE `a`
  MODIFY COLUMN `value` varchar(30);
