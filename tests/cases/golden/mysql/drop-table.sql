-- cmigrate: upgrade
-- loses data: the rows of table c
DROP TABLE `c`;

-- loses data: the rows of table p
DROP TABLE `p`;

-- cmigrate: downgrade
CREATE TABLE `p` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
);
CREATE TABLE `c` (
  `id` int NOT NULL AUTO_INCREMENT,
  `p_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_c_p_id_p` (`p_id`),
  CONSTRAINT `fk_c_p_id_p` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`)
);
