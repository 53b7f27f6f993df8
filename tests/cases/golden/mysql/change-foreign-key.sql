-- cmigrate: upgrade
-- cmigrate: assert c refers to p, but has rows that refer to none
SELECT `t`.`id` FROM `c` AS t WHERE `t`.`b` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `p` AS p WHERE `p`.`id` = `t`.`b`) LIMIT 1;
ALTER TABLE `c`
  DROP FOREIGN KEY `fk_c_a_p`;
ALTER TABLE `c`
  DROP FOREIGN KEY `fk_c_d_p`;
ALTER TABLE `c`
  DROP INDEX `fk_c_d_p`,
  ADD KEY `fk_c_b_p` (`b`);

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk_c_a_p` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE CASCADE;

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk_c_b_p` FOREIGN KEY (`b`) REFERENCES `p` (`id`) ON DELETE SET NULL;

-- cmigrate: downgrade
-- cmigrate: assert c refers to p, but has rows that refer to none
SELECT `t`.`id` FROM `c` AS t WHERE `t`.`d` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `p` AS p WHERE `p`.`id` = `t`.`d`) LIMIT 1;
ALTER TABLE `c`
  DROP FOREIGN KEY `fk_c_a_p`;
ALTER TABLE `c`
  DROP FOREIGN KEY `fk_c_b_p`;
ALTER TABLE `c`
  DROP INDEX `fk_c_b_p`,
  ADD KEY `fk_c_d_p` (`d`);

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk_c_a_p` FOREIGN KEY (`a`) REFERENCES `p` (`id`);

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk_c_d_p` FOREIGN KEY (`d`) REFERENCES `p` (`id`);
