-- cmigrate: upgrade
ALTER TABLE `bare` DROP FOREIGN KEY `g`;
ALTER TABLE `c` DROP FOREIGN KEY `f`;

-- copies table bare: it can be read, but not written, meanwhile
ALTER TABLE `bare`
  DROP INDEX `g`,
  ENGINE = MyISAM;

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ENGINE = MyISAM;

-- cmigrate: downgrade
-- cmigrate: assert bare refers to p, but has rows that refer to none
SELECT 'the table has no primary key' FROM `bare` AS t WHERE `t`.`p` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `p` AS p WHERE `p`.`id` = `t`.`p`) LIMIT 1;

-- cmigrate: assert c refers to p, but has rows that refer to none
SELECT 'the table has no primary key' FROM `c` AS t WHERE `t`.`p` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `p` AS p WHERE `p`.`id` = `t`.`p`) LIMIT 1;

-- copies table bare: it can be read, but not written, meanwhile
ALTER TABLE `bare`
  ADD KEY `g` (`p`),
  ENGINE = InnoDB;

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ENGINE = InnoDB;

-- copies table bare: it can be read, but not written, meanwhile
ALTER TABLE `bare`
  ADD CONSTRAINT `g` FOREIGN KEY (`p`) REFERENCES `p` (`id`);

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  DROP INDEX `k`,
  ADD KEY `k` (`p`),
  ADD CONSTRAINT `f` FOREIGN KEY (`p`) REFERENCES `p` (`id`);
