-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- loses data: columns b, c of table t; table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'a', 'b', 'c', 'd')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('ix_bd', 'ix_t_b')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "a" VARCHAR(20),
    "d" INTEGER
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "a", "d")
SELECT "t"."id", "t"."a", "t"."d" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "ix_bd" ON "t" ("d");

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table t is recreated with its rows
-- cmigrate: assert table t has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('t')
WHERE name COLLATE NOCASE NOT IN ('id', 'a', 'd')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 't' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('ix_bd')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('t')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_t" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_t" PRIMARY KEY,
    "a" VARCHAR(20),
    "b" INTEGER,
    "c" INTEGER,
    "d" INTEGER,
    CONSTRAINT "uq_t_b" UNIQUE ("b"),
    CONSTRAINT "fk_t_c_t" FOREIGN KEY ("c") REFERENCES "t" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_t" ("id", "a", "d")
SELECT "t"."id", "t"."a", "t"."d" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "ix_bd" ON "t" ("b", "d");
CREATE INDEX "ix_t_b" ON "t" ("b");
PRAGMA foreign_key_check("t");
