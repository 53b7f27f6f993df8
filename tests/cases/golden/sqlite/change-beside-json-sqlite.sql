-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- table event is recreated with its rows
-- cmigrate: assert table event has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('event')
WHERE name COLLATE NOCASE NOT IN ('id', 'body', 'kind', 'n')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'event' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('event')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('event') WHERE origin = 'u') > 0
LIMIT 1;

-- cmigrate: assert column event.n becomes NOT NULL, but has rows with NULL
SELECT "event"."rowid" FROM "event" WHERE "event"."n" IS NULL LIMIT 1;
CREATE TABLE "cmigrate_new_event" (
    "id" INTEGER PRIMARY KEY,
    "body" TEXT NOT NULL CHECK (json_valid(body)),
    "kind" TEXT GENERATED ALWAYS AS (json_extract(body, '$.kind')) STORED,
    "n" INTEGER NOT NULL
);
INSERT OR ABORT INTO "cmigrate_new_event" ("id", "body", "n")
SELECT "event"."id", "event"."body", "event"."n" FROM "event";
DROP TABLE "event";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_event" RENAME TO "event";
PRAGMA legacy_alter_table = OFF;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table event is recreated with its rows
-- cmigrate: assert table event has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('event')
WHERE name COLLATE NOCASE NOT IN ('id', 'body', 'kind', 'n')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'event' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('event')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('event') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_event" (
    "id" INTEGER PRIMARY KEY,
    "body" TEXT NOT NULL CHECK (json_valid(body)),
    "kind" TEXT GENERATED ALWAYS AS (json_extract(body, '$.kind')) STORED,
    "n" INTEGER
);
INSERT OR ABORT INTO "cmigrate_new_event" ("id", "body", "n")
SELECT "event"."id", "event"."body", "event"."n" FROM "event";
DROP TABLE "event";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_event" RENAME TO "event";
PRAGMA legacy_alter_table = OFF;
