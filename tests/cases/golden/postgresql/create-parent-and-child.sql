-- cmigrate: upgrade
CREATE TABLE "a" (
    "id" serial NOT NULL,
    "b_id" integer,
    CONSTRAINT "pk_a" PRIMARY KEY ("id")
);
CREATE TABLE "b" (
    "id" serial NOT NULL,
    "a_id" integer,
    CONSTRAINT "pk_b" PRIMARY KEY ("id"),
    CONSTRAINT "fk_b_a_id_a" FOREIGN KEY ("a_id") REFERENCES "a" ("id")
);
CREATE TABLE "child" (
    "id" serial NOT NULL,
    "parent_id" integer,
    CONSTRAINT "pk_child" PRIMARY KEY ("id")
);
CREATE TABLE "parent" (
    "id" serial NOT NULL,
    CONSTRAINT "pk_parent" PRIMARY KEY ("id")
);
ALTER TABLE "a" ADD CONSTRAINT "fk_a_b_id_b" FOREIGN KEY ("b_id") REFERENCES "b" ("id");
ALTER TABLE "child" ADD CONSTRAINT "fk_child_parent_id_parent" FOREIGN KEY ("parent_id") REFERENCES "parent" ("id");

-- cmigrate: downgrade
-- loses data: the rows of table child; locks: ACCESS EXCLUSIVE on child, parent; the table and its rows are gone
DROP TABLE "child";

-- loses data: the rows of table parent; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "parent";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "a" DROP CONSTRAINT "fk_a_b_id_b";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "b" DROP CONSTRAINT "fk_b_a_id_a";

-- loses data: the rows of table a; locks: ACCESS EXCLUSIVE on a, b; the table and its rows are gone
DROP TABLE "a";

-- loses data: the rows of table b; locks: ACCESS EXCLUSIVE on b, a; the table and its rows are gone
DROP TABLE "b";
