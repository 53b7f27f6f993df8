-- cmigrate: upgrade
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION a_sum(integer, integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1 + $2$function$;
CREATE OR REPLACE FUNCTION z_last(integer[])
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1[1]$function$;
CREATE OR REPLACE FUNCTION z_last(integer[], integer)
 RETURNS integer[]
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1 || $2$function$;
CREATE AGGREGATE a_sum(integer) (
    SFUNC = public.a_sum,
    STYPE = integer,
    INITCOND = '0'
);
CREATE AGGREGATE z_last(integer) (
    SFUNC = public.z_last,
    STYPE = integer[],
    FINALFUNC = public.z_last
);

-- cmigrate: downgrade
DROP AGGREGATE "a_sum"(integer);
DROP FUNCTION "a_sum"(integer, integer);
DROP AGGREGATE "z_last"(integer);
DROP FUNCTION "z_last"(integer[]);
DROP FUNCTION "z_last"(integer[], integer);
