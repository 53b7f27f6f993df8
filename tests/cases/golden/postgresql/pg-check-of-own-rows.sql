-- cmigrate: upgrade
CREATE TABLE "row_table" (
    "a" integer,
    "b" integer
);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION inner_rule(row_table)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$select ($1).a > 0$function$;
CREATE OR REPLACE FUNCTION rule(row_table)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN inner_rule($1);
ALTER TABLE "row_table" ADD CONSTRAINT "cc" CHECK (rule(row_table.*));
CREATE INDEX "ix" ON "row_table" ((inner_rule(row_table.*)));

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "row_table" DROP CONSTRAINT "cc";

-- locks: ACCESS EXCLUSIVE on the index and row_table
DROP INDEX "ix";
DROP FUNCTION "rule"(row_table);
DROP FUNCTION "inner_rule"(row_table);

-- loses data: the rows of table row_table; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "row_table";
