-- cmigrate: upgrade
CREATE VIEW `z` AS
select `t`.`m` AS `m`,`t`.`k` AS `b` from `t`;
CREATE VIEW `m` AS
select `z`.`m` AS `z`,`z`.`b` AS `k` from `z`;
CREATE VIEW `b` AS
select `m`.`k` AS `m` from `m`;

-- cmigrate: downgrade
DROP VIEW `b`;
DROP VIEW `m`;
DROP VIEW `z`;
