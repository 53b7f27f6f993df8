-- cmigrate: upgrade
-- loses data: column r of table usr; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; the values of r are gone
ALTER TABLE "usr"
  ALTER COLUMN "q" TYPE jsonb USING pg_catalog.to_jsonb("q"),
  DROP COLUMN "r";

-- loses data: the rows of table a3; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "a3";

-- loses data: the rows of table b2; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "b2";

-- loses data: the rows of table gone; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "gone";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "base" ALTER COLUMN "a" TYPE bigint;
CREATE TABLE "new" (
    "r" base[]
);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "usr" ADD COLUMN "n" base;
CREATE TYPE "usr_q_value" AS (v base[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr" ALTER COLUMN "q" TYPE base[] USING (jsonb_populate_record(NULL::"usr_q_value", jsonb_build_object('v', "q"))).v;
DROP TYPE "usr_q_value";

-- cmigrate: downgrade
CREATE TABLE "a3" (
    "a" integer NOT NULL,
    "b" integer,
    "c" integer,
    "d" integer,
    "e" integer,
    CONSTRAINT "a3_pkey" PRIMARY KEY ("a"),
    CONSTRAINT "a3_b_key" UNIQUE ("b"),
    CONSTRAINT "a3_c_key" UNIQUE ("c")
);
CREATE TABLE "b2" (
    "a" integer NOT NULL,
    "b" integer,
    "c" integer,
    "d" integer,
    "e" integer,
    CONSTRAINT "b2_pkey" PRIMARY KEY ("a"),
    CONSTRAINT "b2_b_key" UNIQUE ("b"),
    CONSTRAINT "b2_c_key" UNIQUE ("c")
);

-- loses data: column n of table usr; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; the values of n are gone
ALTER TABLE "usr"
  ALTER COLUMN "q" TYPE jsonb USING pg_catalog.to_jsonb("q"),
  DROP COLUMN "n";

-- loses data: the rows of table new; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "new";

-- cmigrate: assert column base.a has values that integer cannot hold
SELECT ctid FROM "base" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "base" ALTER COLUMN "a" TYPE integer;
CREATE TABLE "gone" (
    "r" base
);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "usr" ADD COLUMN "r" base;
CREATE TYPE "usr_q_value" AS (v base[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr" ALTER COLUMN "q" TYPE base[] USING (jsonb_populate_record(NULL::"usr_q_value", jsonb_build_object('v', "q"))).v;
DROP TYPE "usr_q_value";
