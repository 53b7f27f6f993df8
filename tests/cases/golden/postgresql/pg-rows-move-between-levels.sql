-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the parent, the partition and the default partition
ALTER TABLE "r" DETACH PARTITION "r_d";

-- locks: ACCESS EXCLUSIVE on the parent, the partition and the default partition
ALTER TABLE "l_d" DETACH PARTITION "l_d1";

-- takes out the rows that the new bounds have no place for
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
      FROM (WITH involved AS (SELECT '"l_d1"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_d1"'))
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
    CREATE TABLE "l_d1_rows" AS SELECT * FROM "l_d1";
    SELECT count(*) AS n INTO had FROM "l_d1_rows";
    WITH taken AS (DELETE FROM "l_d1" RETURNING 1) SELECT count(*) AS n INTO got FROM taken;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d1 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE on the parent, the partition and the default partition
ALTER TABLE "r" DETACH PARTITION "r_a";

-- takes out the rows that the new bounds have no place for
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
      FROM (WITH involved AS (SELECT '"r_a"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r_a"'))
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
    CREATE TABLE "r_a_rows" AS SELECT * FROM "r_a" WHERE (k IN ('a', 'c')) IS NOT TRUE;
    SELECT count(*) AS n INTO had FROM "r_a_rows";
    WITH taken AS (DELETE FROM "r_a" WHERE (k IN ('a', 'c')) IS NOT TRUE RETURNING 1) SELECT count(*) AS n INTO got FROM taken;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_a were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- moves the rows that the partition takes from the default one
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
      FROM (WITH involved AS (SELECT '"l_d"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_d"'))
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
    CREATE TABLE "l_b_taken" AS SELECT * FROM "l_d" WHERE k IN ('b') OR k IS NULL;
    SELECT count(*) AS n INTO had FROM "l_b_taken";
    WITH taken AS (DELETE FROM "l_d" WHERE k IN ('b') OR k IS NULL RETURNING 1) SELECT count(*) AS n INTO got FROM taken;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- moves the rows that the partition takes from the default one
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
      FROM (WITH involved AS (SELECT '"l_d2"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_d2"'))
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
    CREATE TABLE "l_d1_taken" AS SELECT * FROM "l_d2" WHERE v IS NOT NULL AND v < 20;
    SELECT count(*) AS n INTO had FROM "l_d1_taken";
    WITH taken AS (DELETE FROM "l_d2" WHERE v IS NOT NULL AND v < 20 RETURNING 1) SELECT count(*) AS n INTO got FROM taken;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d2 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- moves the rows that the partition takes from the default one
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
      FROM (WITH involved AS (SELECT '"r_d"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r_d"'))
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
    CREATE TABLE "r_a_taken" AS SELECT * FROM "r_d" WHERE k IN ('a', 'c');
    SELECT count(*) AS n INTO had FROM "r_a_taken";
    WITH taken AS (DELETE FROM "r_d" WHERE k IN ('a', 'c') RETURNING 1) SELECT count(*) AS n INTO got FROM taken;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_d were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE on l, l_d; reads the default partition
CREATE TABLE "l_b" PARTITION OF "l" FOR VALUES IN ('b', NULL) PARTITION BY LIST (v);

-- locks: ACCESS EXCLUSIVE on l_b
CREATE TABLE "l_b1" PARTITION OF "l_b" FOR VALUES IN (1);

