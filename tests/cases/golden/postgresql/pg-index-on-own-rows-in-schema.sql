-- cmigrate: upgrade
DROP VIEW "b"."v";

-- locks: ACCESS EXCLUSIVE on the index and b.t
DROP INDEX "b"."ti";
CREATE SCHEMA "c";
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION c.f(x b.t, y integer DEFAULT 4)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select (($1).a + $2)::int$function$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "b"."t" ALTER COLUMN "a" TYPE bigint;

-- locks: SHARE; builds an index
CREATE INDEX "ti" ON "b"."t" ((c.f(t.*)));
CREATE VIEW "b"."v" AS
SELECT c.f(t.*) AS f
   FROM b.t;
DROP FUNCTION "b"."f"(b.t, integer);

-- cmigrate: downgrade
DROP VIEW "b"."v";

-- locks: ACCESS EXCLUSIVE on the index and b.t
DROP INDEX "b"."ti";
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION b.f(x b.t, y integer DEFAULT 3)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select ($1).a + $2$function$;

-- cmigrate: assert column t.a has values that integer cannot hold
SELECT ctid FROM "b"."t" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "b"."t" ALTER COLUMN "a" TYPE integer;

-- locks: SHARE; builds an index
CREATE INDEX "ti" ON "b"."t" ((b.f(t.*)));
CREATE VIEW "b"."v" AS
SELECT b.f(t.*) AS f
   FROM b.t;
DROP FUNCTION "c"."f"(b.t, integer);
DROP SCHEMA "c";
