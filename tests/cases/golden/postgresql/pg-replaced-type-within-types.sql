-- cmigrate: upgrade
DROP VIEW "open";

-- drops values of enum level: mid
ALTER TYPE "level" RENAME TO "level_old";
CREATE TYPE "level" AS ENUM ('high', 'low');
ALTER DOMAIN "risky" RENAME TO "risky_old";
CREATE DOMAIN "risky" AS level CONSTRAINT "risky_check" CHECK (VALUE <> 'low'::level);
ALTER TYPE "mark" RENAME TO "mark_old";
CREATE TYPE "mark" AS ("at" level, "note" text);
ALTER TYPE "levels" RENAME TO "levels_old";
ALTER FUNCTION "levels"("level_old", "level_old") RENAME TO "levels_old";
ALTER FUNCTION "levels"("level_old", "level_old", text) RENAME TO "levels_old";
ALTER TYPE "levels_multirange" RENAME TO "levels_multirange_old";
ALTER FUNCTION "levels_multirange"() RENAME TO "levels_multirange_old";
ALTER FUNCTION "levels_multirange"("levels_old") RENAME TO "levels_multirange_old";
ALTER FUNCTION "levels_multirange"("levels_old"[]) RENAME TO "levels_multirange_old";
CREATE TYPE levels AS RANGE (
    subtype = level,
    multirange_type_name = levels_multirange
);
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "log" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "log_low" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "log_rest" SET SCHEMA "cmigrate_old";
CREATE TABLE "log" (
    "level" level NOT NULL,
    "id" integer
) PARTITION BY LIST (level);

-- locks: ACCESS EXCLUSIVE on log, log_rest; reads the default partition
CREATE TABLE "log_low" PARTITION OF "log" FOR VALUES IN ('low');

-- locks: ACCESS EXCLUSIVE on log, log_rest; reads the default partition
CREATE TABLE "log_rest" PARTITION OF "log" DEFAULT;

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
      FROM (WITH involved AS (SELECT '"log"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"log"')
                 UNION SELECT '"cmigrate_old"."log"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."log"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW(("level"::text::level)::level, "id")::text, 0)) AS sum INTO had FROM "cmigrate_old"."log";
    WITH put AS (
        INSERT INTO "log" ("level", "id") OVERRIDING SYSTEM VALUE
        SELECT "level"::text::level, "id" FROM "cmigrate_old"."log"
        RETURNING "level", "id")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("level", "id")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of log were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "report" ALTER COLUMN "mark" TYPE mark USING "mark"::text::mark;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "report"
  ALTER COLUMN "marks" TYPE mark[] USING "marks"::text[]::mark[],
  ALTER COLUMN "risk" TYPE risky USING "risk"::text::risky,
  ALTER COLUMN "span" TYPE levels USING "span"::text::levels;
CREATE VIEW "open" AS
SELECT id,
    (mark).note AS note
   FROM report
  WHERE ((risk)::level = 'high'::level);
DROP TABLE "cmigrate_old"."log";
DROP SCHEMA "cmigrate_old";
DROP DOMAIN "risky_old";
DROP TYPE "mark_old";
DROP TYPE "levels_old";
DROP TYPE "level_old";

-- cmigrate: downgrade
DROP VIEW "open";
ALTER TYPE "level" RENAME TO "level_old";
CREATE TYPE "level" AS ENUM ('low', 'mid', 'high');
ALTER DOMAIN "risky" RENAME TO "risky_old";
CREATE DOMAIN "risky" AS level CONSTRAINT "risky_check" CHECK (VALUE <> 'low'::level);
ALTER TYPE "mark" RENAME TO "mark_old";
CREATE TYPE "mark" AS ("at" level, "note" text);
ALTER TYPE "levels" RENAME TO "levels_old";
ALTER FUNCTION "levels"("level_old", "level_old") RENAME TO "levels_old";
ALTER FUNCTION "levels"("level_old", "level_old", text) RENAME TO "levels_old";
ALTER TYPE "levels_multirange" RENAME TO "levels_multirange_old";
ALTER FUNCTION "levels_multirange"() RENAME TO "levels_multirange_old";
ALTER FUNCTION "levels_multirange"("levels_old") RENAME TO "levels_multirange_old";
ALTER FUNCTION "levels_multirange"("levels_old"[]) RENAME TO "levels_multirange_old";
CREATE TYPE levels AS RANGE (
    subtype = level,
    multirange_type_name = levels_multirange
);
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "log" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "log_low" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "log_rest" SET SCHEMA "cmigrate_old";
CREATE TABLE "log" (
    "level" level NOT NULL,
    "id" integer
) PARTITION BY LIST (level);

-- locks: ACCESS EXCLUSIVE on log, log_rest; reads the default partition
CREATE TABLE "log_low" PARTITION OF "log" FOR VALUES IN ('low');

-- locks: ACCESS EXCLUSIVE on log, log_rest; reads the default partition
CREATE TABLE "log_rest" PARTITION OF "log" DEFAULT;

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
      FROM (WITH involved AS (SELECT '"log"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"log"')
                 UNION SELECT '"cmigrate_old"."log"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."log"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW(("level"::text::level)::level, "id")::text, 0)) AS sum INTO had FROM "cmigrate_old"."log";
    WITH put AS (
        INSERT INTO "log" ("level", "id") OVERRIDING SYSTEM VALUE
        SELECT "level"::text::level, "id" FROM "cmigrate_old"."log"
        RETURNING "level", "id")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("level", "id")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of log were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "report" ALTER COLUMN "mark" TYPE mark USING "mark"::text::mark;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "report"
  ALTER COLUMN "marks" TYPE mark[] USING "marks"::text[]::mark[],
  ALTER COLUMN "risk" TYPE risky USING "risk"::text::risky,
  ALTER COLUMN "span" TYPE levels USING "span"::text::levels;
CREATE VIEW "open" AS
SELECT id,
    (mark).note AS note
   FROM report
  WHERE ((risk)::level = 'high'::level);
DROP TABLE "cmigrate_old"."log";
DROP SCHEMA "cmigrate_old";
DROP DOMAIN "risky_old";
DROP TYPE "mark_old";
DROP TYPE "levels_old";
DROP TYPE "level_old";
