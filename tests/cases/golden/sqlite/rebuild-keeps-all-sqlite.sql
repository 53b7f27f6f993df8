-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
DROP TRIGGER "tr";

-- table p is recreated with its rows
-- cmigrate: assert table p has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('p')
WHERE name COLLATE NOCASE NOT IN ('id', 'a', 'b')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'p' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('i', 'tr', 'tr')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('p')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('p') WHERE origin = 'u') > 1
LIMIT 1;

-- cmigrate: assert column p.a becomes NOT NULL, but has rows with NULL
SELECT "p"."rowid" FROM "p" WHERE "p"."a" IS NULL LIMIT 1;
CREATE TABLE "cmigrate_new_p" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "a" TEXT NOT NULL COLLATE "nocase" CHECK (a <> ''),
    "b" GENERATED ALWAYS AS (a || '!') VIRTUAL,
    "d" real DEFAULT (1.5),
    UNIQUE ("a") ON CONFLICT IGNORE
);
INSERT OR ABORT INTO "cmigrate_new_p" ("id", "a")
SELECT "p"."id", "p"."a" FROM "p";
DELETE FROM sqlite_sequence WHERE name = 'cmigrate_new_p';
INSERT INTO sqlite_sequence (name, seq) SELECT 'cmigrate_new_p', seq FROM sqlite_sequence WHERE name = 'p' COLLATE NOCASE;
DROP TABLE "p";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_p" RENAME TO "p";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "i" ON "p" ("a" DESC, lower(a)) WHERE a IS NOT NULL;
CREATE TRIGGER tr AFTER INSERT ON p BEGIN INSERT INTO log VALUES (new.id); END;
PRAGMA foreign_key_check("c");

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
DROP TRIGGER "tr";

-- loses data: column d of table p; table p is recreated with its rows
-- cmigrate: assert table p has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('p')
WHERE name COLLATE NOCASE NOT IN ('id', 'a', 'b', 'd')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'p' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('i', 'tr', 'tr')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('p')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('p') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_p" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "a" text COLLATE "nocase" CHECK (a <> ''),
    "b" GENERATED ALWAYS AS (a || '!') VIRTUAL,
    UNIQUE ("a") ON CONFLICT IGNORE
);
INSERT OR ABORT INTO "cmigrate_new_p" ("id", "a")
SELECT "p"."id", "p"."a" FROM "p";
DELETE FROM sqlite_sequence WHERE name = 'cmigrate_new_p';
INSERT INTO sqlite_sequence (name, seq) SELECT 'cmigrate_new_p', seq FROM sqlite_sequence WHERE name = 'p' COLLATE NOCASE;
DROP TABLE "p";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_p" RENAME TO "p";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "i" ON "p" ("a" DESC, lower(a)) WHERE a IS NOT NULL;
CREATE TRIGGER tr AFTER INSERT ON p BEGIN INSERT INTO log VALUES (new.id); END;
PRAGMA foreign_key_check("c");
