-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "d" DROP CONSTRAINT "d_k_fkey";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" DROP CONSTRAINT "c_pkey";
ALTER COLLATION "ci" RENAME TO "ci_old";
CREATE COLLATION ci (provider = icu, deterministic = false, locale = 'und-u-ks-level1');
ALTER DOMAIN "em" RENAME TO "em_old";
CREATE DOMAIN "em" AS text COLLATE "ci" CONSTRAINT "em_check" CHECK (VALUE <> ''::text);
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "lp" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "lp_a" SET SCHEMA "cmigrate_old";
CREATE TABLE "lp" (
    "k" text COLLATE "ci",
    "v" integer
) PARTITION BY LIST (k);

-- locks: ACCESS EXCLUSIVE on lp
CREATE TABLE "lp_a" PARTITION OF "lp" FOR VALUES IN ('a');

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
      FROM (WITH involved AS (SELECT '"lp"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"lp"')
                 UNION SELECT '"cmigrate_old"."lp"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."lp"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO had FROM "cmigrate_old"."lp";
    WITH put AS (
        INSERT INTO "lp" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "cmigrate_old"."lp"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of lp were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "c"
  ALTER COLUMN "e" TYPE em USING "e"::text::em,
  ALTER COLUMN "k" TYPE text COLLATE "ci";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "d" ALTER COLUMN "k" TYPE text COLLATE "ci";

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "c" ADD CONSTRAINT "c_pkey" PRIMARY KEY ("k");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "d" ADD CONSTRAINT "d_k_fkey" FOREIGN KEY ("k") REFERENCES "c" ("k");
DROP TABLE "cmigrate_old"."lp";
DROP SCHEMA "cmigrate_old";
DROP DOMAIN "em_old";
DROP COLLATION "ci_old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "d" DROP CONSTRAINT "d_k_fkey";
ALTER COLLATION "ci" RENAME TO "ci_old";
CREATE COLLATION ci (provider = icu, deterministic = false, locale = 'und-u-ks-level2');
ALTER DOMAIN "em" RENAME TO "em_old";
CREATE DOMAIN "em" AS text COLLATE "ci" CONSTRAINT "em_check" CHECK (VALUE <> ''::text);
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "lp" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "lp_a" SET SCHEMA "cmigrate_old";
CREATE TABLE "lp" (
    "k" text COLLATE "ci",
    "v" integer
) PARTITION BY LIST (k);

-- locks: ACCESS EXCLUSIVE on lp
CREATE TABLE "lp_a" PARTITION OF "lp" FOR VALUES IN ('a');

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
      FROM (WITH involved AS (SELECT '"lp"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"lp"')
                 UNION SELECT '"cmigrate_old"."lp"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."lp"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO had FROM "cmigrate_old"."lp";
    WITH put AS (
        INSERT INTO "lp" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "cmigrate_old"."lp"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of lp were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "c"
  ALTER COLUMN "e" TYPE em USING "e"::text::em,
  ALTER COLUMN "k" TYPE text COLLATE "ci";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "d" ALTER COLUMN "k" TYPE text COLLATE "ci";

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "d" ADD CONSTRAINT "d_k_fkey" FOREIGN KEY ("k") REFERENCES "c" ("k");
DROP TABLE "cmigrate_old"."lp";
DROP SCHEMA "cmigrate_old";
DROP DOMAIN "em_old";
DROP COLLATION "ci_old";
