-- cmigrate: upgrade
ALTER TABLE `m` DROP INDEX `x`;

-- copies table m: it can be read, but not written, meanwhile
ALTER TABLE `m`
  ADD KEY `x` (`a`) KEY_BLOCK_SIZE = 1024;

-- cmigrate: downgrade
ALTER TABLE `m` DROP INDEX `x`;

-- copies table m: it can be read, but not written, meanwhile
ALTER TABLE `m`
  ADD KEY `x` (`a`);
