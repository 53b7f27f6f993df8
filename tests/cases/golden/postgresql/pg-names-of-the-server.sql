-- cmigrate: upgrade
CREATE COLLATION "C" (provider = libc, locale = 'C');
CREATE TYPE "public"."point" AS ENUM ('a');
ALTER DOMAIN "public"."box" ADD CONSTRAINT "box_check" CHECK (VALUE <> ''::text);
CREATE DOMAIN "public"."date" AS text;
CREATE TYPE "public"."name" AS ("a" integer);
ALTER TYPE "public"."path" ADD ATTRIBUTE "b" integer;
CREATE SEQUENCE "pg_sequence";
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION lower(x text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$select pg_catalog.upper($1)$function$;
COMMENT ON FUNCTION "public"."lower"(text) IS 'ours';
CREATE OR REPLACE FUNCTION unnest(x anyarray)
 RETURNS SETOF anyelement
 LANGUAGE sql
AS $function$select pg_catalog.unnest($1)$function$;
CREATE OR REPLACE PROCEDURE set_config(IN a text, IN b text, IN c boolean)
 LANGUAGE sql
AS $procedure$select 1$procedure$;
CREATE AGGREGATE sum(integer) (
    SFUNC = int4pl,
    STYPE = integer
);
CREATE TEXT SEARCH DICTIONARY simple (
    TEMPLATE = pg_catalog.simple
);
CREATE VIEW "pg_type" AS
SELECT 1 AS a;
DROP FUNCTION "public"."upper"(text);

-- cmigrate: downgrade
DROP VIEW "public"."pg_type";
ALTER DOMAIN "public"."box" DROP CONSTRAINT "box_check";

-- may lose data: the values of attribute b of type path are dropped
ALTER TYPE "public"."path" DROP ATTRIBUTE "b";
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION upper(x text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$select pg_catalog.lower($1)$function$;

-- loses data: the counter of sequence pg_sequence
DROP SEQUENCE "public"."pg_sequence";
DROP FUNCTION "public"."lower"(text);
DROP FUNCTION "public"."unnest"(anyarray);
DROP PROCEDURE "public"."set_config"(text, text, boolean);
DROP AGGREGATE "public"."sum"(integer);
DROP COLLATION "public"."C";
DROP TYPE "public"."point";
DROP DOMAIN "public"."date";
DROP TYPE "public"."name";
DROP TEXT SEARCH DICTIONARY "public"."simple";
