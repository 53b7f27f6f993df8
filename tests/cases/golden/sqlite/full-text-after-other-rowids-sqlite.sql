-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- table note is recreated with its rows
-- cmigrate: assert table note has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('note')
WHERE name COLLATE NOCASE NOT IN ('id', 'body')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'note' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('note')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('note') WHERE origin = 'u') > 0
LIMIT 1;

-- cmigrate: assert column note.id has values that INTEGER cannot hold as they are
SELECT "note"."rowid" FROM "note" WHERE CASE typeof("note"."id") WHEN 'text' THEN CAST(CAST("note"."id" AS INTEGER) AS TEXT) COLLATE BINARY <> CAST("note"."id" AS TEXT) WHEN 'real' THEN "note"."id" <> CAST("note"."id" AS INTEGER) WHEN 'blob' THEN 1 ELSE 0 END LIMIT 1;

-- cmigrate: assert column note.id becomes the number of its row and has NULLs, which would get one: fill them first
SELECT "note"."rowid" FROM "note" WHERE "note"."id" IS NULL LIMIT 1;
CREATE TABLE "cmigrate_new_note" (
    "id" INTEGER PRIMARY KEY,
    "body" TEXT
);
INSERT OR ABORT INTO "cmigrate_new_note" ("id", "body")
SELECT "note"."id", "note"."body" FROM "note";
DROP TABLE "note";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_note" RENAME TO "note";
PRAGMA legacy_alter_table = OFF;

-- the rowids of table note are others now
INSERT INTO "note_fts" ("note_fts") VALUES ('rebuild');

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table note is recreated with its rows
-- cmigrate: assert table note has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('note')
WHERE name COLLATE NOCASE NOT IN ('id', 'body')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'note' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('note')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('note') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_note" (
    "id" INT PRIMARY KEY,
    "body" TEXT
);
INSERT OR ABORT INTO "cmigrate_new_note" ("rowid", "id", "body")
SELECT "note"."rowid", "note"."id", "note"."body" FROM "note";
DROP TABLE "note";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_note" RENAME TO "note";
PRAGMA legacy_alter_table = OFF;
