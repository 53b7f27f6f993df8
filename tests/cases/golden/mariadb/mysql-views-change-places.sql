-- cmigrate: upgrade
DROP VIEW `calling`;
DROP VIEW `under`;
DROP VIEW `top`;
CREATE VIEW `under` AS
select `t`.`a` AS `a` from `t`;
CREATE VIEW `top` AS
select `under`.`a` AS `a` from `under`;
DROP FUNCTION `f`;
CREATE FUNCTION `f`(x bigint, y int) RETURNS bigint(20)
    DETERMINISTIC
RETURN x + y;
CREATE VIEW `calling` AS
select `f`(`t`.`a`,1) AS `b` from `t`;

-- cmigrate: downgrade
DROP VIEW `calling`;
DROP VIEW `top`;
DROP VIEW `under`;
CREATE VIEW `top` AS
select `t`.`a` AS `a` from `t`;
CREATE VIEW `under` AS
select `top`.`a` AS `a` from `top`;
DROP FUNCTION `f`;
CREATE FUNCTION `f`(x int) RETURNS int(11)
    DETERMINISTIC
RETURN x + 1;
CREATE VIEW `calling` AS
select `f`(`t`.`a`) AS `b` from `t`;
