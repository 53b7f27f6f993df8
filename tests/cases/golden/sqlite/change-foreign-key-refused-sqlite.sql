-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- table c is recreated with its rows
-- cmigrate: assert table c has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('c')
WHERE name COLLATE NOCASE NOT IN ('id', 'a')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'c' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('c')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('c') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_c" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_c" PRIMARY KEY,
    "a" INTEGER,
    CONSTRAINT "fk_c_a_p" FOREIGN KEY ("a") REFERENCES "p" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_c" ("id", "a")
SELECT "c"."id", "c"."a" FROM "c";
DROP TABLE "c";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_c" RENAME TO "c";
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_key_check("c");

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table c is recreated with its rows
-- cmigrate: assert table c has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('c')
WHERE name COLLATE NOCASE NOT IN ('id', 'a')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'c' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('c')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('c') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_c" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_c" PRIMARY KEY,
    "a" INTEGER
);
INSERT OR ABORT INTO "cmigrate_new_c" ("id", "a")
SELECT "c"."id", "c"."a" FROM "c";
DROP TABLE "c";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_c" RENAME TO "c";
PRAGMA legacy_alter_table = OFF;
