-- cmigrate: upgrade
DROP EVENT `Ev`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_time_zone = @@SESSION.time_zone, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , time_zone = 'SYSTEM' , collation_connection = 'utf8mb4_general_ci';
CREATE EVENT `ev` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE DO SET @a = 2;
SET SESSION sql_mode = @cmigrate_sql_mode, time_zone = @cmigrate_time_zone, collation_connection = @cmigrate_collation_connection;
DROP FUNCTION `Foo`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE FUNCTION `FOO`() RETURNS int
    DETERMINISTIC
RETURN 2;
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
DROP PROCEDURE `Bar`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE PROCEDURE `bar`()
SELECT 1;
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;

-- cmigrate: downgrade
DROP EVENT `ev`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_time_zone = @@SESSION.time_zone, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , time_zone = 'SYSTEM' , collation_connection = 'utf8mb4_general_ci';
CREATE EVENT `Ev` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE DO SET @a = 1;
SET SESSION sql_mode = @cmigrate_sql_mode, time_zone = @cmigrate_time_zone, collation_connection = @cmigrate_collation_connection;
DROP FUNCTION `FOO`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE FUNCTION `Foo`() RETURNS int
    DETERMINISTIC
RETURN 1;
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
DROP PROCEDURE `bar`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE PROCEDURE `Bar`()
SELECT 1;
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
