-- cmigrate: upgrade
-- cmigrate: assert b of p is unique, but several rows have the same
SELECT MIN(`t`.`id`) FROM `p` AS t WHERE `t`.`b` IS NOT NULL GROUP BY `t`.`b` HAVING COUNT(*) > 1 LIMIT 1;
ALTER TABLE `child`
  DROP FOREIGN KEY `fk`;
ALTER TABLE `child`
  DROP FOREIGN KEY `to_left`;
ALTER TABLE `p`
  DROP INDEX `a`,
  ADD UNIQUE KEY `b` (`b`);

-- copies table child: it can be read, but not written, meanwhile
ALTER TABLE `child`
  ADD CONSTRAINT `fk` FOREIGN KEY (`p`) REFERENCES `p` (`id`) ON DELETE CASCADE;

-- copies table child: it can be read, but not written, meanwhile
ALTER TABLE `child`
  ADD CONSTRAINT `to_left` FOREIGN KEY (`q`) REFERENCES `left_out` (`id`) ON DELETE SET NULL;

-- cmigrate: downgrade
ALTER TABLE `child`
  DROP FOREIGN KEY `fk`;
ALTER TABLE `child`
  DROP FOREIGN KEY `to_left`;
ALTER TABLE `p`
  DROP INDEX `b`,
  ADD KEY `a` (`a`);

-- copies table child: it can be read, but not written, meanwhile
ALTER TABLE `child`
  ADD CONSTRAINT `fk` FOREIGN KEY (`p`) REFERENCES `p` (`id`);

-- copies table child: it can be read, but not written, meanwhile
ALTER TABLE `child`
  ADD CONSTRAINT `to_left` FOREIGN KEY (`q`) REFERENCES `left_out` (`id`);
