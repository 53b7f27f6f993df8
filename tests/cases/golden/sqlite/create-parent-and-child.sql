-- cmigrate: upgrade
CREATE TABLE "parent" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_parent" PRIMARY KEY
);
CREATE TABLE "child" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_child" PRIMARY KEY,
    "parent_id" INTEGER,
    CONSTRAINT "fk_child_parent_id_parent" FOREIGN KEY ("parent_id") REFERENCES "parent" ("id")
);
CREATE TABLE "a" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_a" PRIMARY KEY,
    "b_id" INTEGER,
    CONSTRAINT "fk_a_b_id_b" FOREIGN KEY ("b_id") REFERENCES "b" ("id")
);
CREATE TABLE "b" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_b" PRIMARY KEY,
    "a_id" INTEGER,
    CONSTRAINT "fk_b_a_id_a" FOREIGN KEY ("a_id") REFERENCES "a" ("id")
);

-- cmigrate: downgrade
PRAGMA foreign_keys = OFF;

-- loses data: the rows of table child
DROP TABLE "child";

-- loses data: the rows of table parent
DROP TABLE "parent";

-- loses data: the rows of table a
DROP TABLE "a";

-- loses data: the rows of table b
DROP TABLE "b";
