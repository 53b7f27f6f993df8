-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "p" RENAME TO "q";

-- table c is recreated with its rows
-- cmigrate: assert table c has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('c')
WHERE name COLLATE NOCASE NOT IN ('id', 'p')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'c' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('c')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('c') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_c" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_c" PRIMARY KEY,
    "p" BIGINT,
    CONSTRAINT "fk_c_p_p" FOREIGN KEY ("p") REFERENCES "q" ("id") ON DELETE CASCADE
);
INSERT OR ABORT INTO "cmigrate_new_c" ("id", "p")
SELECT "c"."id", "c"."p" FROM "c";
DROP TABLE "c";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_c" RENAME TO "c";
PRAGMA legacy_alter_table = OFF;

-- table q is recreated with its rows
-- cmigrate: assert table q has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('q')
WHERE name COLLATE NOCASE NOT IN ('id', 'parent', 'd', 'n')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'q' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('ix_p_d', 'ix_p_n')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('q')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('q') WHERE origin = 'u') > 1
LIMIT 1;
CREATE TABLE "cmigrate_new_q" (
    "id" BIGINT NOT NULL CONSTRAINT "pk_p" PRIMARY KEY,
    "parent" BIGINT,
    "d" DATE,
    "n" BIGINT CONSTRAINT "ck_p_n" CHECK (n > 2),
    "e" INTEGER CONSTRAINT "ck_q_e" CHECK (e > 1),
    CONSTRAINT "uq_p_d" UNIQUE ("d"),
    CONSTRAINT "fk_p_parent_p" FOREIGN KEY ("parent") REFERENCES "q" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_q" ("rowid", "id", "parent", "d", "n")
SELECT "q"."rowid", "q"."id", "q"."parent", "q"."d", "q"."n" FROM "q";
DROP TABLE "q";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_q" RENAME TO "q";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "ix_p_d" ON "q" ("d");
CREATE INDEX "ix_p_n" ON "q" ("n");
PRAGMA foreign_key_check("c");
PRAGMA foreign_key_check("q");

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "q" RENAME TO "p";

-- table c is recreated with its rows
-- cmigrate: assert table c has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('c')
WHERE name COLLATE NOCASE NOT IN ('id', 'p')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'c' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('c')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('c') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_c" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_c" PRIMARY KEY,
    "p" INTEGER,
    CONSTRAINT "fk_c_p_p" FOREIGN KEY ("p") REFERENCES "p" ("id") ON DELETE CASCADE
);
INSERT OR ABORT INTO "cmigrate_new_c" ("id", "p")
SELECT "c"."id", "c"."p" FROM "c";
DROP TABLE "c";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_c" RENAME TO "c";
PRAGMA legacy_alter_table = OFF;

-- loses data: column e of table p; table p is recreated with its rows
-- cmigrate: assert table p has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('p')
WHERE name COLLATE NOCASE NOT IN ('id', 'parent', 'd', 'n', 'e')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'p' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('ix_p_d', 'ix_p_n')
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('p')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('p') WHERE origin = 'u') > 1
LIMIT 1;

-- cmigrate: assert column p.id has values that INTEGER cannot hold as they are
SELECT "p"."rowid" FROM "p" WHERE CASE typeof("p"."id") WHEN 'text' THEN CAST(CAST("p"."id" AS INTEGER) AS TEXT) COLLATE BINARY <> CAST("p"."id" AS TEXT) WHEN 'real' THEN "p"."id" <> CAST("p"."id" AS INTEGER) WHEN 'blob' THEN 1 ELSE 0 END LIMIT 1;
CREATE TABLE "cmigrate_new_p" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_p" PRIMARY KEY,
    "parent" INTEGER,
    "d" DATE,
    "n" INTEGER CONSTRAINT "ck_p_n" CHECK (n > 2),
    CONSTRAINT "uq_p_d" UNIQUE ("d"),
    CONSTRAINT "fk_p_parent_p" FOREIGN KEY ("parent") REFERENCES "p" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_p" ("id", "parent", "d", "n")
SELECT "p"."id", "p"."parent", "p"."d", "p"."n" FROM "p";
DROP TABLE "p";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_p" RENAME TO "p";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "ix_p_d" ON "p" ("d");
CREATE INDEX "ix_p_n" ON "p" ("n");
PRAGMA foreign_key_check("c");
PRAGMA foreign_key_check("p");
