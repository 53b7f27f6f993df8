-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "ti";
DROP FUNCTION "Fn"."F"(integer);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION "Fn"."F"(bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1 + 1$function$;

-- locks: SHARE; builds an index
CREATE INDEX "ti" ON "t" (("Fn"."F"((a)::bigint)));

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "ti";
DROP FUNCTION "Fn"."F"(bigint);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION "Fn"."F"(integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1 + 1$function$;

-- locks: SHARE; builds an index
CREATE INDEX "ti" ON "t" (("Fn"."F"(a)));
