-- cmigrate: upgrade
SET @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION collation_connection = 'utf8mb4_general_ci';
CREATE VIEW `z` AS
select `t`.`m` AS `m`,`t`.`k` AS `b` from `t`;
SET SESSION collation_connection = @cmigrate_collation_connection;
SET @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION collation_connection = 'utf8mb4_general_ci';
CREATE VIEW `m` AS
select `z`.`m` AS `z`,`z`.`b` AS `k` from `z`;
SET SESSION collation_connection = @cmigrate_collation_connection;
SET @cmigrate_collation_connection = @@SESSION.collation_connection;
SET SESSION collation_connection = 'utf8mb4_general_ci';
CREATE VIEW `b` AS
select `m`.`k` AS `m` from `m`;
SET SESSION collation_connection = @cmigrate_collation_connection;

-- cmigrate: downgrade
DROP VIEW `b`;
DROP VIEW `m`;
DROP VIEW `z`;
