-- cmigrate: upgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "t_f";
ALTER EXTENSION "hstore" SET SCHEMA "ext";
DROP FUNCTION "f"(citext);
ALTER EXTENSION "citext" SET SCHEMA "ext";
ALTER DOMAIN "email" RENAME TO "email_old";
CREATE DOMAIN "email" AS ext.citext CONSTRAINT "email_check" CHECK (VALUE OPERATOR(ext.<>) ''::ext.citext);
ALTER DOMAIN "h" RENAME TO "h_old";
CREATE DOMAIN "h" AS ext.hstore DEFAULT ''::ext.hstore;
ALTER TYPE "c" RENAME TO "c_old";
CREATE TYPE "c" AS ("a" ext.hstore, "b" h);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION f(ext.citext)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1::text$function$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "c" TYPE c USING "c"::text::c;
DROP TYPE "c_old";
DROP DOMAIN "h_old";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "e" TYPE email USING "e"::text::email;
DROP DOMAIN "email_old";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "h" DROP DEFAULT,
  ALTER COLUMN "h" TYPE ext.hstore USING "h"::text::ext.hstore,
  ALTER COLUMN "h" SET DEFAULT ''::ext.hstore,
  ALTER COLUMN "k" TYPE ext.citext USING "k"::ext.citext;

-- locks: SHARE; builds an index
CREATE INDEX "t_f" ON "t" ((f(k)));
CREATE VIEW "v" AS
SELECT (h OPERATOR(ext.->) 'x'::text) AS x
   FROM t
  WHERE (k OPERATOR(ext.=) 'a'::ext.citext);

-- cmigrate: downgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "t_f";
DROP FUNCTION "f"(ext.citext);
ALTER EXTENSION "citext" SET SCHEMA "public";
ALTER EXTENSION "hstore" SET SCHEMA "public";
ALTER DOMAIN "email" RENAME TO "email_old";
CREATE DOMAIN "email" AS citext CONSTRAINT "email_check" CHECK (VALUE <> ''::citext);
ALTER DOMAIN "h" RENAME TO "h_old";
CREATE DOMAIN "h" AS hstore DEFAULT ''::hstore;
ALTER TYPE "c" RENAME TO "c_old";
CREATE TYPE "c" AS ("a" hstore, "b" h);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION f(citext)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1::text$function$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "c" TYPE c USING "c"::text::c;
DROP TYPE "c_old";
DROP DOMAIN "h_old";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "e" TYPE email USING "e"::text::email;
DROP DOMAIN "email_old";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "h" DROP DEFAULT,
  ALTER COLUMN "h" TYPE hstore USING "h"::text::hstore,
  ALTER COLUMN "h" SET DEFAULT ''::hstore,
  ALTER COLUMN "k" TYPE citext;

-- locks: SHARE; builds an index
CREATE INDEX "t_f" ON "t" ((f(k)));
CREATE VIEW "v" AS
SELECT (h -> 'x'::text) AS x
   FROM t
  WHERE (k = 'a'::citext);
