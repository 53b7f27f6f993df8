-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- loses data: column gone of table t; table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('a', 'b', 'gone', 'c', 'd')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 1
LIMIT 1;

-- cmigrate: assert column t.b becomes NOT NULL, but has rows with NULL
SELECT "t"."rowid" FROM "t" WHERE "t"."b" IS NULL LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    -- a key
    -- of the table
    /* before a */
    -- behind a
    "a" INTEGER PRIMARY KEY,
    -- before b
    /* in b */
    /* behind b */
    "b" VARCHAR(10) NOT NULL,
    /* first */
    -- always
    "c" INT DEFAULT (/* in */ 1) CHECK (c > 0),
    -- behind d
    -- at the end
    "d" TEXT,
    UNIQUE ("b")
);
INSERT OR ABORT INTO "cmigrate_new_t" ("a", "b", "c", "d")
SELECT "t"."a", "t"."b", "t"."c", "t"."d" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('a', 'b', 'c', 'd')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    -- a key
    -- of the table
    /* before a */
    -- behind a
    "a" INTEGER PRIMARY KEY,
    -- before b
    /* in b */
    /* behind b */
    "b" VARCHAR(10),
    -- behind gone
    "gone" TEXT,
    /* first */
    -- always
    "c" INT DEFAULT (/* in */ 1) CHECK (c > 0),
    -- behind d
    -- at the end
    "d" TEXT,
    UNIQUE ("b")
);
INSERT OR ABORT INTO "cmigrate_new_t" ("a", "b", "c", "d")
SELECT "t"."a", "t"."b", "t"."c", "t"."d" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
