-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'a', 'b', 'c')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('i_b')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "a" INTEGER,
    "b" INTEGER,
    "c" INTEGER,
    CONSTRAINT "uq_t_a" UNIQUE ("a"),
    CONSTRAINT "f_c" FOREIGN KEY ("c") REFERENCES "t" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "a", "b", "c")
SELECT "t"."id", "t"."a", "t"."b", "t"."c" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "t_b_idx" ON "t" ("b");
PRAGMA foreign_key_check("t");

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'a', 'b', 'c')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('t_b_idx')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "a" INTEGER,
    "b" INTEGER,
    "c" INTEGER,
    CONSTRAINT "u_a" UNIQUE ("a"),
    CONSTRAINT "f_c" FOREIGN KEY ("c") REFERENCES "t" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "a", "b", "c")
SELECT "t"."id", "t"."a", "t"."b", "t"."c" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "i_b" ON "t" ("b");
PRAGMA foreign_key_check("t");
