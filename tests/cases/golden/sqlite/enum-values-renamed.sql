-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "t" RENAME TO "u";
ALTER TABLE "u" RENAME COLUMN "n" TO "f";

-- table u is recreated with its rows
-- cmigrate: assert table u has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('u')
WHERE name COLLATE NOCASE NOT IN ('id', 'm', 'f')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'u' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('u')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('u') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_u" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "m" TEXT CONSTRAINT "ck_u_m" CHECK ("m" IN ('sad', 'fine', 'great', 'that''s')),
    "f" TEXT NOT NULL DEFAULT 'fine' CONSTRAINT "ck_u_f" CHECK ("f" IN ('sad', 'fine', 'great', 'that''s'))
);
INSERT OR ABORT INTO "cmigrate_new_u" ("id", "m", "f")
SELECT "u"."id", CASE "u"."m" WHEN 'ok' THEN 'fine' WHEN 'it''s' THEN 'that''s' ELSE "u"."m" END, CASE "u"."f" WHEN 'ok' THEN 'fine' WHEN 'it''s' THEN 'that''s' ELSE "u"."f" END FROM "u";
DROP TABLE "u";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_u" RENAME TO "u";
PRAGMA legacy_alter_table = OFF;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "u" RENAME TO "t";
ALTER TABLE "t" RENAME COLUMN "f" TO "n";

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'm', 'n')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "m" TEXT CONSTRAINT "ck_t_m" CHECK ("m" IN ('sad', 'ok', 'it''s')),
    "n" TEXT NOT NULL DEFAULT 'ok' CONSTRAINT "ck_t_n" CHECK ("n" IN ('sad', 'ok', 'it''s'))
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "m", "n")
SELECT "t"."id", CASE "t"."m" WHEN 'fine' THEN 'ok' WHEN 'that''s' THEN 'it''s' ELSE "t"."m" END, CASE "t"."n" WHEN 'fine' THEN 'ok' WHEN 'that''s' THEN 'it''s' ELSE "t"."n" END FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
