-- cmigrate: upgrade
DROP TRIGGER `a`;
DROP TRIGGER `b`;
DROP TRIGGER `c`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `c` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = concat(NEW.a, 'c');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `a` BEFORE INSERT ON `t` FOR EACH ROW FOLLOWS `c` SET NEW.a = concat(NEW.a, 'A');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `d` BEFORE INSERT ON `t` FOR EACH ROW FOLLOWS `a` SET NEW.a = concat(NEW.a, 'd');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `b` BEFORE INSERT ON `t` FOR EACH ROW FOLLOWS `d` SET NEW.a = concat(NEW.a, 'b');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;

-- cmigrate: downgrade
DROP TRIGGER `a`;
DROP TRIGGER `b`;
DROP TRIGGER `c`;
DROP TRIGGER `d`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `b` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = concat(NEW.a, 'b');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `a` BEFORE INSERT ON `t` FOR EACH ROW FOLLOWS `b` SET NEW.a = concat(NEW.a, 'a');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE TRIGGER `c` BEFORE INSERT ON `t` FOR EACH ROW FOLLOWS `a` SET NEW.a = concat(NEW.a, 'c');
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
