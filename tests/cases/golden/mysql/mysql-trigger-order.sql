-- cmigrate: upgrade
DROP TRIGGER `y`;
DROP TRIGGER `z`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `z` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = CONCAT(NEW.a, '3');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `y` BEFORE INSERT ON `t` FOR EACH ROW FOLLOWS `z` SET NEW.a = CONCAT(NEW.a, '2');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `x` BEFORE INSERT ON `t` FOR EACH ROW FOLLOWS `y` SET NEW.a = CONCAT(NEW.a, '4');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;

-- cmigrate: downgrade
DROP TRIGGER `x`;
DROP TRIGGER `y`;
DROP TRIGGER `z`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `z` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = CONCAT(NEW.a, '1');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `y` BEFORE INSERT ON `t` FOR EACH ROW FOLLOWS `z` SET NEW.a = CONCAT(NEW.a, '2');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
