-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- table z is recreated with its rows
-- cmigrate: assert table z has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('z')
WHERE name COLLATE NOCASE NOT IN ('id', 'v')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'z' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('z')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('z') WHERE origin = 'u') > 0
LIMIT 1;

-- cmigrate: assert column z.v has values that ANY cannot hold as they are
SELECT "z"."rowid" FROM "z" WHERE typeof("z"."v") = 'text' AND "z"."v" = CAST("z"."v" AS NUMERIC) AND CAST(CAST("z"."v" AS NUMERIC) AS TEXT) COLLATE BINARY <> CAST("z"."v" AS TEXT) LIMIT 1;
CREATE TABLE "cmigrate_new_z" (
    "id" INTEGER PRIMARY KEY,
    "v" ANY
);
INSERT OR ABORT INTO "cmigrate_new_z" ("id", "v")
SELECT "z"."id", "z"."v" FROM "z";
DROP TABLE "z";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_z" RENAME TO "z";
PRAGMA legacy_alter_table = OFF;

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- table z is recreated with its rows
-- cmigrate: assert table z has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('z')
WHERE name COLLATE NOCASE NOT IN ('id', 'v')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'z' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('z')) > 0
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('z') WHERE origin = 'u') > 0
LIMIT 1;

-- cmigrate: assert column z.id has values that INTEGER cannot hold as they are
SELECT "z"."rowid" FROM "z" WHERE CASE typeof("z"."id") WHEN 'text' THEN CAST(CAST("z"."id" AS INTEGER) AS TEXT) COLLATE BINARY <> CAST("z"."id" AS TEXT) WHEN 'real' THEN "z"."id" <> CAST("z"."id" AS INTEGER) WHEN 'blob' THEN 1 ELSE 0 END LIMIT 1;
CREATE TABLE "cmigrate_new_z" (
    "id" INTEGER PRIMARY KEY,
    "v" ANY
) STRICT;
INSERT OR ABORT INTO "cmigrate_new_z" ("id", "v")
SELECT "z"."id", "z"."v" FROM "z";
DROP TABLE "z";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_z" RENAME TO "z";
PRAGMA legacy_alter_table = OFF;
