-- cmigrate: upgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";
ALTER TYPE "ct" RENAME TO "ct_old";
CREATE TYPE "ct" AS ("a" integer, "bb" text, "d" date);
ALTER DOMAIN "dc" RENAME TO "dc_old";
CREATE DOMAIN "dc" AS ct CONSTRAINT "dc_check" CHECK ((VALUE).a > 0);
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "u" SET SCHEMA "cmigrate_old";
CREATE TABLE "u" OF "ct";

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
      FROM (WITH involved AS (SELECT '"u"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"u"')
                 UNION SELECT '"cmigrate_old"."u"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."u"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("a", "d")::text, 0)) AS sum INTO had FROM "cmigrate_old"."u";
    WITH put AS (
        INSERT INTO "u" ("a", "d") OVERRIDING SYSTEM VALUE
        SELECT "a", "d" FROM "cmigrate_old"."u"
        RETURNING "a", "d")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("a", "d")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of u were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "c" TYPE ct USING jsonb_populate_record(NULL::ct, to_jsonb("c"));
CREATE TYPE "t_cs_value" AS (v ct[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "cs" TYPE ct[] USING (jsonb_populate_record(NULL::"t_cs_value", jsonb_build_object('v', to_jsonb("cs")))).v;
DROP TYPE "t_cs_value";
CREATE TYPE "w_x_value" AS (v dc);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "w" ALTER COLUMN "x" TYPE dc USING (jsonb_populate_record(NULL::"w_x_value", jsonb_build_object('v', to_jsonb("x")))).v;
DROP TYPE "w_x_value";

-- locks: SHARE; builds an index
CREATE INDEX "i" ON "t" (((c).a));
CREATE VIEW "v" AS
SELECT (c).a AS a
   FROM t;
DROP TABLE "cmigrate_old"."u";
DROP SCHEMA "cmigrate_old";
DROP DOMAIN "dc_old";
DROP TYPE "ct_old";

-- cmigrate: downgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";
ALTER TYPE "ct" RENAME TO "ct_old";
CREATE TYPE "ct" AS ("a" integer, "b" text, "d" date);
ALTER DOMAIN "dc" RENAME TO "dc_old";
CREATE DOMAIN "dc" AS ct CONSTRAINT "dc_check" CHECK ((VALUE).a > 0);
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "u" SET SCHEMA "cmigrate_old";
CREATE TABLE "u" OF "ct";

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
      FROM (WITH involved AS (SELECT '"u"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"u"')
                 UNION SELECT '"cmigrate_old"."u"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."u"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("a", "d")::text, 0)) AS sum INTO had FROM "cmigrate_old"."u";
    WITH put AS (
        INSERT INTO "u" ("a", "d") OVERRIDING SYSTEM VALUE
        SELECT "a", "d" FROM "cmigrate_old"."u"
        RETURNING "a", "d")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("a", "d")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of u were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "c" TYPE ct USING jsonb_populate_record(NULL::ct, to_jsonb("c"));
CREATE TYPE "t_cs_value" AS (v ct[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "cs" TYPE ct[] USING (jsonb_populate_record(NULL::"t_cs_value", jsonb_build_object('v', to_jsonb("cs")))).v;
DROP TYPE "t_cs_value";
CREATE TYPE "w_x_value" AS (v dc);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "w" ALTER COLUMN "x" TYPE dc USING (jsonb_populate_record(NULL::"w_x_value", jsonb_build_object('v', to_jsonb("x")))).v;
DROP TYPE "w_x_value";

-- locks: SHARE; builds an index
CREATE INDEX "i" ON "t" (((c).a));
CREATE VIEW "v" AS
SELECT (c).a AS a
   FROM t;
DROP TABLE "cmigrate_old"."u";
DROP SCHEMA "cmigrate_old";
DROP DOMAIN "dc_old";
DROP TYPE "ct_old";
