-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p2" RENAME TO "q2";
DROP VIEW "v";
ALTER TABLE "c" NO INHERIT "q2";
ALTER TABLE "c" RENAME COLUMN "y" TO "w";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p1" RENAME COLUMN "a" TO "b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "q2" RENAME COLUMN "a" TO "b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "q2" RENAME COLUMN "y" TO "w";
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "c" SET SCHEMA "cmigrate_old";
CREATE TABLE "c" (
    "z" integer DEFAULT 7
) INHERITS ("p1", "q2");

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
      FROM (WITH involved AS (SELECT '"c"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"c"')
                 UNION SELECT '"cmigrate_old"."c"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."c"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("b", "x", "w", "z")::text, 0)) AS sum INTO had FROM ONLY "cmigrate_old"."c";
    WITH put AS (
        INSERT INTO "c" ("b", "x", "w", "z") OVERRIDING SYSTEM VALUE
        SELECT "b", "x", "w", "z" FROM ONLY "cmigrate_old"."c"
        RETURNING "b", "x", "w", "z")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("b", "x", "w", "z")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of c were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "g" SET SCHEMA "cmigrate_old";
CREATE TABLE "g" (
    "k" integer
) INHERITS ("c");

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
      FROM (WITH involved AS (SELECT '"g"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"g"')
                 UNION SELECT '"cmigrate_old"."g"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."g"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("b", "x", "w", "z", "k")::text, 0)) AS sum INTO had FROM "cmigrate_old"."g";
    WITH put AS (
        INSERT INTO "g" ("b", "x", "w", "z", "k") OVERRIDING SYSTEM VALUE
        SELECT "b", "x", "w", "z", "k" FROM "cmigrate_old"."g"
        RETURNING "b", "x", "w", "z", "k")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("b", "x", "w", "z", "k")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of g were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: SHARE; builds an index
CREATE INDEX "ci" ON "c" ("b");

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "q2" RENAME CONSTRAINT "p2_y_check" TO "q2_w_check";
CREATE VIEW "v" AS
SELECT b AS a,
    w AS y,
    z
   FROM c;
DROP TABLE "cmigrate_old"."g";
DROP TABLE "cmigrate_old"."c";
DROP SCHEMA "cmigrate_old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "q2" RENAME TO "p2";
DROP VIEW "v";
ALTER TABLE "c" NO INHERIT "p2";
ALTER TABLE "c" RENAME COLUMN "w" TO "y";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p1" RENAME COLUMN "b" TO "a";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p2" RENAME COLUMN "b" TO "a";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p2" RENAME COLUMN "w" TO "y";
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "c" SET SCHEMA "cmigrate_old";
CREATE TABLE "c" (
    "z" integer DEFAULT 7
) INHERITS ("p1", "p2");

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
      FROM (WITH involved AS (SELECT '"c"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"c"')
                 UNION SELECT '"cmigrate_old"."c"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."c"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("a", "x", "y", "z")::text, 0)) AS sum INTO had FROM ONLY "cmigrate_old"."c";
    WITH put AS (
        INSERT INTO "c" ("a", "x", "y", "z") OVERRIDING SYSTEM VALUE
        SELECT "a", "x", "y", "z" FROM ONLY "cmigrate_old"."c"
        RETURNING "a", "x", "y", "z")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("a", "x", "y", "z")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of c were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "g" SET SCHEMA "cmigrate_old";
CREATE TABLE "g" (
    "k" integer
) INHERITS ("c");

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
      FROM (WITH involved AS (SELECT '"g"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"g"')
                 UNION SELECT '"cmigrate_old"."g"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."g"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("a", "x", "y", "z", "k")::text, 0)) AS sum INTO had FROM "cmigrate_old"."g";
    WITH put AS (
        INSERT INTO "g" ("a", "x", "y", "z", "k") OVERRIDING SYSTEM VALUE
        SELECT "a", "x", "y", "z", "k" FROM "cmigrate_old"."g"
        RETURNING "a", "x", "y", "z", "k")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("a", "x", "y", "z", "k")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of g were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;

-- locks: SHARE; builds an index
CREATE INDEX "ci" ON "c" ("a");

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p2" RENAME CONSTRAINT "q2_w_check" TO "p2_y_check";
CREATE VIEW "v" AS
SELECT a,
    y,
    z
   FROM c;
DROP TABLE "cmigrate_old"."g";
DROP TABLE "cmigrate_old"."c";
DROP SCHEMA "cmigrate_old";
