-- cmigrate: upgrade
DROP EVENT `moves`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_time_zone = @@SESSION.time_zone, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , time_zone = '+05:30' , collation_connection = 'utf8mb4_general_ci';
CREATE EVENT `comes` ON SCHEDULE AT '2035-05-05 05:05:05' ON COMPLETION PRESERVE DISABLE DO SET @a = 1;
SET SESSION sql_mode = @cmigrate_sql_mode, time_zone = @cmigrate_time_zone, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_time_zone = @@SESSION.time_zone, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , time_zone = '-03:00' , collation_connection = 'utf8mb4_general_ci';
CREATE EVENT `moves` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE DO SET @a = 1;
SET SESSION sql_mode = @cmigrate_sql_mode, time_zone = @cmigrate_time_zone, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_time_zone = @@SESSION.time_zone, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , time_zone = 'SYSTEM' , collation_connection = 'utf8mb4_general_ci';
CREATE EVENT `plain` ON SCHEDULE AT '2035-05-05 05:05:05' ON COMPLETION PRESERVE DISABLE DO SET @a = 1;
SET SESSION sql_mode = @cmigrate_sql_mode, time_zone = @cmigrate_time_zone, collation_connection = @cmigrate_collation_connection;

-- cmigrate: downgrade
DROP EVENT `comes`;
DROP EVENT `moves`;
DROP EVENT `plain`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_time_zone = @@SESSION.time_zone, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , time_zone = '+05:00' , collation_connection = 'utf8mb4_general_ci';
CREATE EVENT `moves` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE DO SET @a = 1;
SET SESSION sql_mode = @cmigrate_sql_mode, time_zone = @cmigrate_time_zone, collation_connection = @cmigrate_collation_connection;
