-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "pd" DROP CONSTRAINT "pd_s_check";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "pd_off_2" DROP CONSTRAINT IF EXISTS "pd_off_2_s_check";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "pd_on" DROP CONSTRAINT IF EXISTS "own";
DROP FUNCTION "ok"(st);
DROP FUNCTION "okk"(st, integer);

-- drops values of enum st: mid
ALTER TYPE "st" RENAME TO "st_old";
CREATE TYPE "st" AS ENUM ('on', 'off');
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION ok(st)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$ select $1 is not null $function$;
CREATE OR REPLACE FUNCTION okk(x st, y integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$ select $1 is not null $function$;
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "pd" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "pd_off" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "pd_off_2" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "pd_on" SET SCHEMA "cmigrate_old";
CREATE TABLE "pd" (
    "id" integer,
    "s" st DEFAULT 'off'::st,
    CONSTRAINT "known" CHECK (ok(s))
) PARTITION BY LIST (s);

-- locks: ACCESS EXCLUSIVE on pd
CREATE TABLE "pd_off" PARTITION OF "pd" FOR VALUES IN ('off') PARTITION BY LIST (id);

-- locks: ACCESS EXCLUSIVE on pd_off
CREATE TABLE "pd_off_2" PARTITION OF "pd_off" (
    CONSTRAINT "pd_off_2_s_check" CHECK (ok(s))
) FOR VALUES IN (2);

-- locks: ACCESS EXCLUSIVE on pd
CREATE TABLE "pd_on" PARTITION OF "pd" (
    CONSTRAINT "own" CHECK (okk(s, (id + 1)))
) FOR VALUES IN ('on');

-- copies all rows
DO $move$
DECLARE
    quiet text;
    restore text;
    had record;
    got record;
BEGIN
    SET LOCAL row_security = off;
    SET CONSTRAINTS ALL IMMEDIATE;
    SELECT pg_catalog.string_agg(off, '; ' ORDER BY place, off) FILTER (WHERE is_on),
           pg_catalog.string_agg(back, '; ' ORDER BY place, back)
      INTO quiet, restore
      FROM (WITH involved AS (SELECT '"pd"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"pd"')
                 UNION SELECT '"cmigrate_old"."pd"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."pd"'))
            SELECT tgenabled <> 'D' AS is_on, i.level AS place,
                   pg_catalog.format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) AS off,
                   pg_catalog.format('ALTER TABLE %s %s TRIGGER %I', tgrelid::regclass,
                          CASE tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE'
                               WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, tgname) AS back
              FROM pg_catalog.pg_trigger JOIN involved i ON tgrelid = i.oid
             WHERE NOT tgisinternal OR (tgparentid <> 0::oid AND tgconstraint = 0::oid)
            UNION ALL
            SELECT ev_enabled <> 'D', i.level,
                   pg_catalog.format('ALTER TABLE %s DISABLE RULE %I', ev_class::regclass, rulename),
                   pg_catalog.format('ALTER TABLE %s %s RULE %I', ev_class::regclass,
                          CASE ev_enabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE'
                               WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, rulename)
              FROM pg_catalog.pg_rewrite JOIN involved i ON ev_class = i.oid
            UNION ALL
            SELECT true, i.level, pg_catalog.format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', c.oid::regclass),
                   pg_catalog.format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', c.oid::regclass)
              FROM pg_catalog.pg_class c JOIN involved i ON c.oid = i.oid WHERE relforcerowsecurity) AS found;
    IF quiet IS NOT NULL THEN
        EXECUTE quiet;
    END IF;
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", ("s"::text::st)::st)::text, 0)) AS sum INTO had FROM "cmigrate_old"."pd";
    WITH put AS (
        INSERT INTO "pd" ("id", "s") OVERRIDING SYSTEM VALUE
        SELECT "id", "s"::text::st FROM "cmigrate_old"."pd"
        RETURNING "id", "s")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", "s")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of pd were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "cmigrate_old"."pd";
DROP SCHEMA "cmigrate_old";
DROP TYPE "st_old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "pd_on" DROP CONSTRAINT IF EXISTS "own";
ALTER TYPE "st" ADD VALUE 'mid' AFTER 'on';

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "pd" ALTER COLUMN "s" SET DEFAULT 'on'::st;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "pd_on" ADD CONSTRAINT "own" CHECK (okk(s, id));

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "pd" RENAME CONSTRAINT "known" TO "pd_s_check";
