-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "x" DROP CONSTRAINT "x_id_k_fkey";

-- locks: ACCESS EXCLUSIVE on the parent and the partition
ALTER TABLE "m" DETACH PARTITION "m2";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "m2" DROP CONSTRAINT IF EXISTS "m2_pkey";

-- locks: ACCESS EXCLUSIVE on the index and m2
DROP INDEX "m2_v_idx";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "m2" ALTER COLUMN "id" TYPE bigint;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "m2" RENAME CONSTRAINT "m_id_not_null" TO "m2_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "m2" RENAME CONSTRAINT "m_k_not_null" TO "m2_k_not_null";
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "m" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "m1" SET SCHEMA "cmigrate_old";
CREATE TABLE "m" (
    "id" bigint NOT NULL,
    "k" integer NOT NULL,
    "v" text,
    CONSTRAINT "m_pkey" PRIMARY KEY ("id", "k")
) PARTITION BY RANGE (k);

-- locks: ACCESS EXCLUSIVE on m
CREATE TABLE "m1" PARTITION OF "m" FOR VALUES FROM (1) TO (2);

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
      FROM (WITH involved AS (SELECT '"m"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"m"')
                 UNION SELECT '"cmigrate_old"."m"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."m"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW(("id")::bigint, "k", "v")::text, 0)) AS sum INTO had FROM "cmigrate_old"."m";
    WITH put AS (
        INSERT INTO "m" ("id", "k", "v") OVERRIDING SYSTEM VALUE
        SELECT "id", "k", "v" FROM "cmigrate_old"."m"
        RETURNING "id", "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", "k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of m were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "x" ALTER COLUMN "id" TYPE bigint;

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "m2" ADD CONSTRAINT "m2_own" PRIMARY KEY ("id");

-- locks: SHARE; builds an index
CREATE INDEX "mi" ON "m" ("v", "id");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "x" ADD CONSTRAINT "x_id_k_fkey" FOREIGN KEY ("id", "k") REFERENCES "m" ("id", "k") ON DELETE CASCADE;
DROP TABLE "cmigrate_old"."m";
DROP SCHEMA "cmigrate_old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "x" DROP CONSTRAINT "x_id_k_fkey";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "m2" DROP CONSTRAINT "m2_own";
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "m" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "m1" SET SCHEMA "cmigrate_old";
CREATE TABLE "m" (
    "id" integer NOT NULL,
    "k" integer NOT NULL,
    "v" text,
    CONSTRAINT "m_pkey" PRIMARY KEY ("id", "k")
) PARTITION BY LIST (k);

-- locks: ACCESS EXCLUSIVE on m
CREATE TABLE "m1" PARTITION OF "m" FOR VALUES IN (1);

-- cmigrate: assert column m2.id has values that integer cannot hold
SELECT ctid FROM "m2" WHERE "id" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "m2" ALTER COLUMN "id" TYPE integer;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "m2" RENAME CONSTRAINT "m2_id_not_null" TO "m_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "m2" RENAME CONSTRAINT "m2_k_not_null" TO "m_k_not_null";

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition; reads the partition
ALTER TABLE "m" ATTACH PARTITION "m2" FOR VALUES IN (2);

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
      FROM (WITH involved AS (SELECT '"m"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"m"')
                 UNION SELECT '"cmigrate_old"."m"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."m"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW(("id")::integer, "k", "v")::text, 0)) AS sum INTO had FROM "cmigrate_old"."m";
    WITH put AS (
        INSERT INTO "m" ("id", "k", "v") OVERRIDING SYSTEM VALUE
        SELECT "id", "k", "v" FROM "cmigrate_old"."m"
        RETURNING "id", "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", "k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of m were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- cmigrate: assert column x.id has values that integer cannot hold
SELECT ctid FROM "x" WHERE "id" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "x" ALTER COLUMN "id" TYPE integer;

-- locks: SHARE; builds an index
CREATE INDEX "mi" ON "m" ("v");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "x" ADD CONSTRAINT "x_id_k_fkey" FOREIGN KEY ("id", "k") REFERENCES "m" ("id", "k");
DROP TABLE "cmigrate_old"."m";
DROP SCHEMA "cmigrate_old";
