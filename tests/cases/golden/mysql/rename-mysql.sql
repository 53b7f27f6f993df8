-- cmigrate: upgrade
RENAME TABLE `article` TO `post`;
ALTER TABLE `post` RENAME COLUMN `headline` TO `title`;

-- copies table post: it can be read, but not written, meanwhile
ALTER TABLE `post`
  DROP CHECK `n_min`,
  CHANGE COLUMN `n` `m` bigint,
  MODIFY COLUMN `twice` bigint GENERATED ALWAYS AS ((`m` * 2)) STORED,
  ADD CONSTRAINT `n_min` CHECK ((`m` > 0));

-- cmigrate: downgrade
RENAME TABLE `post` TO `article`;
ALTER TABLE `article` RENAME COLUMN `title` TO `headline`;

-- copies table article: it can be read, but not written, meanwhile
ALTER TABLE `article`
  DROP CHECK `n_min`,
  CHANGE COLUMN `m` `n` int,
  MODIFY COLUMN `twice` int GENERATED ALWAYS AS ((`n` * 2)) STORED,
  ADD CONSTRAINT `n_min` CHECK ((`n` > 0));
