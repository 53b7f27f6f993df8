-- cmigrate: upgrade
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION eq3(a integer, b integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN ((a % 3) = (b % 3));
CREATE OR REPLACE FUNCTION f(integer)
 RETURNS integer
 LANGUAGE sql
RETURN $1;
CREATE OR REPLACE FUNCTION f(text)
 RETURNS integer
 LANGUAGE sql
RETURN f(($1)::integer);
CREATE OR REPLACE FUNCTION f(integer, integer)
 RETURNS integer
 LANGUAGE sql
RETURN (f($1) + f(($2)::text));
CREATE OR REPLACE FUNCTION a()
 RETURNS integer
 LANGUAGE sql
RETURN f(1, 2);
CREATE OR REPLACE PROCEDURE b(IN i integer)
 LANGUAGE sql
BEGIN ATOMIC
 INSERT INTO z (id)
   VALUES (f(b.i));
END;
CREATE OPERATOR === (
    FUNCTION = eq3,
    LEFTARG = integer,
    RIGHTARG = integer
);
CREATE OR REPLACE FUNCTION c()
 RETURNS boolean
 LANGUAGE sql
RETURN (SELECT bool_and((z.id === 1)) AS bool_and FROM z);
CREATE VIEW "v" AS
SELECT (id === 3) AS x
   FROM z;
CREATE OR REPLACE FUNCTION d()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT count(v.x) AS count
    FROM v;
END;
CREATE VIEW "w" AS
SELECT d() AS n,
    c() AS e;

-- cmigrate: downgrade
DROP VIEW "w";
DROP FUNCTION "a"();
DROP FUNCTION "c"();
DROP FUNCTION "d"();
DROP VIEW "v";
DROP FUNCTION "f"(integer, integer);
DROP FUNCTION "f"(text);
DROP PROCEDURE "b"(integer);
DROP FUNCTION "f"(integer);
DROP OPERATOR ===(integer, integer);
DROP FUNCTION "eq3"(integer, integer);
