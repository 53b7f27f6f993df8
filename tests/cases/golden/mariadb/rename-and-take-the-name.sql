-- cmigrate: upgrade
RENAME TABLE `place` TO `spot`;
CREATE TABLE `place` (
  `id` int NOT NULL AUTO_INCREMENT,
  `size` int NOT NULL,
  `name` varchar(20),
  PRIMARY KEY (`id`),
  KEY `ix_place_name` (`name`),
  UNIQUE KEY `uq_place_name` (`name`)
);

-- cmigrate: downgrade
-- loses data: the rows of table place
DROP TABLE `place`;
RENAME TABLE `spot` TO `place`;
