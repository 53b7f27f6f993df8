-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
DROP TRIGGER "lot_stamp" ON "lot";
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "lot" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "lot_new" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "lot_new_0" SET SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "lot_old" SET SCHEMA "cmigrate_old";
CREATE TABLE "lot" (
    "id" bigserial NOT NULL,
    "at" date NOT NULL,
    CONSTRAINT "lot_pkey" PRIMARY KEY ("id", "at")
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
      FROM (WITH involved AS (SELECT '"lot"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"lot"')
                 UNION SELECT '"cmigrate_old"."lot"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."lot"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", "at")::text, 0)) AS sum INTO had FROM "cmigrate_old"."lot";
    WITH put AS (
        INSERT INTO "lot" ("id", "at") OVERRIDING SYSTEM VALUE
        SELECT "id", "at" FROM "cmigrate_old"."lot"
        RETURNING "id", "at")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", "at")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of lot were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
SELECT setval('"lot_id_seq"', last_value, is_called) FROM "cmigrate_old"."lot_id_seq", pg_catalog.pg_sequence WHERE seqrelid = '"lot_id_seq"'::regclass AND last_value BETWEEN seqmin AND seqmax;

-- locks: SHARE ROW EXCLUSIVE
CREATE TRIGGER lot_stamp AFTER INSERT ON lot FOR EACH ROW EXECUTE FUNCTION stamp();
DROP TABLE "cmigrate_old"."lot";
DROP SCHEMA "cmigrate_old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
DROP TRIGGER "lot_stamp" ON "lot";
CREATE SCHEMA "cmigrate_old";

-- locks: ACCESS EXCLUSIVE; the table is recreated
ALTER TABLE "lot" SET SCHEMA "cmigrate_old";
CREATE TABLE "lot" (
    "id" bigserial NOT NULL,
    "at" date NOT NULL,
    CONSTRAINT "lot_pkey" PRIMARY KEY ("id", "at")
) PARTITION BY RANGE (at);

-- locks: ACCESS EXCLUSIVE on lot
CREATE TABLE "lot_new" PARTITION OF "lot" FOR VALUES FROM ('2024-01-01') TO (MAXVALUE) PARTITION BY HASH (id);

-- locks: ACCESS EXCLUSIVE on lot_new
CREATE TABLE "lot_new_0" PARTITION OF "lot_new" FOR VALUES WITH (modulus 1, remainder 0);

-- locks: ACCESS EXCLUSIVE on lot
CREATE TABLE "lot_old" PARTITION OF "lot" FOR VALUES FROM (MINVALUE) TO ('2024-01-01');

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
      FROM (WITH involved AS (SELECT '"lot"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"lot"')
                 UNION SELECT '"cmigrate_old"."lot"'::regclass::oid AS oid, 0 AS level UNION SELECT relid, level FROM pg_catalog.pg_partition_tree('"cmigrate_old"."lot"'))
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
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", "at")::text, 0)) AS sum INTO had FROM "cmigrate_old"."lot";
    WITH put AS (
        INSERT INTO "lot" ("id", "at") OVERRIDING SYSTEM VALUE
        SELECT "id", "at" FROM "cmigrate_old"."lot"
        RETURNING "id", "at")
    SELECT count(*) AS n, sum(pg_catalog.hashtextextended(ROW("id", "at")::text, 0)) AS sum INTO got FROM put;
    IF had IS DISTINCT FROM got THEN
        RAISE EXCEPTION USING MESSAGE = pg_catalog.format('rows of lot were lost or changed on their way: %s left, %s arrived', had.n, got.n), ERRCODE = 'assert_failure';
    END IF;
    IF restore IS NOT NULL THEN
        EXECUTE restore;
    END IF;
END
$move$;
SELECT setval('"lot_id_seq"', last_value, is_called) FROM "cmigrate_old"."lot_id_seq", pg_catalog.pg_sequence WHERE seqrelid = '"lot_id_seq"'::regclass AND last_value BETWEEN seqmin AND seqmax;

-- locks: SHARE ROW EXCLUSIVE
CREATE TRIGGER lot_stamp AFTER INSERT ON lot FOR EACH ROW EXECUTE FUNCTION stamp();
DROP TABLE "cmigrate_old"."lot";
DROP SCHEMA "cmigrate_old";
