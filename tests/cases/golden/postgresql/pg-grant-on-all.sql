-- cmigrate: upgrade
CREATE SCHEMA "s";
SET LOCAL check_function_bodies = off;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE "c" (
    "id" serial NOT NULL,
    CONSTRAINT "pk_c" PRIMARY KEY ("id")
);
CREATE TABLE "s"."b" (
    "id" integer GENERATED ALWAYS AS IDENTITY NOT NULL
);
CREATE VIEW "w" AS
SELECT id FROM a;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO pg_monitor;
GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA "s" TO pg_monitor WITH GRANT OPTION;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO pg_monitor;
REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA public FROM PUBLIC;

-- cmigrate: downgrade
DROP VIEW "w";
REVOKE SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA "s" FROM pg_monitor;

-- loses data: the rows of table c; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "c";

-- loses data: the rows of table b; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "s"."b";
DROP FUNCTION "f"();
DROP SCHEMA "s";
