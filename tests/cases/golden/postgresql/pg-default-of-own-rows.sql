-- cmigrate: upgrade
CREATE DOMAIN "positive" AS bigint CONSTRAINT "positive_check" CHECK (VALUE >= 0);
CREATE TABLE "t" (
    "id" integer,
    "n" positive,
    "said" text DEFAULT 'x'::text NOT NULL
);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION f()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT count(*) AS count
    FROM t;
END;

-- locks: ACCESS EXCLUSIVE; rewrites the table where the default is volatile
ALTER TABLE "stays" ADD COLUMN "m" bigint DEFAULT f();

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "n" SET DEFAULT f();

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" ALTER COLUMN "id" DROP DEFAULT;
DROP FUNCTION "g"();

-- loses data: the rows of table u; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "u";

-- cmigrate: downgrade
CREATE TABLE "u" (
    "id" integer
);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION g()
 RETURNS u
 LANGUAGE sql
 STABLE
AS $function$select * from u limit 1$function$;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "n" DROP DEFAULT;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" ALTER COLUMN "id" SET DEFAULT (g()).id;

-- loses data: column m of table stays; locks: ACCESS EXCLUSIVE; the values of m are gone
ALTER TABLE "stays" DROP COLUMN "m";
DROP FUNCTION "f"();

-- loses data: the rows of table t; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "t";
DROP DOMAIN "positive";
