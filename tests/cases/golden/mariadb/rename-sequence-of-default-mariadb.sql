-- cmigrate: upgrade
RENAME TABLE `t` TO `u`;
ALTER TABLE `u` RENAME COLUMN `a` TO `b`;
RENAME TABLE `s` TO `s2`;
ALTER TABLE `u`
  MODIFY COLUMN `b` int DEFAULT nextval(`s2`);

-- cmigrate: downgrade
RENAME TABLE `u` TO `t`;
ALTER TABLE `t` RENAME COLUMN `b` TO `a`;
RENAME TABLE `s2` TO `s`;
ALTER TABLE `t`
  MODIFY COLUMN `a` int DEFAULT nextval(`s`);
