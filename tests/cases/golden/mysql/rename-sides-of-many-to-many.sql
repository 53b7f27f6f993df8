-- cmigrate: upgrade
RENAME TABLE `a` TO `x`;
RENAME TABLE `ab` TO `xy`;
RENAME TABLE `b` TO `y`;
ALTER TABLE `x` RENAME COLUMN `id` TO `nr`;
ALTER TABLE `xy` RENAME COLUMN `a_id` TO `x_nr`;
ALTER TABLE `xy` RENAME COLUMN `b_id` TO `y_id`;
ALTER TABLE `xy`
  DROP FOREIGN KEY `fk_ab_a_id_a`;

-- copies table x: it can be read, but not written, meanwhile
ALTER TABLE `x`
  MODIFY COLUMN `nr` bigint NOT NULL AUTO_INCREMENT;

-- copies table xy: it can be read, but not written, meanwhile
ALTER TABLE `xy`
  MODIFY COLUMN `x_nr` bigint NOT NULL;

-- copies table xy: it can be read, but not written, meanwhile
ALTER TABLE `xy`
  ADD CONSTRAINT `fk_ab_a_id_a` FOREIGN KEY (`x_nr`) REFERENCES `x` (`nr`);

-- cmigrate: downgrade
RENAME TABLE `x` TO `a`;
RENAME TABLE `xy` TO `ab`;
RENAME TABLE `y` TO `b`;
ALTER TABLE `a` RENAME COLUMN `nr` TO `id`;
ALTER TABLE `ab` RENAME COLUMN `x_nr` TO `a_id`;
ALTER TABLE `ab` RENAME COLUMN `y_id` TO `b_id`;
ALTER TABLE `ab`
  DROP FOREIGN KEY `fk_ab_a_id_a`;

-- copies table a: it can be read, but not written, meanwhile
ALTER TABLE `a`
  MODIFY COLUMN `id` int NOT NULL AUTO_INCREMENT;

-- copies table ab: it can be read, but not written, meanwhile
ALTER TABLE `ab`
  MODIFY COLUMN `a_id` int NOT NULL;

-- copies table ab: it can be read, but not written, meanwhile
ALTER TABLE `ab`
  ADD CONSTRAINT `fk_ab_a_id_a` FOREIGN KEY (`a_id`) REFERENCES `a` (`id`);
