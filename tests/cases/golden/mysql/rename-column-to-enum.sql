-- cmigrate: upgrade
-- cmigrate: assert column t.temper has values that enum('sad','glad','odd') cannot hold as they are
SELECT `t`.`id` FROM `t` AS t WHERE CAST(CONVERT(`t`.`mood` USING utf8mb4) AS BINARY) NOT IN ('sad','glad','odd') LIMIT 1;
ALTER TABLE `t` RENAME COLUMN `state` TO `standing`;
ALTER TABLE `t` RENAME COLUMN `mood` TO `temper`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `temper` enum('sad','glad','odd'),
  MODIFY COLUMN `standing` enum('sad','glad','odd');

-- cmigrate: downgrade
-- cmigrate: assert column t.state has values that enum('sad','glad') cannot hold as they are
SELECT `t`.`id` FROM `t` AS t WHERE CAST(CONVERT(`t`.`standing` USING utf8mb4) AS BINARY) IN ('odd') LIMIT 1;
ALTER TABLE `t` RENAME COLUMN `temper` TO `mood`;
ALTER TABLE `t` RENAME COLUMN `standing` TO `state`;

-- drops values of column state: 'odd'; copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `mood` varchar(10),
  MODIFY COLUMN `state` enum('sad','glad');
