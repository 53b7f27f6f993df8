-- cmigrate: upgrade
-- cmigrate: assert the primary key of p is unique, but several rows have the same
SELECT 'more than one row' FROM `p` AS t GROUP BY CONVERT(`t`.`code` USING utf8mb4) COLLATE utf8mb4_unicode_ci HAVING COUNT(*) > 1 LIMIT 1;
ALTER TABLE `c`
  DROP FOREIGN KEY `fk`,
  MODIFY COLUMN `code` varchar(10),
  MODIFY COLUMN `note` text;
ALTER TABLE `c`
  MODIFY COLUMN `code` varchar(10),
  MODIFY COLUMN `note` text,
  COLLATE = utf8mb4_unicode_ci;

-- copies table p: it can be read, but not written, meanwhile
ALTER TABLE `p`
  MODIFY COLUMN `code` varchar(10) NOT NULL,
  COLLATE = utf8mb4_unicode_ci;

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk` FOREIGN KEY (`code`) REFERENCES `p` (`code`);

-- cmigrate: downgrade
-- cmigrate: assert the primary key of p is unique, but several rows have the same
SELECT 'more than one row' FROM `p` AS t GROUP BY CONVERT(`t`.`code` USING utf8mb4) COLLATE utf8mb4_general_ci HAVING COUNT(*) > 1 LIMIT 1;
ALTER TABLE `c`
  DROP FOREIGN KEY `fk`,
  MODIFY COLUMN `code` varchar(10),
  MODIFY COLUMN `note` text;
ALTER TABLE `c`
  MODIFY COLUMN `code` varchar(10),
  MODIFY COLUMN `note` text,
  COLLATE = utf8mb4_general_ci;

-- copies table p: it can be read, but not written, meanwhile
ALTER TABLE `p`
  MODIFY COLUMN `code` varchar(10) NOT NULL,
  COLLATE = utf8mb4_general_ci;

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk` FOREIGN KEY (`code`) REFERENCES `p` (`code`);
