-- cmigrate: upgrade
-- copies table g: it can be read, but not written, meanwhile
ALTER TABLE `g`
REMOVE PARTITIONING;

-- copies table h: it can be read, but not written, meanwhile
ALTER TABLE `h`
PARTITION BY HASH (`id`)
PARTITIONS 2;

-- writes the rows of these partitions again: table r can be read, but not written, meanwhile
ALTER TABLE `r` REORGANIZE PARTITION `b` INTO (PARTITION b VALUES LESS THAN (20) ENGINE = InnoDB,
 PARTITION c VALUES LESS THAN MAXVALUE ENGINE = InnoDB);

-- cmigrate: downgrade
-- copies table g: it can be read, but not written, meanwhile
ALTER TABLE `g`
PARTITION BY HASH (`id`)
PARTITIONS 3;

-- copies table h: it can be read, but not written, meanwhile
ALTER TABLE `h`
REMOVE PARTITIONING;

-- writes the rows of these partitions again: table r can be read, but not written, meanwhile
ALTER TABLE `r` REORGANIZE PARTITION `b`, `c` INTO (PARTITION b VALUES LESS THAN MAXVALUE ENGINE = InnoDB);
