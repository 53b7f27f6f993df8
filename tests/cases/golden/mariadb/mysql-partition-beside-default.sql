-- cmigrate: upgrade
-- copies table listed: it can be read, but not written, meanwhile
ALTER TABLE `listed`
PARTITION BY LIST (`y`)
(PARTITION `a` VALUES IN (1,2) ENGINE = InnoDB,
 PARTITION `d` DEFAULT ENGINE = InnoDB,
 PARTITION `e` VALUES IN (5) ENGINE = InnoDB);

-- cmigrate: downgrade
-- copies table listed: it can be read, but not written, meanwhile
ALTER TABLE `listed`
PARTITION BY LIST (`y`)
(PARTITION `a` VALUES IN (1,2) ENGINE = InnoDB,
 PARTITION `d` DEFAULT ENGINE = InnoDB);
