-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- table a is recreated with its rows
-- cmigrate: assert table a has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('a')
WHERE name COLLATE NOCASE NOT IN ('id', 'value')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'a' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('a')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('a') WHERE origin = 'u') > 0
LIMIT 1;

-- cmigrate: assert column a.value becomes NOT NULL, but has rows with NULL
SELECT "a"."rowid" FROM "a" WHERE "a"."value" IS NULL LIMIT 1;
CREATE TABLE "cmigrate_new_a" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_a" PRIMARY KEY,
    "value" VARCHAR(10) NOT NULL
);
INSERT OR ABORT INTO "cmigrate_new_a" ("id", "value")
SELECT "a"."id", "a"."value" FROM "a";
DROP TABLE "a";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_a" RENAME TO "a";
PRAGMA legacy_alter_table = OFF;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table a is recreated with its rows
-- cmigrate: assert table a has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('a')
WHERE name COLLATE NOCASE NOT IN ('id', 'value')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'a' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('a')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('a') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_a" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_a" PRIMARY KEY,
    "value" VARCHAR(30)
);
INSERT OR ABORT INTO "cmigrate_new_a" ("id", "value")
SELECT "a"."id", "a"."value" FROM "a";
DROP TABLE "a";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_a" RENAME TO "a";
PRAGMA legacy_alter_table = OFF;
