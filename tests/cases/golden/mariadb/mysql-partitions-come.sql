-- cmigrate: upgrade
ALTER TABLE `added` ADD PARTITION (PARTITION `c` VALUES LESS THAN (30) ENGINE = InnoDB,
 PARTITION `d` VALUES LESS THAN MAXVALUE ENGINE = InnoDB);
ALTER TABLE `divided`
  ADD COLUMN `v` int;

-- writes the rows of these partitions again: table divided can be read, but not written, meanwhile
ALTER TABLE `divided` REORGANIZE PARTITION `z` INTO (PARTITION `b` VALUES LESS THAN (20) ENGINE = InnoDB,
 PARTITION `z` VALUES LESS THAN MAXVALUE ENGINE = InnoDB);

-- writes the rows of these partitions again: table listed can be read, but not written, meanwhile
ALTER TABLE `listed` REORGANIZE PARTITION `b` INTO (PARTITION `c` VALUES IN (4,5) ENGINE = InnoDB,
 PARTITION `b` VALUES IN (3) ENGINE = InnoDB);

-- copies table otherwise: it can be read, but not written, meanwhile
ALTER TABLE `otherwise`
PARTITION BY RANGE (`v`)
(PARTITION `a` VALUES LESS THAN (10) ENGINE = InnoDB);

-- writes the rows of these partitions again: table united can be read, but not written, meanwhile
ALTER TABLE `united` REORGANIZE PARTITION `a b`, `b` INTO (PARTITION `b` VALUES LESS THAN (20) ENGINE = InnoDB);

-- cmigrate: downgrade
-- copies table added: it can be read, but not written, meanwhile
ALTER TABLE `added`
PARTITION BY RANGE (`y`)
(PARTITION `a` VALUES LESS THAN (10) ENGINE = InnoDB,
 PARTITION `b` VALUES LESS THAN (20) ENGINE = InnoDB);

-- loses data: column v of table divided
ALTER TABLE `divided`
  DROP COLUMN `v`;

-- writes the rows of these partitions again: table divided can be read, but not written, meanwhile
ALTER TABLE `divided` REORGANIZE PARTITION `b`, `z` INTO (PARTITION `z` VALUES LESS THAN MAXVALUE ENGINE = InnoDB);

-- copies table listed: it can be read, but not written, meanwhile
ALTER TABLE `listed`
PARTITION BY LIST (`y`)
(PARTITION `a` VALUES IN (1,2) ENGINE = InnoDB,
 PARTITION `b` VALUES IN (3) ENGINE = InnoDB);

-- copies table otherwise: it can be read, but not written, meanwhile
ALTER TABLE `otherwise`
PARTITION BY RANGE (`y`)
(PARTITION `a` VALUES LESS THAN (10) ENGINE = InnoDB);

-- writes the rows of these partitions again: table united can be read, but not written, meanwhile
ALTER TABLE `united` REORGANIZE PARTITION `b` INTO (PARTITION `a b` VALUES LESS THAN (10) ENGINE = InnoDB,
 PARTITION `b` VALUES LESS THAN (20) ENGINE = InnoDB);
