-- cmigrate: upgrade
RENAME TABLE `c` TO `d`;
ALTER TABLE `d`
  DROP FOREIGN KEY `fk_c_p_id_p`;
CREATE TABLE `c` (
  `id` int NOT NULL,
  `p_id` int,
  PRIMARY KEY (`id`),
  KEY `fk_c_p_id_p` (`p_id`),
  CONSTRAINT `fk_c_p_id_p` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`)
);

-- copies table d: it can be read, but not written, meanwhile
ALTER TABLE `d`
  DROP INDEX `fk_c_p_id_p`,
  ADD KEY `fk_c_p_id_p` (`p_id`),
  ADD CONSTRAINT `fk_d_p_id_p` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`);

-- cmigrate: downgrade
-- loses data: the rows of table c
DROP TABLE `c`;
RENAME TABLE `d` TO `c`;
ALTER TABLE `c`
  DROP FOREIGN KEY `fk_d_p_id_p`;

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk_c_p_id_p` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`);
