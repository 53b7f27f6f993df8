-- cmigrate: upgrade
ALTER DOMAIN "d" DROP CONSTRAINT "d_check";
ALTER DOMAIN "d" DROP DEFAULT;
ALTER DOMAIN "plain" DROP DEFAULT;
DROP FUNCTION "f"(integer);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION f(y integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1 + 1$function$;
ALTER DOMAIN "d" RENAME TO "d_old";
CREATE DOMAIN "d" AS integer DEFAULT f(2) CONSTRAINT "d_check" CHECK (f(VALUE) > '-1'::integer);
ALTER DOMAIN "plain" SET DEFAULT f(1);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE d USING "a"::integer::d,
  ALTER COLUMN "b" TYPE d[] USING "b"::text[]::d[];
DROP DOMAIN "d_old";

-- cmigrate: downgrade
ALTER DOMAIN "d" DROP CONSTRAINT "d_check";
ALTER DOMAIN "d" DROP DEFAULT;
ALTER DOMAIN "plain" DROP DEFAULT;
DROP FUNCTION "f"(integer);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION f(x integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1 + 1$function$;
ALTER DOMAIN "d" RENAME TO "d_old";
CREATE DOMAIN "d" AS integer DEFAULT f(1) CONSTRAINT "d_check" CHECK (f(VALUE) > 0);
ALTER DOMAIN "plain" SET DEFAULT f(1);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE d USING "a"::integer::d,
  ALTER COLUMN "b" TYPE d[] USING "b"::text[]::d[];
DROP DOMAIN "d_old";
