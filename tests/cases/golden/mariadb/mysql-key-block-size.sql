-- cmigrate: upgrade
-- rewrites table child, while it is read and written
ALTER TABLE `child`
  DROP INDEX `to_t`,
  ADD KEY `to_t` (`t`),
  KEY_BLOCK_SIZE = 2;

-- rewrites table plain, while it is read and written
ALTER TABLE `plain`
  DROP INDEX `k`,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (`a`),
  ADD KEY `k` (`b`),
  KEY_BLOCK_SIZE = 0;

-- rewrites table t, while it is read and written
ALTER TABLE `t`
  DROP INDEX `k`,
  DROP INDEX `u`,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (`a`),
  ADD KEY `k` (`c`),
  ADD UNIQUE KEY `u` (`b`),
  KEY_BLOCK_SIZE = 2;

-- cmigrate: downgrade
-- rewrites table child, while it is read and written
ALTER TABLE `child`
  DROP INDEX `to_t`,
  ADD KEY `to_t` (`t`),
  KEY_BLOCK_SIZE = 4;

-- rewrites table plain, while it is read and written
ALTER TABLE `plain`
  KEY_BLOCK_SIZE = 8;

-- rewrites table t, while it is read and written
ALTER TABLE `t`
  DROP INDEX `k`,
  DROP INDEX `u`,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (`a`),
  ADD KEY `k` (`c`),
  ADD UNIQUE KEY `u` (`b`),
  KEY_BLOCK_SIZE = 4;
