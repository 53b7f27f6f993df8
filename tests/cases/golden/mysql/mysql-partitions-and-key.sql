-- cmigrate: upgrade
ALTER TABLE `r` DROP FOREIGN KEY `f`;

-- copies table r: it can be read, but not written, meanwhile
ALTER TABLE `r`
PARTITION BY HASH (`a`)
PARTITIONS 2;

-- cmigrate: downgrade
-- cmigrate: assert r refers to p, but has rows that refer to none
SELECT `t`.`a` FROM `r` AS t WHERE `t`.`p` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `p` AS p WHERE `p`.`id` = `t`.`p`) LIMIT 1;

-- copies table r: it can be read, but not written, meanwhile
ALTER TABLE `r`
REMOVE PARTITIONING;

-- copies table r: it can be read, but not written, meanwhile
ALTER TABLE `r`
  ADD CONSTRAINT `f` FOREIGN KEY (`p`) REFERENCES `p` (`id`);
