-- cmigrate: upgrade
ALTER TABLE `m` DROP INDEX `x`;

-- copies table m: it can be read, but not written, meanwhile
ALTER TABLE `m`
  ADD KEY `x` (`a`) KEY_BLOCK_SIZE = 1024;
ALTER TABLE `t` DROP INDEX `f`;

-- table t can be read, but not written, meanwhile
ALTER TABLE `t`
  ADD FULLTEXT KEY `f` (`c`) WITH PARSER `ngram`;

-- cmigrate: downgrade
ALTER TABLE `m` DROP INDEX `x`;

-- copies table m: it can be read, but not written, meanwhile
ALTER TABLE `m`
  ADD KEY `x` (`a`);
ALTER TABLE `t` DROP INDEX `f`;

-- table t can be read, but not written, meanwhile
ALTER TABLE `t`
  ADD FULLTEXT KEY `f` (`c`);
