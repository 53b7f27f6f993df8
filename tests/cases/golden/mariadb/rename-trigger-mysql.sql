-- cmigrate: upgrade
RENAME TABLE `t` TO `u`;
ALTER TABLE `u` RENAME COLUMN `a` TO `b`;
DROP TRIGGER `tr`;
ALTER TABLE `u`
  MODIFY COLUMN `b` varchar(40);
CREATE TRIGGER tr2 AFTER UPDATE ON u FOR EACH ROW INSERT INTO log (x) VALUES (NEW.b);

-- cmigrate: downgrade
-- cmigrate: assert column t.a has values that varchar(30) cannot hold as they are
SELECT `t`.`id` FROM `u` AS t WHERE CHAR_LENGTH(`t`.`b`) > 30 LIMIT 1;
RENAME TABLE `u` TO `t`;
ALTER TABLE `t` RENAME COLUMN `b` TO `a`;
DROP TRIGGER `tr2`;

-- copies table t: it can be read, but not written, meanwhile
ALTER TABLE `t`
  MODIFY COLUMN `a` varchar(30);
CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW INSERT INTO log (x) VALUES (NEW.a);
