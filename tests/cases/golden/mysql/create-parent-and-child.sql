-- cmigrate: upgrade
CREATE TABLE `b` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_b_a_id_a` (`a_id`)
);
CREATE TABLE `a` (
  `id` int NOT NULL AUTO_INCREMENT,
  `b_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_a_b_id_b` (`b_id`),
  CONSTRAINT `fk_a_b_id_b` FOREIGN KEY (`b_id`) REFERENCES `b` (`id`)
);
CREATE TABLE `parent` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
);
CREATE TABLE `child` (
  `id` int NOT NULL AUTO_INCREMENT,
  `parent_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_child_parent_id_parent` (`parent_id`),
  CONSTRAINT `fk_child_parent_id_parent` FOREIGN KEY (`parent_id`) REFERENCES `parent` (`id`)
);
ALTER TABLE `b`
  ADD CONSTRAINT `fk_b_a_id_a` FOREIGN KEY (`a_id`) REFERENCES `a` (`id`);

-- cmigrate: downgrade
-- loses data: the rows of table child
DROP TABLE `child`;

-- loses data: the rows of table parent
DROP TABLE `parent`;
ALTER TABLE `a`
  DROP FOREIGN KEY `fk_a_b_id_b`;
ALTER TABLE `b`
  DROP FOREIGN KEY `fk_b_a_id_a`;

-- loses data: the rows of table a
DROP TABLE `a`;

-- loses data: the rows of table b
DROP TABLE `b`;
