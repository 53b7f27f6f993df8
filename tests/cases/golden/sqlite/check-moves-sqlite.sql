-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "moved" ADD COLUMN "b" INTEGER;

-- table named is recreated with its rows
-- cmigrate: assert table named has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('named')
WHERE name COLLATE NOCASE NOT IN ('id', 'm')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'named' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('named')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('named') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_named" (
    "id" INTEGER PRIMARY KEY,
    "m" TEXT CHECK (m <> ''),
    UNIQUE ("m")
);
INSERT OR ABORT INTO "cmigrate_new_named" ("id", "m")
SELECT "named"."id", "named"."m" FROM "named";
DROP TABLE "named";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_named" RENAME TO "named";
PRAGMA legacy_alter_table = OFF;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table named is recreated with its rows
-- cmigrate: assert table named has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('named')
WHERE name COLLATE NOCASE NOT IN ('id', 'm')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'named' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('named')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('named') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_named" (
    "id" integer PRIMARY KEY,
    "m" text,
    CONSTRAINT "u" UNIQUE ("m"),
    CONSTRAINT "chk" CHECK (m <> '')
);
INSERT OR ABORT INTO "cmigrate_new_named" ("id", "m")
SELECT "named"."id", "named"."m" FROM "named";
DROP TABLE "named";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_named" RENAME TO "named";
PRAGMA legacy_alter_table = OFF;

-- loses data: column b of table moved
ALTER TABLE "moved" DROP COLUMN "b";
