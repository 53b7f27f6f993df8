-- cmigrate: upgrade
RENAME TABLE `article` TO `post`;

-- copies table post: it can be read, but not written, meanwhile
ALTER TABLE `post`
  DROP CHECK `n_min`,
  CHANGE COLUMN `headline` `title` varchar(20),
  CHANGE COLUMN `n` `m` bigint,
  MODIFY COLUMN `twice` bigint GENERATED ALWAYS AS ((`m` * 2)) STORED,
  ADD CONSTRAINT `n_min` CHECK ((`m` > 0));

-- cmigrate: downgrade
RENAME TABLE `post` TO `article`;

-- copies table article: it can be read, but not written, meanwhile
ALTER TABLE `article`
  DROP CHECK `n_min`,
  CHANGE COLUMN `title` `headline` varchar(20),
  CHANGE COLUMN `m` `n` int,
  MODIFY COLUMN `twice` int GENERATED ALWAYS AS ((`n` * 2)) STORED,
  ADD CONSTRAINT `n_min` CHECK ((`n` > 0));
