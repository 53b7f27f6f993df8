-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
DROP VIEW "sums";
ALTER TABLE "item" RENAME COLUMN "qty" TO "amount";

-- table tag is recreated with its rows
-- cmigrate: assert table tag has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('tag')
WHERE name COLLATE NOCASE NOT IN ('t')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'tag' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('tag_open')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('tag')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('tag') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_tag" (
    "t" TEXT CONSTRAINT "ck_tag_t" CHECK (t <> "none")
);
INSERT OR ABORT INTO "cmigrate_new_tag" ("rowid", "t")
SELECT "tag"."rowid", "tag"."t" FROM "tag";
DROP TABLE "tag";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_tag" RENAME TO "tag";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "tag_open" ON "tag" ("t") WHERE t = "open";
CREATE VIEW "sums" AS SELECT sum(s.amount) AS amount FROM (SELECT amount FROM item) AS s;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
DROP VIEW "sums";
ALTER TABLE "item" RENAME COLUMN "amount" TO "qty";

-- table tag is recreated with its rows
-- cmigrate: assert table tag has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('tag')
WHERE name COLLATE NOCASE NOT IN ('t')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'tag' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('tag_open')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('tag')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('tag') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_tag" (
    "t" TEXT CONSTRAINT "ck_tag_t" CHECK (t <> "none")
);
INSERT OR ABORT INTO "cmigrate_new_tag" ("rowid", "t")
SELECT "tag"."rowid", "tag"."t" FROM "tag";
DROP TABLE "tag";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_tag" RENAME TO "tag";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "tag_open" ON "tag" ("t") WHERE t = "open";
CREATE VIEW "sums" AS SELECT sum(s.qty) AS qty FROM (SELECT qty FROM item) AS s;
