-- cmigrate: upgrade
ALTER DOMAIN "code" DROP CONSTRAINT "c1";
DROP FUNCTION "valid"(text);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION valid(t text, n integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$select length(t) >= n$function$;
ALTER DOMAIN "code" RENAME TO "code_old";
CREATE DOMAIN "code" AS text CONSTRAINT "c1" CHECK (valid(VALUE, 1)) CONSTRAINT "c2" CHECK (length(VALUE) > 3);
ALTER DOMAIN "codes" RENAME TO "codes_old";
CREATE DOMAIN "codes" AS code[] CONSTRAINT "codes_check" CHECK (array_length(VALUE, 1) < 9);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" TYPE code USING "a"::text::code,
  ALTER COLUMN "a" SET DEFAULT 'abcd'::text,
  ALTER COLUMN "b" TYPE codes USING "b"::text::codes;
DROP DOMAIN "codes_old";
DROP DOMAIN "code_old";

-- cmigrate: downgrade
ALTER DOMAIN "code" DROP CONSTRAINT "c1";
DROP FUNCTION "valid"(text, integer);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION valid(text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$select true$function$;
ALTER DOMAIN "code" RENAME TO "code_old";
CREATE DOMAIN "code" AS text CONSTRAINT "c1" CHECK (valid(VALUE));
ALTER DOMAIN "code" ADD CONSTRAINT "c2" CHECK (length(VALUE) > 3) NOT VALID;
ALTER DOMAIN "codes" RENAME TO "codes_old";
CREATE DOMAIN "codes" AS code[] CONSTRAINT "codes_check" CHECK (array_length(VALUE, 1) < 9);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" TYPE code USING "a"::text::code,
  ALTER COLUMN "a" SET DEFAULT 'abcd'::text,
  ALTER COLUMN "b" TYPE codes USING "b"::text::codes;
DROP DOMAIN "codes_old";
DROP DOMAIN "code_old";
