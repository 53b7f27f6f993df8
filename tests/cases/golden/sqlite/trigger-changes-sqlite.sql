-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
DROP TRIGGER "r1";
DROP TRIGGER "r2";
DROP TRIGGER "r3";

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'a')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('r1', 'r2', 'r3', 'r1', 'r2', 'r4')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 0
LIMIT 1;

-- cmigrate: assert column t.a becomes NOT NULL, but has rows with NULL
SELECT "t"."rowid" FROM "t" WHERE "t"."a" IS NULL LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "a" VARCHAR(20) NOT NULL
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "a")
SELECT "t"."id", "t"."a" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
CREATE TRIGGER r1 AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE TRIGGER r2 AFTER UPDATE ON t BEGIN SELECT 2; END;
CREATE TRIGGER r4 AFTER INSERT ON t BEGIN SELECT 4; END;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
DROP TRIGGER "r1";
DROP TRIGGER "r2";
DROP TRIGGER "r4";

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'a')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('r1', 'r2', 'r4', 'r1', 'r2', 'r3')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "a" VARCHAR(20)
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "a")
SELECT "t"."id", "t"."a" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
CREATE TRIGGER r1 AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE TRIGGER r2 AFTER INSERT ON t BEGIN SELECT 2; END;
CREATE TRIGGER r3 AFTER INSERT ON t BEGIN SELECT 3; END;
