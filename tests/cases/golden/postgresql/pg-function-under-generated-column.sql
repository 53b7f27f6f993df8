-- cmigrate: upgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "t_a_check";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "t_b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  DROP COLUMN "b";
ALTER DOMAIN "positive" DROP CONSTRAINT "positive_check";
DROP FUNCTION "f"(integer);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION f(a integer, b integer DEFAULT 2)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$select a + b$function$;

-- locks: SHARE on the tables that use it; reads them
ALTER DOMAIN "positive" ADD CONSTRAINT "positive_check" CHECK (f(VALUE) > 0);
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT f(1);

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t"
  ADD COLUMN "b" integer GENERATED ALWAYS AS (f(a)) STORED,
  ADD CONSTRAINT "t_a_check" CHECK (f(a) > 0);

-- locks: SHARE; builds an index
CREATE INDEX "t_b" ON "t" ("b");
CREATE VIEW "v" AS
SELECT f(a) AS x,
    b
   FROM t;

-- cmigrate: downgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "t_a_check";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "t_b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  DROP COLUMN "b";
ALTER DOMAIN "positive" DROP CONSTRAINT "positive_check";
DROP FUNCTION "f"(integer, integer);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION f(a integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select a + 1$function$;

-- locks: SHARE on the tables that use it; reads them
ALTER DOMAIN "positive" ADD CONSTRAINT "positive_check" CHECK (f(VALUE) > 0);
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT f(1);

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t"
  ADD COLUMN "b" integer GENERATED ALWAYS AS (f(a)) STORED,
  ADD CONSTRAINT "t_a_check" CHECK (f(a) > 0);

-- locks: SHARE; builds an index
CREATE INDEX "t_b" ON "t" ("b");
CREATE VIEW "v" AS
SELECT f(a) AS x,
    b
   FROM t;
