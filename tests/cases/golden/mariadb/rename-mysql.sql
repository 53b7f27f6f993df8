-- cmigrate: upgrade
RENAME TABLE `article` TO `post`;
ALTER TABLE `post` RENAME COLUMN `n` TO `m`;
ALTER TABLE `post` RENAME COLUMN `headline` TO `title`;

-- copies table post: it can be read, but not written, meanwhile
ALTER TABLE `post`
  MODIFY COLUMN `m` bigint,
  MODIFY COLUMN `twice` bigint GENERATED ALWAYS AS (`m` * 2) STORED;

-- cmigrate: downgrade
RENAME TABLE `post` TO `article`;
ALTER TABLE `article` RENAME COLUMN `title` TO `headline`;
ALTER TABLE `article` RENAME COLUMN `m` TO `n`;

-- copies table article: it can be read, but not written, meanwhile
ALTER TABLE `article`
  MODIFY COLUMN `n` int,
  MODIFY COLUMN `twice` int GENERATED ALWAYS AS (`n` * 2) STORED;
