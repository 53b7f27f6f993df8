-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "t" RENAME COLUMN "state" TO "standing";
ALTER TABLE "t" RENAME COLUMN "mood" TO "temper";

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'temper', 'standing')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "temper" TEXT CONSTRAINT "ck_t_temper" CHECK ("temper" IN ('sad', 'glad', 'odd')),
    "standing" TEXT CONSTRAINT "ck_t_standing" CHECK ("standing" IN ('sad', 'glad', 'odd'))
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "temper", "standing")
SELECT "t"."id", "t"."temper", "t"."standing" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "t" RENAME COLUMN "temper" TO "mood";
ALTER TABLE "t" RENAME COLUMN "standing" TO "state";

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'mood', 'state')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "mood" VARCHAR(10),
    "state" TEXT CONSTRAINT "ck_t_state" CHECK ("state" IN ('sad', 'glad'))
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "mood", "state")
SELECT "t"."id", "t"."mood", "t"."state" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
