-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "t" RENAME TO "u";
ALTER TABLE "u" RENAME COLUMN "a" TO "b";
DROP TRIGGER "tr";

-- table u is recreated with its rows
-- cmigrate: assert table u has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('u')
WHERE name COLLATE NOCASE NOT IN ('id', 'b')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'u' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('tr2', 'tr2')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('u')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('u') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_u" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "b" VARCHAR(40)
);
INSERT OR ABORT INTO "cmigrate_new_u" ("id", "b")
SELECT "u"."id", "u"."b" FROM "u";
DROP TABLE "u";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_u" RENAME TO "u";
PRAGMA legacy_alter_table = OFF;
CREATE TRIGGER tr2 AFTER UPDATE ON u BEGIN INSERT INTO log (x) VALUES (NEW.b); END;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "u" RENAME TO "t";
ALTER TABLE "t" RENAME COLUMN "b" TO "a";
DROP TRIGGER "tr2";

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'a')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('tr', 'tr')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "a" VARCHAR(30)
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "a")
SELECT "t"."id", "t"."a" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
CREATE TRIGGER tr AFTER UPDATE ON t BEGIN INSERT INTO log (x) VALUES (NEW.a); END;
