-- cmigrate: upgrade
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION h(bigint)
 RETURNS bigint
 LANGUAGE sql
AS $function$select 2::bigint$function$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "id" DROP DEFAULT,
  ALTER COLUMN "id" TYPE bigint,
  ALTER COLUMN "w" DROP DEFAULT,
  ALTER COLUMN "z" DROP DEFAULT,
  ALTER COLUMN "z" TYPE bigint;
DROP FUNCTION "f"();
CREATE OR REPLACE FUNCTION f()
 RETURNS bigint
 LANGUAGE sql
AS $function$select 1::bigint$function$;
ALTER TABLE "t"
  ALTER COLUMN "w" SET DEFAULT (nextval('sq'::regclass) + f()),
  ALTER COLUMN "z" SET DEFAULT f();
DROP FUNCTION "g"(integer);
CREATE OR REPLACE FUNCTION g(bigint)
 RETURNS bigint
 LANGUAGE sql
AS $function$select $1$function$;
ALTER TABLE "t" ALTER COLUMN "id" SET DEFAULT g(h(f()));

-- cmigrate: downgrade
ALTER TABLE "t" ALTER COLUMN "id" DROP DEFAULT;

-- cmigrate: assert column t.id has values that integer cannot hold
SELECT "z" FROM "t" WHERE "id" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "id" TYPE integer,
  ALTER COLUMN "w" DROP DEFAULT,
  ALTER COLUMN "z" DROP DEFAULT;

-- cmigrate: assert column t.z has values that integer cannot hold
SELECT "z" FROM "t" WHERE "z" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "z" TYPE integer;
DROP FUNCTION "f"();
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION f()
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
ALTER TABLE "t"
  ALTER COLUMN "w" SET DEFAULT (nextval('sq'::regclass) + f()),
  ALTER COLUMN "z" SET DEFAULT f();
DROP FUNCTION "g"(bigint);
CREATE OR REPLACE FUNCTION g(integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select $1$function$;
DROP FUNCTION "h"(bigint);
ALTER TABLE "t" ALTER COLUMN "id" SET DEFAULT g(f());
