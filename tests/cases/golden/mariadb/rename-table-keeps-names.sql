-- cmigrate: upgrade
RENAME TABLE `p` TO `q`;
ALTER TABLE `c`
  DROP FOREIGN KEY `fk_c_p_p`;
ALTER TABLE `q`
  DROP FOREIGN KEY `fk_p_parent_p`;

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  MODIFY COLUMN `p` bigint;

-- copies table q: it can be read, but not written, meanwhile
ALTER TABLE `q`
  MODIFY COLUMN `id` bigint NOT NULL,
  MODIFY COLUMN `parent` bigint,
  MODIFY COLUMN `n` bigint,
  ADD COLUMN `e` int,
  ADD CONSTRAINT `ck_q_e` CHECK (`e` > 1);

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk_c_p_p` FOREIGN KEY (`p`) REFERENCES `q` (`id`) ON DELETE CASCADE;

-- copies table q: it can be read, but not written, meanwhile
ALTER TABLE `q`
  ADD CONSTRAINT `fk_p_parent_p` FOREIGN KEY (`parent`) REFERENCES `q` (`id`);

-- cmigrate: downgrade
RENAME TABLE `q` TO `p`;
ALTER TABLE `c`
  DROP FOREIGN KEY `fk_c_p_p`;
ALTER TABLE `p`
  DROP FOREIGN KEY `fk_p_parent_p`;

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  MODIFY COLUMN `p` int;

-- loses data: column e of table p; copies table p: it can be read, but not written, meanwhile
ALTER TABLE `p`
  DROP CONSTRAINT `ck_q_e`,
  DROP COLUMN `e`,
  MODIFY COLUMN `id` int NOT NULL,
  MODIFY COLUMN `parent` int,
  MODIFY COLUMN `n` int;

-- copies table c: it can be read, but not written, meanwhile
ALTER TABLE `c`
  ADD CONSTRAINT `fk_c_p_p` FOREIGN KEY (`p`) REFERENCES `p` (`id`) ON DELETE CASCADE;

-- copies table p: it can be read, but not written, meanwhile
ALTER TABLE `p`
  ADD CONSTRAINT `fk_p_parent_p` FOREIGN KEY (`parent`) REFERENCES `p` (`id`);
