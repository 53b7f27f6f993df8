-- cmigrate: upgrade
-- cmigrate: assert column kept.i becomes NOT NULL, but has rows with NULL
SELECT `t`.`u` FROM `kept` AS t WHERE `t`.`i` IS NULL LIMIT 1;

-- n passes through text: the server does not cast it at once
ALTER TABLE `empty_one` MODIFY COLUMN `n` varchar(64);

-- g passes through text: the server does not cast it at once
ALTER TABLE `empty_one` MODIFY COLUMN `g` longblob;

-- may lose data: column n: int to inet6; column g: geometry to double
-- copies table empty_one: it can be read, but not written, meanwhile
ALTER TABLE `empty_one`
  MODIFY COLUMN `n` inet6,
  MODIFY COLUMN `g` double;

-- rewrites table kept, while it is read and written
ALTER TABLE `kept`
  MODIFY COLUMN `i` inet6 NOT NULL DEFAULT '::2',
  ADD KEY `ki` (`i`);

-- i passes through text: the server does not cast it at once
ALTER TABLE `t` MODIFY COLUMN `i` varchar(64);

-- f passes through text: the server does not cast it at once
ALTER TABLE `t` MODIFY COLUMN `f` varchar(64);

-- n passes through text: the server does not cast it at once
ALTER TABLE `t` MODIFY COLUMN `n` varchar(64);

-- may lose data: column i: inet6 to inet4; column f: inet4 to inet6; column g: point to longblob; column n: int to uuid
-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP INDEX `kg`,
  MODIFY COLUMN `u` varchar(40),
  MODIFY COLUMN `i` inet4,
  MODIFY COLUMN `f` inet6,
  MODIFY COLUMN `g` longblob NOT NULL,
  MODIFY COLUMN `n` uuid;

-- cmigrate: downgrade
-- n passes through text: the server does not cast it at once
ALTER TABLE `empty_one` MODIFY COLUMN `n` varchar(64);

-- g passes through text: the server does not cast it at once
ALTER TABLE `empty_one` MODIFY COLUMN `g` longblob;

-- may lose data: column n: inet6 to int; column g: double to geometry
-- copies table empty_one: it can be read, but not written, meanwhile
ALTER TABLE `empty_one`
  MODIFY COLUMN `n` int,
  MODIFY COLUMN `g` geometry;

-- rewrites table kept, while it is read and written
ALTER TABLE `kept`
  DROP INDEX `ki`,
  MODIFY COLUMN `i` inet6 DEFAULT '::1';

-- i passes through text: the server does not cast it at once
ALTER TABLE `t` MODIFY COLUMN `i` varchar(64);

-- f passes through text: the server does not cast it at once
ALTER TABLE `t` MODIFY COLUMN `f` varchar(64);

-- n passes through text: the server does not cast it at once
ALTER TABLE `t` MODIFY COLUMN `n` varchar(64);

-- may lose data: column u: varchar(40) to uuid; column i: inet4 to inet6; column f: inet6 to inet4; column g: longblob to point; column n: uuid to int
-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `u` uuid,
  MODIFY COLUMN `i` inet6,
  MODIFY COLUMN `f` inet4,
  MODIFY COLUMN `g` point NOT NULL,
  MODIFY COLUMN `n` int,
  ADD SPATIAL KEY `kg` (`g`);
