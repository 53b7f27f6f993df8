-- cmigrate: upgrade
-- loses data: the rows of table c
DROP TABLE `c`;

-- loses data: the rows of table p
DROP TABLE `p`;

-- cmigrate: downgrade
CREATE TABLE `c` (
  `id` int NOT NULL AUTO_INCREMENT,
  `p_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_c_p_id_p` (`p_id`)
);
CREATE TABLE `p` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
);

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk_c_p_id_p` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`);
