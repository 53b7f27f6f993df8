-- cmigrate: upgrade
-- cmigrate: assert i of t is unique, but several rows have the same
SELECT MIN(`t`.`id`) FROM `t` AS t WHERE `t`.`b` IS NOT NULL GROUP BY `t`.`b` HAVING COUNT(*) > 1 LIMIT 1;

-- cmigrate: assert u of t is unique, but several rows have the same
SELECT MIN(`t`.`id`) FROM `t` AS t WHERE `t`.`a` IS NOT NULL AND `t`.`b` IS NOT NULL GROUP BY `t`.`a` , `t`.`b` HAVING COUNT(*) > 1 LIMIT 1;
ALTER TABLE `t`
  DROP INDEX `i`,
  DROP INDEX `u`,
  ADD UNIQUE KEY `i` (`b`),
  ADD UNIQUE KEY `u` (`a`, `b`);

-- cmigrate: downgrade
-- cmigrate: assert u of t is unique, but several rows have the same
SELECT MIN(`t`.`id`) FROM `t` AS t WHERE `t`.`a` IS NOT NULL GROUP BY `t`.`a` HAVING COUNT(*) > 1 LIMIT 1;
ALTER TABLE `t`
  DROP INDEX `i`,
  DROP INDEX `u`,
  ADD KEY `i` (`b`),
  ADD UNIQUE KEY `u` (`a`);
