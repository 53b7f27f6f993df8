-- cmigrate: upgrade
RENAME TABLE `t` TO `u`;

-- copies table u: it can be read, but not written, meanwhile
ALTER TABLE `u`
  CHANGE COLUMN `k` `m` int NOT NULL
PARTITION BY RANGE (`m`)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB,
 PARTITION p1 VALUES LESS THAN (20) ENGINE = InnoDB);

-- cmigrate: downgrade
RENAME TABLE `u` TO `t`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  CHANGE COLUMN `m` `k` int NOT NULL
PARTITION BY RANGE (`k`)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB,
 PARTITION p1 VALUES LESS THAN (20) ENGINE = InnoDB);
