-- cmigrate: upgrade
CREATE TABLE "b" (
    "id" serial NOT NULL,
    "a" integer DEFAULT nextval('b_id_seq'::regclass),
    CONSTRAINT "b_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "a" (
    "id" integer,
    "b" integer,
    CONSTRAINT "a_b_fkey" FOREIGN KEY ("b") REFERENCES "b" ("id")
);
CREATE TABLE "d" (
    "id" bigint NOT NULL,
    "c" integer,
    CONSTRAINT "d_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "c" (
    "id" serial NOT NULL,
    "d" bigint,
    CONSTRAINT "c_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "c_d_fkey" FOREIGN KEY ("d") REFERENCES "d" ("id")
);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" ALTER COLUMN "id" SET DEFAULT nextval('b_id_seq'::regclass);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "d" ALTER COLUMN "id" SET DEFAULT nextval('c_id_seq'::regclass);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "z" ALTER COLUMN "id" SET DEFAULT nextval('c_id_seq'::regclass);
ALTER TABLE "d" ADD CONSTRAINT "d_c_fkey" FOREIGN KEY ("c") REFERENCES "c" ("id");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" ALTER COLUMN "id" DROP DEFAULT;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "d" ALTER COLUMN "id" DROP DEFAULT;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "z" ALTER COLUMN "id" DROP DEFAULT;

-- loses data: the rows of table a; locks: ACCESS EXCLUSIVE on a, b; the table and its rows are gone
DROP TABLE "a";

-- loses data: the rows of table b; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "b";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "c" DROP CONSTRAINT "c_d_fkey";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "d" DROP CONSTRAINT "d_c_fkey";

-- loses data: the rows of table c; locks: ACCESS EXCLUSIVE on c, d; the table and its rows are gone
DROP TABLE "c";

-- loses data: the rows of table d; locks: ACCESS EXCLUSIVE on d, c; the table and its rows are gone
DROP TABLE "d";
