-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "child" DROP CONSTRAINT "child_parent_fkey";

-- loses data: column parent of table child; locks: ACCESS EXCLUSIVE; the values of parent are gone
ALTER TABLE "child" DROP COLUMN "parent";

-- loses data: the rows of table parent; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "parent";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "a" DROP CONSTRAINT "a_b_fkey";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "b" DROP CONSTRAINT "b_a_fkey";

-- loses data: the rows of table a; locks: ACCESS EXCLUSIVE on a, b; the table and its rows are gone
DROP TABLE "a";

-- loses data: the rows of table b; locks: ACCESS EXCLUSIVE on b, a; the table and its rows are gone
DROP TABLE "b";

-- cmigrate: downgrade
CREATE TABLE "b" (
    "id" integer NOT NULL,
    "a" integer,
    CONSTRAINT "b_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "a" (
    "id" integer NOT NULL,
    "b" integer,
    CONSTRAINT "a_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "a_b_fkey" FOREIGN KEY ("b") REFERENCES "b" ("id")
);
CREATE TABLE "parent" (
    "id" integer NOT NULL,
    CONSTRAINT "parent_pkey" PRIMARY KEY ("id")
);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "child" ADD COLUMN "parent" integer;
ALTER TABLE "b" ADD CONSTRAINT "b_a_fkey" FOREIGN KEY ("a") REFERENCES "a" ("id");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "child" ADD CONSTRAINT "child_parent_fkey" FOREIGN KEY ("parent") REFERENCES "parent" ("id") ON DELETE CASCADE;
