-- cmigrate: upgrade
DROP MATERIALIZED VIEW "m";
DROP VIEW "w";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "s"."t" ADD COLUMN "b" text;
DROP FUNCTION "g"(v);
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "s"."t" ALTER COLUMN "a" TYPE bigint;
CREATE VIEW "v" AS
SELECT id,
    a,
    b
   FROM f() f(id, a, b);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION g(v)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$select ($1).a$function$;

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "m" AS
SELECT id,
    g(v.*) AS gg
   FROM v;
CREATE VIEW "w" AS
SELECT a
   FROM one() o(id, a, b);

-- cmigrate: downgrade
DROP MATERIALIZED VIEW "m";
DROP VIEW "w";
DROP FUNCTION "g"(v);
DROP VIEW "v";

-- cmigrate: assert column t.a has values that integer cannot hold
SELECT "id" FROM "s"."t" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- loses data: column b of table t; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; the values of b are gone
ALTER TABLE "s"."t"
  ALTER COLUMN "a" TYPE integer,
  DROP COLUMN "b";
CREATE VIEW "v" AS
SELECT id,
    a
   FROM f() f(id, a);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION g(v)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select ($1).a$function$;

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "m" AS
SELECT id,
    g(v.*) AS gg
   FROM v;
CREATE VIEW "w" AS
SELECT a
   FROM one() o(id, a);
