-- cmigrate: upgrade
CREATE TABLE `user` (
  `id` int NOT NULL AUTO_INCREMENT,
  `email` varchar(254) NOT NULL,
  `name` varchar(80),
  `age` int,
  PRIMARY KEY (`id`),
  KEY `ix_user_name` (`name`),
  UNIQUE KEY `uq_user_email` (`email`),
  CONSTRAINT `ck_user_age` CHECK (age >= 0)
);

-- cmigrate: downgrade
-- loses data: the rows of table user
DROP TABLE `user`;