-- locks: ACCESS EXCLUSIVE on l_b
CREATE TABLE "l_bd" PARTITION OF "l_b" DEFAULT;

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition and the default partition; reads the partition and the default partition
ALTER TABLE "l_d" ATTACH PARTITION "l_d1" FOR VALUES FROM (MINVALUE) TO (20);

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition and the default partition; reads the partition and the default partition
ALTER TABLE "r" ATTACH PARTITION "r_a" FOR VALUES IN ('a', 'c');

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "l" ADD COLUMN "w" integer DEFAULT 4;
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
      FROM (WITH involved AS (SELECT '"l"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l"')
                 UNION SELECT '"l_b_taken"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_b_taken"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO had FROM "l_b_taken";
    WITH put AS (
        INSERT INTO "l" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "l_b_taken"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "l_b_taken";

-- puts them back through the parent
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
      FROM (WITH involved AS (SELECT '"l"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l"')
                 UNION SELECT '"l_d1_rows"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_d1_rows"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO had FROM "l_d1_rows";
    WITH put AS (
        INSERT INTO "l" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "l_d1_rows"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d1 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "l_d1_rows";
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
      FROM (WITH involved AS (SELECT '"l"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l"')
                 UNION SELECT '"l_d1_taken"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_d1_taken"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO had FROM "l_d1_taken";
    WITH put AS (
        INSERT INTO "l" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "l_d1_taken"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d2 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "l_d1_taken";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "r" ALTER COLUMN "v" TYPE bigint;
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "r_d" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "r_d1" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "r_dd" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE on r, r_d; reads the default partition
CREATE TABLE "r_d" PARTITION OF "r" DEFAULT PARTITION BY LIST (v);

-- locks: ACCESS EXCLUSIVE on r_d, r_dd; reads the default partition
CREATE TABLE "r_d3" PARTITION OF "r_d" FOR VALUES IN ('3', '4');

-- locks: ACCESS EXCLUSIVE on r_d, r_dd; reads the default partition
CREATE TABLE "r_d1" PARTITION OF "r_d" FOR VALUES IN ('1', '2');

-- locks: ACCESS EXCLUSIVE on r_d, r_dd; reads the default partition
CREATE TABLE "r_dd" PARTITION OF "r_d" DEFAULT;

-- puts them back through the parent
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
      FROM (WITH involved AS (SELECT '"r"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r"')
                 UNION SELECT '"r_a_rows"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r_a_rows"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", ("v")::bigint)::text, 0)) AS sum INTO had FROM "r_a_rows";
    WITH put AS (
        INSERT INTO "r" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "r_a_rows"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_a were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "r_a_rows";
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
      FROM (WITH involved AS (SELECT '"r"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r"')
                 UNION SELECT '"r_a_taken"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r_a_taken"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", ("v")::bigint)::text, 0)) AS sum INTO had FROM "r_a_taken";
    WITH put AS (
        INSERT INTO "r" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "r_a_taken"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_d were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "r_a_taken";

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
      FROM (WITH involved AS (SELECT '"r"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r"')
                 UNION SELECT '"cmigrate_old"."r_d"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."r_d"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", ("v")::bigint)::text, 0)) AS sum INTO had FROM "cmigrate_old"."r_d";
    WITH put AS (
        INSERT INTO "r" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "cmigrate_old"."r_d"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_d were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "cmigrate_old"."r_d";
DROP SCHEMA "cmigrate_old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the parent, the partition and the default partition
ALTER TABLE "r" DETACH PARTITION "r_d";

-- locks: ACCESS EXCLUSIVE on the parent, the partition and the default partition
ALTER TABLE "l_d" DETACH PARTITION "l_d1";

-- takes out the rows that the new bounds have no place for
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
      FROM (WITH involved AS (SELECT '"l_d1"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_d1"'))
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
    CREATE TABLE "l_d1_rows" AS SELECT * FROM "l_d1" WHERE (v IS NOT NULL AND v < 10) IS NOT TRUE;
    SELECT count(*) AS n INTO had FROM "l_d1_rows";
    WITH taken AS (DELETE FROM "l_d1" WHERE (v IS NOT NULL AND v < 10) IS NOT TRUE RETURNING 1) SELECT count(*) AS n INTO got FROM taken;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d1 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE on the parent, the partition and the default partition
ALTER TABLE "r" DETACH PARTITION "r_a";

-- takes out the rows that the new bounds have no place for
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
      FROM (WITH involved AS (SELECT '"r_a"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r_a"'))
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
    CREATE TABLE "r_a_rows" AS SELECT * FROM "r_a" WHERE (k IN ('a')) IS NOT TRUE;
    SELECT count(*) AS n INTO had FROM "r_a_rows";
    WITH taken AS (DELETE FROM "r_a" WHERE (k IN ('a')) IS NOT TRUE RETURNING 1) SELECT count(*) AS n INTO got FROM taken;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_a were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE on the parent, the partition and the default partition
ALTER TABLE "l" DETACH PARTITION "l_b";

-- moves the rows that the partition takes from the default one
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
      FROM (WITH involved AS (SELECT '"l_d2"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_d2"'))
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
    CREATE TABLE "l_d1_taken" AS SELECT * FROM "l_d2" WHERE v IS NOT NULL AND v < 10;
    SELECT count(*) AS n INTO had FROM "l_d1_taken";
    WITH taken AS (DELETE FROM "l_d2" WHERE v IS NOT NULL AND v < 10 RETURNING 1) SELECT count(*) AS n INTO got FROM taken;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d2 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- moves the rows that the partition takes from the default one
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
      FROM (WITH involved AS (SELECT '"r_d"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r_d"'))
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
    CREATE TABLE "r_a_taken" AS SELECT * FROM "r_d" WHERE k IN ('a');
    SELECT count(*) AS n INTO had FROM "r_a_taken";
    WITH taken AS (DELETE FROM "r_d" WHERE k IN ('a') RETURNING 1) SELECT count(*) AS n INTO got FROM taken;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_d were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition and the default partition; reads the partition and the default partition
ALTER TABLE "l_d" ATTACH PARTITION "l_d1" FOR VALUES FROM (MINVALUE) TO (10);
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
      FROM (WITH involved AS (SELECT '"l"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l"')
                 UNION SELECT '"l_d1_taken"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_d1_taken"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO had FROM "l_d1_taken";
    WITH put AS (
        INSERT INTO "l" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "l_d1_taken"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d2 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "l_d1_taken";

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition and the default partition; reads the partition and the default partition
ALTER TABLE "r" ATTACH PARTITION "r_a" FOR VALUES IN ('a');

-- cmigrate: assert column r.v has values that integer cannot hold
SELECT ctid FROM "r" WHERE "v" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "r" ALTER COLUMN "v" TYPE integer;
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "r_d" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "r_d1" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "r_d3" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "r_dd" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE on r, r_d; reads the default partition
CREATE TABLE "r_d" PARTITION OF "r" DEFAULT PARTITION BY LIST (v);

-- locks: ACCESS EXCLUSIVE on r_d, r_dd; reads the default partition
CREATE TABLE "r_d1" PARTITION OF "r_d" FOR VALUES IN (1, 2, 3);

-- locks: ACCESS EXCLUSIVE on r_d, r_dd; reads the default partition
CREATE TABLE "r_dd" PARTITION OF "r_d" DEFAULT;

-- puts them back through the parent
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
      FROM (WITH involved AS (SELECT '"r"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r"')
                 UNION SELECT '"r_a_rows"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r_a_rows"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", ("v")::integer)::text, 0)) AS sum INTO had FROM "r_a_rows";
    WITH put AS (
        INSERT INTO "r" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "r_a_rows"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_a were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "r_a_rows";
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
      FROM (WITH involved AS (SELECT '"r"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r"')
                 UNION SELECT '"r_a_taken"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r_a_taken"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", ("v")::integer)::text, 0)) AS sum INTO had FROM "r_a_taken";
    WITH put AS (
        INSERT INTO "r" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "r_a_taken"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_d were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "r_a_taken";

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
      FROM (WITH involved AS (SELECT '"r"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"r"')
                 UNION SELECT '"cmigrate_old"."r_d"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."r_d"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", ("v")::integer)::text, 0)) AS sum INTO had FROM "cmigrate_old"."r_d";
    WITH put AS (
        INSERT INTO "r" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "cmigrate_old"."r_d"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of r_d were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- loses data: column w of table l; locks: ACCESS EXCLUSIVE; the values of w are gone
ALTER TABLE "l" DROP COLUMN "w";

-- puts them back through the parent
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
      FROM (WITH involved AS (SELECT '"l"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l"')
                 UNION SELECT '"l_d1_rows"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_d1_rows"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO had FROM "l_d1_rows";
    WITH put AS (
        INSERT INTO "l" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "l_d1_rows"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_d1 were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
DROP TABLE "l_d1_rows";

-- gives its rows back to the default partition
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
      FROM (WITH involved AS (SELECT '"l"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l"')
                 UNION SELECT '"l_b"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"l_b"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO had FROM "l_b";
    WITH put AS (
        INSERT INTO "l" ("k", "v") OVERRIDING SYSTEM VALUE
        SELECT "k", "v" FROM "l_b"
        RETURNING "k", "v")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("k", "v")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of l_b were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE on l_b1, l_b, l_bd
DROP TABLE "l_b1";

-- locks: ACCESS EXCLUSIVE on l_bd, l_b
DROP TABLE "l_bd";

-- locks: ACCESS EXCLUSIVE on l_b, l, l_d
DROP TABLE "l_b";
DROP TABLE "cmigrate_old"."r_d";
DROP SCHEMA "cmigrate_old";
