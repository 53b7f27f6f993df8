-- cmigrate: upgrade
ALTER TABLE `t`
  DROP FOREIGN KEY `fk_t_c_t`;

-- loses data: columns b, c of table t; rewrites table t, while it is read and written
ALTER TABLE `t`
  DROP INDEX `ix_bd`,
  DROP INDEX `fk_t_c_t`,
  DROP INDEX `ix_t_b`,
  DROP INDEX `uq_t_b`,
  DROP COLUMN `b`,
  DROP COLUMN `c`,
  ADD KEY `ix_bd` (`d`);

-- cmigrate: downgrade
-- rewrites table t, while it is read and written
ALTER TABLE `t`
  DROP INDEX `ix_bd`,
  ADD COLUMN `b` int AFTER `a`,
  ADD COLUMN `c` int AFTER `b`,
  ADD KEY `fk_t_c_t` (`c`),
  ADD KEY `ix_bd` (`b`, `d`),
  ADD KEY `ix_t_b` (`b`),
  ADD UNIQUE KEY `uq_t_b` (`b`);

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  ADD CONSTRAINT `fk_t_c_t` FOREIGN KEY (`c`) REFERENCES `t` (`id`);
