-- cmigrate: upgrade
CREATE TABLE `a` (
  `id` int NOT NULL AUTO_INCREMENT,
  `b_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_a_b_id_b` (`b_id`)
);
CREATE TABLE `b` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_b_a_id_a` (`a_id`),
  CONSTRAINT `fk_b_a_id_a` FOREIGN KEY (`a_id`) REFERENCES `a` (`id`)
);
CREATE TABLE `child` (
  `id` int NOT NULL AUTO_INCREMENT,
  `parent_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_child_parent_id_parent` (`parent_id`)
);
CREATE TABLE `parent` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
);

-- copies table a: it can be read, but not written, meanwhile
ALTER TABLE `a`
  ADD CONSTRAINT `fk_a_b_id_b` FOREIGN KEY (`b_id`) REFERENCES `b` (`id`);

-- copies table child: it can be read, but not written, meanwhile
ALTER TABLE `child`
  ADD CONSTRAINT `fk_child_parent_id_parent` FOREIGN KEY (`parent_id`) REFERENCES `parent` (`id`);

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
