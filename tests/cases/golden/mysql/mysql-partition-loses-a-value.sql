-- cmigrate: upgrade
-- copies table listed: it can be read, but not written, meanwhile
ALTER TABLE `listed`
PARTITION BY LIST (`y`)
(PARTITION a VALUES IN (1) ENGINE = InnoDB,
 PARTITION b VALUES IN (3) ENGINE = InnoDB);

-- cmigrate: downgrade
-- writes the rows of these partitions again: table listed can be read, but not written, meanwhile
ALTER TABLE `listed` REORGANIZE PARTITION `a` INTO (PARTITION a VALUES IN (1,2) ENGINE = InnoDB);
