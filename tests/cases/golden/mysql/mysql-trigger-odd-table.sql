-- cmigrate: upgrade
RENAME TABLE `kind` TO `a "b`;
DROP TRIGGER `tr`;
CREATE TRIGGER `tr` BEFORE UPDATE ON `a "b` FOR EACH ROW SET @x = NEW.`s`;

-- cmigrate: downgrade
RENAME TABLE `a "b` TO `kind`;
DROP TRIGGER `tr`;
CREATE TRIGGER `tr` BEFORE UPDATE ON `kind` FOR EACH ROW SET @x = NEW.`s`;
