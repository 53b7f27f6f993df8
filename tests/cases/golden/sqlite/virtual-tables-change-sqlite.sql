-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
DROP TRIGGER "note_in";

-- table area is recreated with its rows
PRAGMA legacy_alter_table = ON;
ALTER TABLE "area" RENAME TO "cmigrate_old_area";
PRAGMA legacy_alter_table = OFF;
CREATE VIRTUAL TABLE area USING rtree(nr, x0, x1, y0, y1, +label TEXT);
INSERT INTO "area" ("nr", "x0", "x1", "label")
SELECT "id", "x0", "x1", "label" FROM "cmigrate_old_area";
DROP TABLE "cmigrate_old_area";

-- table beside is recreated with its rows
DROP TABLE "beside";
CREATE VIRTUAL TABLE beside USING fts5(body, head, content = 'note', content_rowid = 'id');
INSERT INTO "beside" ("beside") VALUES ('rebuild');

-- table note is recreated with its rows
-- cmigrate: assert table note has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('note')
WHERE name COLLATE NOCASE NOT IN ('id', 'body', 'head')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'note' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('note_in', 'note_in')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('note')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('note') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_note" (
    "id" INTEGER PRIMARY KEY,
    "body" TEXT NOT NULL DEFAULT '',
    "head" TEXT
);

-- NULLs become the default: body
INSERT OR ABORT INTO "cmigrate_new_note" ("id", "body", "head")
SELECT "note"."id", coalesce("note"."body", ''), "note"."head" FROM "note";
DROP TABLE "note";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_note" RENAME TO "note";
PRAGMA legacy_alter_table = OFF;

-- table old is recreated with its rows
PRAGMA legacy_alter_table = ON;
ALTER TABLE "old" RENAME TO "cmigrate_old_old";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "old" (
    "t" TEXT NOT NULL,
    "u" INTEGER DEFAULT 1
);
INSERT INTO "old" ("rowid", "t")
SELECT "rowid", "t" FROM "cmigrate_old_old";
DROP TABLE "cmigrate_old_old";

-- loses data: column t of table plain; table plain is recreated with its rows
PRAGMA legacy_alter_table = ON;
ALTER TABLE "plain" RENAME TO "cmigrate_old_plain";
PRAGMA legacy_alter_table = OFF;
CREATE VIRTUAL TABLE plain USING fts5(t);
INSERT INTO "plain" ("rowid", "t")
SELECT "rowid", "t" FROM "cmigrate_old_plain";
DROP TABLE "cmigrate_old_plain";

-- table words is recreated with its rows
PRAGMA legacy_alter_table = ON;
ALTER TABLE "words" RENAME TO "cmigrate_old_words";
PRAGMA legacy_alter_table = OFF;
CREATE VIRTUAL TABLE words USING fts5(b UNINDEXED, c, a, prefix = '2 3');
INSERT INTO "words" ("rowid", "b", "a")
SELECT "rowid", "b", "a" FROM "cmigrate_old_words";
DROP TABLE "cmigrate_old_words";
CREATE TRIGGER note_in AFTER INSERT ON note BEGIN INSERT INTO beside (rowid, body) VALUES (new.id, new.body); END;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
DROP TRIGGER "note_in";

-- loses data: columns y0, y1 of table area; table area is recreated
PRAGMA legacy_alter_table = ON;
ALTER TABLE "area" RENAME TO "cmigrate_old_area";
PRAGMA legacy_alter_table = OFF;
CREATE VIRTUAL TABLE area USING rtree(id, x0, x1, +label TEXT);
INSERT INTO "area" ("id", "x0", "x1", "label")
SELECT "nr", "x0", "x1", "label" FROM "cmigrate_old_area";
DROP TABLE "cmigrate_old_area";

-- table beside is recreated with its rows
DROP TABLE "beside";
CREATE VIRTUAL TABLE beside USING fts5(body, content = 'note', content_rowid = 'id');
INSERT INTO "beside" ("beside") VALUES ('rebuild');

-- table note is recreated with its rows
-- cmigrate: assert table note has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('note')
WHERE name COLLATE NOCASE NOT IN ('id', 'body', 'head')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'note' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('note_in', 'note_in')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('note')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('note') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_note" (
    "id" INTEGER PRIMARY KEY,
    "body" TEXT,
    "head" TEXT
);
INSERT OR ABORT INTO "cmigrate_new_note" ("id", "body", "head")
SELECT "note"."id", "note"."body", "note"."head" FROM "note";
DROP TABLE "note";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_note" RENAME TO "note";
PRAGMA legacy_alter_table = OFF;

-- loses data: column u of table old; columns t, u; table old is recreated
PRAGMA legacy_alter_table = ON;
ALTER TABLE "old" RENAME TO "cmigrate_old_old";
PRAGMA legacy_alter_table = OFF;
CREATE VIRTUAL TABLE old USING fts4(t, tokenize=simple);
INSERT INTO "old" ("rowid", "t")
SELECT "rowid", "t" FROM "cmigrate_old_old";
DROP TABLE "cmigrate_old_old";

-- table plain is recreated with its rows
PRAGMA legacy_alter_table = ON;
ALTER TABLE "plain" RENAME TO "cmigrate_old_plain";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "plain" (
    "t" TEXT
);
INSERT INTO "plain" ("rowid", "t")
SELECT "rowid", "t" FROM "cmigrate_old_plain";
DROP TABLE "cmigrate_old_plain";

-- loses data: column c of table words; table words is recreated
PRAGMA legacy_alter_table = ON;
ALTER TABLE "words" RENAME TO "cmigrate_old_words";
PRAGMA legacy_alter_table = OFF;
CREATE VIRTUAL TABLE words USING fts5(a, b UNINDEXED, tokenize = 'porter ascii');
INSERT INTO "words" ("rowid", "a", "b")
SELECT "rowid", "a", "b" FROM "cmigrate_old_words";
DROP TABLE "cmigrate_old_words";
CREATE TRIGGER note_in AFTER INSERT ON note BEGIN INSERT INTO beside (rowid, body) VALUES (new.id, new.body); END;
