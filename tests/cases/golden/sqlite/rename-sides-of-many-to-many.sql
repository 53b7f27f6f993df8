-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "a" RENAME TO "x";
ALTER TABLE "ab" RENAME TO "xy";
ALTER TABLE "b" RENAME TO "y";
ALTER TABLE "x" RENAME COLUMN "id" TO "nr";
ALTER TABLE "xy" RENAME COLUMN "a_id" TO "x_nr";
ALTER TABLE "xy" RENAME COLUMN "b_id" TO "y_id";

-- table x is recreated with its rows
-- cmigrate: assert table x has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('x')
WHERE name COLLATE NOCASE NOT IN ('nr')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'x' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('x')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('x') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_x" (
    "nr" BIGINT NOT NULL CONSTRAINT "pk_a" PRIMARY KEY
);
INSERT OR ABORT INTO "cmigrate_new_x" ("rowid", "nr")
SELECT "x"."rowid", "x"."nr" FROM "x";
DROP TABLE "x";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_x" RENAME TO "x";
PRAGMA legacy_alter_table = OFF;

-- table xy is recreated with its rows
-- cmigrate: assert table xy has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('xy')
WHERE name COLLATE NOCASE NOT IN ('x_nr', 'y_id')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'xy' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('xy')) > 2
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('xy') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_xy" (
    "x_nr" BIGINT NOT NULL,
    "y_id" INTEGER NOT NULL,
    CONSTRAINT "pk_ab" PRIMARY KEY ("x_nr", "y_id"),
    CONSTRAINT "fk_ab_a_id_a" FOREIGN KEY ("x_nr") REFERENCES "x" ("nr"),
    CONSTRAINT "fk_ab_b_id_b" FOREIGN KEY ("y_id") REFERENCES "y" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_xy" ("rowid", "x_nr", "y_id")
SELECT "xy"."rowid", "xy"."x_nr", "xy"."y_id" FROM "xy";
DROP TABLE "xy";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_xy" RENAME TO "xy";
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_key_check("xy");

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "x" RENAME TO "a";
ALTER TABLE "xy" RENAME TO "ab";
ALTER TABLE "y" RENAME TO "b";
ALTER TABLE "a" RENAME COLUMN "nr" TO "id";
ALTER TABLE "ab" RENAME COLUMN "x_nr" TO "a_id";
ALTER TABLE "ab" RENAME COLUMN "y_id" TO "b_id";

-- table a is recreated with its rows
-- cmigrate: assert table a has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('a')
WHERE name COLLATE NOCASE NOT IN ('id')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'a' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('a')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('a') WHERE origin = 'u') > 0
LIMIT 1;

-- cmigrate: assert column a.id has values that INTEGER cannot hold as they are
SELECT "a"."rowid" FROM "a" WHERE CASE typeof("a"."id") WHEN 'text' THEN CAST(CAST("a"."id" AS INTEGER) AS TEXT) COLLATE BINARY <> CAST("a"."id" AS TEXT) WHEN 'real' THEN "a"."id" <> CAST("a"."id" AS INTEGER) WHEN 'blob' THEN 1 ELSE 0 END LIMIT 1;
CREATE TABLE "cmigrate_new_a" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_a" PRIMARY KEY
);
INSERT OR ABORT INTO "cmigrate_new_a" ("id")
SELECT "a"."id" FROM "a";
DROP TABLE "a";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_a" RENAME TO "a";
PRAGMA legacy_alter_table = OFF;

-- table ab is recreated with its rows
-- cmigrate: assert table ab has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('ab')
WHERE name COLLATE NOCASE NOT IN ('a_id', 'b_id')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'ab' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('ab')) > 2
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('ab') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_ab" (
    "a_id" INTEGER NOT NULL,
    "b_id" INTEGER NOT NULL,
    CONSTRAINT "pk_ab" PRIMARY KEY ("a_id", "b_id"),
    CONSTRAINT "fk_ab_a_id_a" FOREIGN KEY ("a_id") REFERENCES "a" ("id"),
    CONSTRAINT "fk_ab_b_id_b" FOREIGN KEY ("b_id") REFERENCES "b" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_ab" ("rowid", "a_id", "b_id")
SELECT "ab"."rowid", "ab"."a_id", "ab"."b_id" FROM "ab";
DROP TABLE "ab";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_ab" RENAME TO "ab";
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_key_check("ab");
