-- cmigrate: upgrade
RENAME TABLE `c` TO `c_old`;
CREATE TABLE `c` (
  `id` int NOT NULL,
  `p_id` int,
  PRIMARY KEY (`id`),
  KEY `p_id` (`p_id`),
  CONSTRAINT `c_ibfk_1` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`)
);

-- cmigrate: downgrade
-- loses data: the rows of table c
DROP TABLE `c`;
RENAME TABLE `c_old` TO `c`;
