-- cmigrate: upgrade
-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  ADD COLUMN `up` int,
  ADD KEY `fk_t_up_t` (`up`),
  ADD CONSTRAINT `ck_t_up` CHECK ((`up` > 0));

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  ADD CONSTRAINT `fk_t_up_t` FOREIGN KEY (`up`) REFERENCES `t` (`id`);

-- cmigrate: downgrade
ALTER TABLE `t`
  DROP FOREIGN KEY `fk_t_up_t`;

-- loses data: column up of table t; rewrites table t, while it is read and written
ALTER TABLE `t`
  DROP CHECK `ck_t_up`,
  DROP INDEX `fk_t_up_t`,
  DROP COLUMN `up`;
