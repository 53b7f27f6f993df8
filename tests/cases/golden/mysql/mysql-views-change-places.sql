-- cmigrate: upgrade
DROP VIEW `calling`;
DROP VIEW `under`;
DROP VIEW `top`;
SET @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION collation_connection = 'utf8mb4_general_ci';
CREATE VIEW `under` AS
select `t`.`a` AS `a` from `t`;
SET SESSION collation_connection = @cmigrate_collation_connection;
SET @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION collation_connection = 'utf8mb4_general_ci';
CREATE VIEW `top` AS
select `under`.`a` AS `a` from `under`;
SET SESSION collation_connection = @cmigrate_collation_connection;
DROP FUNCTION `f`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE FUNCTION `f`(x bigint, y int) RETURNS bigint
    DETERMINISTIC
RETURN x + y;
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION collation_connection = 'utf8mb4_general_ci';
CREATE VIEW `calling` AS
select `f`(`t`.`a`,1) AS `b` from `t`;
SET SESSION collation_connection = @cmigrate_collation_connection;

-- cmigrate: downgrade
DROP VIEW `calling`;
DROP VIEW `top`;
DROP VIEW `under`;
SET @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION collation_connection = 'utf8mb4_general_ci';
CREATE VIEW `top` AS
select `t`.`a` AS `a` from `t`;
SET SESSION collation_connection = @cmigrate_collation_connection;
SET @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION collation_connection = 'utf8mb4_general_ci';
CREATE VIEW `under` AS
select `top`.`a` AS `a` from `top`;
SET SESSION collation_connection = @cmigrate_collation_connection;
DROP FUNCTION `f`;
SET @cmigrate_sql_mode = @@SESSION.sql_mode, @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' , collation_connection = 'utf8mb4_general_ci';
CREATE FUNCTION `f`(x int) RETURNS int
    DETERMINISTIC
RETURN x + 1;
SET SESSION sql_mode = @cmigrate_sql_mode, collation_connection = @cmigrate_collation_connection;
SET @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION collation_connection = 'utf8mb4_general_ci';
CREATE VIEW `calling` AS
select `f`(`t`.`a`) AS `b` from `t`;
SET SESSION collation_connection = @cmigrate_collation_connection;
