-- cmigrate: upgrade
RENAME TABLE `t` TO `u`;
ALTER TABLE `u` RENAME COLUMN `k` TO `m`;

-- copies table u: it can be read, but not written, meanwhile
ALTER TABLE `u`
  MODIFY COLUMN `m` bigint NOT NULL
PARTITION BY RANGE (`m`)
(PARTITION `p0` VALUES LESS THAN (10) ENGINE = InnoDB,
 PARTITION `p1` VALUES LESS THAN (30) ENGINE = InnoDB);

-- cmigrate: downgrade
RENAME TABLE `u` TO `t`;
ALTER TABLE `t` RENAME COLUMN `m` TO `k`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `k` int NOT NULL
PARTITION BY RANGE (`k`)
(PARTITION `p0` VALUES LESS THAN (10) ENGINE = InnoDB,
 PARTITION `p1` VALUES LESS THAN (20) ENGINE = InnoDB);
