-- cmigrate: upgrade
-- cmigrate: assert column z.v has values that enum('X','y') cannot hold as they are
SELECT `t`.`id` FROM `z` AS t WHERE CAST(CONVERT(`t`.`v` USING utf8mb4) AS BINARY) IN ('x') LIMIT 1;

-- drops values of column v: 'x'; copies table z: it can be read, but not written, meanwhile
ALTER TABLE `z`
  MODIFY COLUMN `v` enum('X','y');

-- cmigrate: downgrade
-- cmigrate: assert column z.v has values that enum('x','y') cannot hold as they are
SELECT `t`.`id` FROM `z` AS t WHERE CAST(CONVERT(`t`.`v` USING utf8mb4) AS BINARY) IN ('X') LIMIT 1;

-- drops values of column v: 'X'; copies table z: it can be read, but not written, meanwhile
ALTER TABLE `z`
  MODIFY COLUMN `v` enum('x','y');
