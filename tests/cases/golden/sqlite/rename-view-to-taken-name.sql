-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
DROP VIEW "v";
DROP VIEW "w";

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'a')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "a" BIGINT
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "a")
SELECT "t"."id", "t"."a" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
CREATE VIEW "w" AS SELECT id, a FROM t;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
DROP VIEW "w";

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'a')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "a" INTEGER
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "a")
SELECT "t"."id", "t"."a" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
CREATE VIEW "v" AS SELECT id, a FROM t;
CREATE VIEW "w" AS SELECT id FROM t;
