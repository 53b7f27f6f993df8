-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- table schema_version is recreated with its rows
-- cmigrate: assert table schema_version has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('schema_version')
WHERE name COLLATE NOCASE NOT IN ('id', 'n')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'schema_version' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('schema_version')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('schema_version') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_schema_version" (
    "id" BIGINT AUTO_INCREMENT PRIMARY KEY,
    "n" BIGINT,
    "at" timestamp with time zone,
    "note" TEXT COMMENT 'free'
);
INSERT OR ABORT INTO "cmigrate_new_schema_version" ("rowid", "id", "n")
SELECT "schema_version"."rowid", "schema_version"."id", "schema_version"."n" FROM "schema_version";
DROP TABLE "schema_version";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_schema_version" RENAME TO "schema_version";
PRAGMA legacy_alter_table = OFF;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- loses data: columns at, note of table schema_version; table schema_version is recreated with its rows
-- cmigrate: assert table schema_version has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('schema_version')
WHERE name COLLATE NOCASE NOT IN ('id', 'n', 'at', 'note')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'schema_version' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('schema_version')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('schema_version') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_schema_version" (
    "id" BIGINT AUTO_INCREMENT PRIMARY KEY,
    "n" INT
);
INSERT OR ABORT INTO "cmigrate_new_schema_version" ("rowid", "id", "n")
SELECT "schema_version"."rowid", "schema_version"."id", "schema_version"."n" FROM "schema_version";
DROP TABLE "schema_version";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_schema_version" RENAME TO "schema_version";
PRAGMA legacy_alter_table = OFF;
