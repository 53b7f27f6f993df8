-- cmigrate: upgrade
ALTER TYPE "ct" RENAME TO "ct_old";
CREATE TYPE "ct" AS ("a" bigint, "b" text, "c" date);
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "tt" SET SCHEMA "cmigrate_old";
CREATE TABLE "tt" OF "ct" (
    "a" WITH OPTIONS NOT NULL,
    CONSTRAINT "tt_pkey" PRIMARY KEY ("a")
);

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
      FROM (WITH involved AS (SELECT '"tt"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"tt"')
                 UNION SELECT '"cmigrate_old"."tt"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."tt"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW(("a")::bigint, "c")::text, 0)) AS sum INTO had FROM "cmigrate_old"."tt";
    WITH put AS (
        INSERT INTO "tt" ("a", "c") OVERRIDING SYSTEM VALUE
        SELECT "a", "c" FROM "cmigrate_old"."tt"
        RETURNING "a", "c")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("a", "c")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of tt were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "cmigrate_old"."tt";
DROP SCHEMA "cmigrate_old";
DROP TYPE "ct_old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "tt" NOT OF;

-- cmigrate: assert column tt.a has values that integer cannot hold
SELECT "a" FROM "tt" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- loses data: column b of table tt; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; the values of b are gone
ALTER TABLE "tt"
  ALTER COLUMN "a" TYPE integer,
  DROP COLUMN "b";
ALTER TYPE "ct" RENAME TO "ct_old";
CREATE TYPE "ct" AS ("a" integer, "c" date);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "tt" OF "ct";
DROP TYPE "ct_old";
