-- cmigrate: upgrade
CREATE SCHEMA "s";
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION a_least(text, text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$select case when $1 operator(pg_catalog.<) $2 then $1 else $2 end$function$;
CREATE OR REPLACE FUNCTION s.lt(text, text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1 < $2$function$;
CREATE OPERATOR <<<< (
    FUNCTION = s.lt,
    LEFTARG = text,
    RIGHTARG = text
);
CREATE AGGREGATE b_min(text) (
    SFUNC = a_least,
    STYPE = text,
    SORTOP = <<<<
);
CREATE OPERATOR s.<<< (
    FUNCTION = s.lt,
    LEFTARG = text,
    RIGHTARG = text
);
CREATE AGGREGATE a_min(text) (
    SFUNC = a_least,
    STYPE = text,
    SORTOP = OPERATOR(s.<<<)
);

-- cmigrate: downgrade
DROP AGGREGATE "a_min"(text);
DROP AGGREGATE "b_min"(text);
DROP FUNCTION "a_least"(text, text);
DROP OPERATOR <<<<(text, text);
DROP OPERATOR "s".<<<(text, text);
DROP FUNCTION "s"."lt"(text, text);
DROP SCHEMA "s";
