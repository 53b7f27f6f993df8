-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "f";
CREATE SCHEMA "new";
CREATE TABLE "new"."o" (
    "id" serial NOT NULL,
    CONSTRAINT "pk_o" PRIMARY KEY ("id")
);

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "f" FOREIGN KEY ("o") REFERENCES "new"."o" ("id");

-- loses data: the rows of table o; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "old"."o";
DROP SCHEMA "old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "f";
CREATE SCHEMA "old";
CREATE TABLE "old"."o" (
    "id" serial NOT NULL,
    CONSTRAINT "pk_o" PRIMARY KEY ("id")
);

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "f" FOREIGN KEY ("o") REFERENCES "old"."o" ("id");

-- loses data: the rows of table o; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "new"."o";
DROP SCHEMA "new";
