-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- table a is recreated with its rows
-- cmigrate: assert table a has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('a')
WHERE name COLLATE NOCASE NOT IN ('id', 'mail')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'a' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('a')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('a') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_a" (
    "id" INTEGER PRIMARY KEY,
    "mail" TEXT COLLATE "NOCASE",
    UNIQUE ("mail") ON CONFLICT IGNORE
);
INSERT OR ABORT INTO "cmigrate_new_a" ("id", "mail")
SELECT "a"."id", "a"."mail" FROM "a";
DROP TABLE "a";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_a" RENAME TO "a";
PRAGMA legacy_alter_table = OFF;

-- table b is recreated with its rows
-- cmigrate: assert table b has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('b')
WHERE name COLLATE NOCASE NOT IN ('mail', 'n')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'b' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('b')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('b') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_b" (
    "mail" TEXT PRIMARY KEY ON CONFLICT REPLACE,
    "n" INT
);
INSERT OR ABORT INTO "cmigrate_new_b" ("rowid", "mail", "n")
SELECT "b"."rowid", "b"."mail", "b"."n" FROM "b";
DROP TABLE "b";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_b" RENAME TO "b";
PRAGMA legacy_alter_table = OFF;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table a is recreated with its rows
-- cmigrate: assert table a has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('a')
WHERE name COLLATE NOCASE NOT IN ('id', 'mail')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'a' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('a')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('a') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_a" (
    "id" INTEGER PRIMARY KEY,
    "mail" TEXT,
    UNIQUE ("mail") ON CONFLICT IGNORE
);
INSERT OR ABORT INTO "cmigrate_new_a" ("id", "mail")
SELECT "a"."id", "a"."mail" FROM "a";
DROP TABLE "a";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_a" RENAME TO "a";
PRAGMA legacy_alter_table = OFF;

-- table b is recreated with its rows
-- cmigrate: assert table b has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('b')
WHERE name COLLATE NOCASE NOT IN ('mail', 'n')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'b' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('b')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('b') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_b" (
    "mail" TEXT,
    "n" INT
);
INSERT OR ABORT INTO "cmigrate_new_b" ("rowid", "mail", "n")
SELECT "b"."rowid", "b"."mail", "b"."n" FROM "b";
DROP TABLE "b";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_b" RENAME TO "b";
PRAGMA legacy_alter_table = OFF;
