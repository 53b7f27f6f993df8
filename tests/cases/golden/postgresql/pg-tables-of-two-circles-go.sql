-- cmigrate: upgrade
CREATE TABLE "kept" (
    "id" integer
);

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "a" DROP CONSTRAINT "a_b";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "a" DROP CONSTRAINT "a_c_fkey";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "b" DROP CONSTRAINT "b_boss_fkey";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "b" DROP CONSTRAINT "b_last_fkey";

-- loses data: the rows of table a; locks: ACCESS EXCLUSIVE on a, b, c; the table and its rows are gone
DROP TABLE "a";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "d" DROP CONSTRAINT "d_fav_fkey";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "d" DROP CONSTRAINT "d_head_fkey";

-- loses data: the rows of table b; locks: ACCESS EXCLUSIVE on b, d, a; the table and its rows are gone
DROP TABLE "b";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "c" DROP CONSTRAINT "c_d_fkey";

-- loses data: the rows of table c; locks: ACCESS EXCLUSIVE on c, d; the table and its rows are gone
DROP TABLE "c";

-- loses data: the rows of table d; locks: ACCESS EXCLUSIVE on d, b, c; the table and its rows are gone
DROP TABLE "d";

-- cmigrate: downgrade
CREATE TABLE "d" (
    "id" integer NOT NULL,
    "head" integer,
    "fav" integer,
    CONSTRAINT "d_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "b" (
    "id" integer NOT NULL,
    "last" integer,
    "boss" integer,
    CONSTRAINT "b_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "b_boss_fkey" FOREIGN KEY ("boss") REFERENCES "d" ("id")
);
CREATE TABLE "c" (
    "id" integer NOT NULL,
    "d" integer,
    "mentor" integer,
    CONSTRAINT "c_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "c_d_fkey" FOREIGN KEY ("d") REFERENCES "d" ("id"),
    CONSTRAINT "c_mentor_fkey" FOREIGN KEY ("mentor") REFERENCES "c" ("id")
);
CREATE TABLE "a" (
    "id" integer NOT NULL,
    "b" integer,
    "c" integer,
    CONSTRAINT "a_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "a_b" FOREIGN KEY ("b") REFERENCES "b" ("id"),
    CONSTRAINT "a_c_fkey" FOREIGN KEY ("c") REFERENCES "c" ("id")
);
ALTER TABLE "b" ADD CONSTRAINT "b_last_fkey" FOREIGN KEY ("last") REFERENCES "a" ("id");
ALTER TABLE "d" ADD CONSTRAINT "d_fav_fkey" FOREIGN KEY ("fav") REFERENCES "b" ("id");
ALTER TABLE "d" ADD CONSTRAINT "d_head_fkey" FOREIGN KEY ("head") REFERENCES "c" ("id");

-- loses data: the rows of table kept; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "kept";
