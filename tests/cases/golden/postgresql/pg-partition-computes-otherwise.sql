-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and b
DROP INDEX "b_s_idx";

-- locks: ACCESS EXCLUSIVE on the parent and the partition
ALTER TABLE "b" DETACH PARTITION "b3";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "a2" ALTER COLUMN "s" SET EXPRESSION AS (a + 7);

-- may lose data: column s of table a1 is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "a1" ALTER COLUMN "s" SET EXPRESSION AS (a + 31);

-- may lose data: column s of table c is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "c" ALTER COLUMN "s" SET EXPRESSION AS (a + 22);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "c1" ALTER COLUMN "s" SET EXPRESSION AS (a + 3);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "a3" ALTER COLUMN "s" SET EXPRESSION AS (a + 2);

-- may lose data: column s of table b is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; rewrites the table
ALTER TABLE "b"
  DROP COLUMN "s",
  ALTER COLUMN "a" TYPE bigint,
  ADD COLUMN "s" bigint GENERATED ALWAYS AS (a + 20) STORED;
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "b3" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "b31" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE on b
CREATE TABLE "b3" PARTITION OF "b" FOR VALUES FROM (20) TO (30) PARTITION BY LIST (a);

-- locks: ACCESS EXCLUSIVE on b3, b31; reads the default partition
CREATE TABLE "b31" PARTITION OF "b3" (
    "s" WITH OPTIONS GENERATED ALWAYS AS (a + 5) STORED
) DEFAULT;

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
      FROM (WITH involved AS (SELECT '"b"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"b"')
                 UNION SELECT '"cmigrate_old"."b3"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."b3"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", ("a")::bigint)::text, 0)) AS sum INTO had FROM "cmigrate_old"."b3";
    WITH put AS (
        INSERT INTO "b" ("id", "a") OVERRIDING SYSTEM VALUE
        SELECT "id", "a" FROM "cmigrate_old"."b3"
        RETURNING "id", "a")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", "a")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of b3 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "b1" ALTER COLUMN "s" SET EXPRESSION AS (a + 3);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "b2" ALTER COLUMN "s" SET EXPRESSION AS (a + 40);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "b2" ALTER COLUMN "s" SET NOT NULL;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "b31" ALTER COLUMN "s" SET EXPRESSION AS (a + 5);

-- locks: SHARE; builds an index
CREATE INDEX "b_s_idx" ON "b" ("s");
DROP TABLE "cmigrate_old"."b3";
DROP SCHEMA "cmigrate_old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and b
DROP INDEX "b_s_idx";

-- locks: ACCESS EXCLUSIVE on the parent and the partition
ALTER TABLE "b" DETACH PARTITION "b3";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "a3" ALTER COLUMN "s" SET EXPRESSION AS (a + 3);

-- may lose data: column s of table a1 is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "a1" ALTER COLUMN "s" SET EXPRESSION AS (a + 30);

-- may lose data: column s of table c is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "c" ALTER COLUMN "s" SET EXPRESSION AS (a + 2);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "c1" ALTER COLUMN "s" SET EXPRESSION AS (a + 3);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "a2" ALTER COLUMN "s" SET EXPRESSION AS (a + 2);

-- cmigrate: assert column b.a has values that integer cannot hold
SELECT ctid FROM "b" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- may lose data: column s of table b is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; rewrites the table
ALTER TABLE "b"
  DROP COLUMN "s",
  ALTER COLUMN "a" TYPE integer,
  ADD COLUMN "s" integer GENERATED ALWAYS AS (a + 2) STORED;
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "b3" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "b31" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE on b
CREATE TABLE "b3" PARTITION OF "b" FOR VALUES FROM (20) TO (30) PARTITION BY LIST (a);

-- locks: ACCESS EXCLUSIVE on b3, b31; reads the default partition
CREATE TABLE "b31" PARTITION OF "b3" (
    "s" WITH OPTIONS GENERATED ALWAYS AS (a + 5) STORED
) DEFAULT;

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
      FROM (WITH involved AS (SELECT '"b"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"b"')
                 UNION SELECT '"cmigrate_old"."b3"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."b3"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", ("a")::integer)::text, 0)) AS sum INTO had FROM "cmigrate_old"."b3";
    WITH put AS (
        INSERT INTO "b" ("id", "a") OVERRIDING SYSTEM VALUE
        SELECT "id", "a" FROM "cmigrate_old"."b3"
        RETURNING "id", "a")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", "a")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of b3 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "b1" ALTER COLUMN "s" SET EXPRESSION AS (a + 3);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "b2" ALTER COLUMN "s" SET EXPRESSION AS (a + 4);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "b2" ALTER COLUMN "s" SET NOT NULL;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "b31" ALTER COLUMN "s" SET EXPRESSION AS (a + 5);

-- locks: SHARE; builds an index
CREATE INDEX "b_s_idx" ON "b" ("s");
DROP TABLE "cmigrate_old"."b3";
DROP SCHEMA "cmigrate_old";
