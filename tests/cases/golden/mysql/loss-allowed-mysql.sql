-- cmigrate: upgrade
-- may lose data: column v: decimal(10,4) to decimal(6,2); column w: datetime to date
-- copies table z: it can be read, but not written, meanwhile
ALTER TABLE `z`
  MODIFY COLUMN `v` decimal(6,2),
  MODIFY COLUMN `w` date;

-- cmigrate: downgrade
-- copies table z: it can be read, but not written, meanwhile
ALTER TABLE `z`
  MODIFY COLUMN `v` decimal(10,4),
  MODIFY COLUMN `w` datetime;
