-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- table b is recreated with its rows
-- cmigrate: assert table b has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('b')
WHERE name COLLATE NOCASE NOT IN ('x', 'y', 'z')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'b' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('b')) > 3
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('b') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_b" (
    "x" int,
    "y" int,
    "z" int,
    FOREIGN KEY ("y") REFERENCES "a" ("x") MATCH PARTIAL,
    FOREIGN KEY ("z") REFERENCES "a" MATCH OTHER,
    FOREIGN KEY ("x", "y") REFERENCES "a" ("x", "y") MATCH FULL
);
INSERT OR ABORT INTO "cmigrate_new_b" ("rowid", "x", "y", "z")
SELECT "b"."rowid", "b"."x", "b"."y", "b"."z" FROM "b";
DROP TABLE "b";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_b" RENAME TO "b";
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_key_check("b");

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table b is recreated with its rows
-- cmigrate: assert table b has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('b')
WHERE name COLLATE NOCASE NOT IN ('x', 'y', 'z')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'b' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('b')) > 3
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('b') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_b" (
    "x" int,
    "y" int,
    "z" int,
    FOREIGN KEY ("z") REFERENCES "a" MATCH PARTIAL,
    FOREIGN KEY ("x", "y") REFERENCES "a" ("x", "y") MATCH FULL,
    FOREIGN KEY ("y") REFERENCES "a" ("x")
);
INSERT OR ABORT INTO "cmigrate_new_b" ("rowid", "x", "y", "z")
SELECT "b"."rowid", "b"."x", "b"."y", "b"."z" FROM "b";
DROP TABLE "b";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_b" RENAME TO "b";
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_key_check("b");
