-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "pet" RENAME TO "animal";
ALTER TABLE "owner" RENAME TO "keeper";
ALTER TABLE "animal" RENAME COLUMN "own" TO "kept_by";

-- table animal is recreated with its rows
-- cmigrate: assert table animal has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('animal')
WHERE name COLLATE NOCASE NOT IN ('id', 'kept_by', 'n')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'animal' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('animal')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('animal') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_animal" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_pet" PRIMARY KEY,
    "kept_by" int,
    "n" int DEFAULT 1,
    CONSTRAINT "fk_pet_own_owner" FOREIGN KEY ("kept_by") REFERENCES "keeper" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_animal" ("id", "kept_by", "n")
SELECT "animal"."id", "animal"."kept_by", "animal"."n" FROM "animal";
DROP TABLE "animal";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_animal" RENAME TO "animal";
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_key_check("animal");

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;
ALTER TABLE "keeper" RENAME TO "owner";
ALTER TABLE "animal" RENAME TO "pet";
ALTER TABLE "pet" RENAME COLUMN "kept_by" TO "own";

-- table pet is recreated with its rows
-- cmigrate: assert table pet has something that this revision does not know, and that recreating the table would drop: add it to the model, or drop it first
SELECT 'column ' || name FROM pragma_table_xinfo('pet')
WHERE name COLLATE NOCASE NOT IN ('id', 'own', 'n')
UNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name = 'pet' COLLATE NOCASE AND type IN ('index', 'trigger')
AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
UNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM pragma_foreign_key_list('pet')) > 1
UNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list('pet') WHERE origin = 'u') > 0
LIMIT 1;
CREATE TABLE "cmigrate_new_pet" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_pet" PRIMARY KEY,
    "own" int,
    "n" int,
    CONSTRAINT "fk_pet_own_owner" FOREIGN KEY ("own") REFERENCES "owner" ("id")
);
INSERT OR ABORT INTO "cmigrate_new_pet" ("id", "own", "n")
SELECT "pet"."id", "pet"."own", "pet"."n" FROM "pet";
DROP TABLE "pet";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "cmigrate_new_pet" RENAME TO "pet";
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_key_check("pet");
