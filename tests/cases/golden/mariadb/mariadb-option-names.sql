-- cmigrate: upgrade
-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  ADD COLUMN `b` int,
  encrypted = 'NO';
ALTER TABLE `u`
  page_compressed = '1';

-- cmigrate: downgrade
-- loses data: column b of table t; copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  DROP COLUMN `b`,
  ENCRYPTED = DEFAULT;
ALTER TABLE `u`
  PAGE_COMPRESSED = '1';
