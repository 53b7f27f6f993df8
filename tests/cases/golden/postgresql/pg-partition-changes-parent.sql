-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the parent and the partition
ALTER TABLE "p" DETACH PARTITION "c";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" DROP CONSTRAINT IF EXISTS "c_pkey";
CREATE SCHEMA "s";
CREATE TYPE "s"."color" AS ENUM ('red', 'green');
CREATE TABLE "s"."q" (
    "id" integer NOT NULL,
    "foo" text DEFAULT 'd'::text NOT NULL,
    "fizz" timestamp with time zone DEFAULT now(),
    "color" s.color DEFAULT 'green'::s.color,
    CONSTRAINT "q_pkey" PRIMARY KEY ("foo", "id"),
    CONSTRAINT "q_foo_check" CHECK (length(foo) > 0)
) PARTITION BY LIST (foo);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c"
  ADD COLUMN "color" s.color DEFAULT 'green'::s.color,
  ADD COLUMN "fizz" timestamp with time zone DEFAULT now() CONSTRAINT "c_fizz_not_null" NOT NULL,
  ALTER COLUMN "foo" SET DEFAULT 'd'::text;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" RENAME CONSTRAINT "p_foo_not_null" TO "q_foo_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" RENAME CONSTRAINT "p_id_not_null" TO "q_id_not_null";

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "c" ADD CONSTRAINT "q_foo_check" CHECK (length(foo) > 0);

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition; reads the partition
ALTER TABLE "s"."q" ATTACH PARTITION "c" FOR VALUES IN ('b');

-- locks: SHARE; builds an index
CREATE INDEX "c_local" ON "c" ("foo", "fizz");
CREATE UNIQUE INDEX "q_unique" ON "s"."q" ("foo", "fizz");

-- loses data: the rows of table p; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "p";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and c
DROP INDEX "c_local";

-- locks: ACCESS EXCLUSIVE on the parent and the partition
ALTER TABLE "s"."q" DETACH PARTITION "c";

-- locks: ACCESS EXCLUSIVE on the index and c
DROP INDEX "c_foo_fizz_idx";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c"
  DROP CONSTRAINT IF EXISTS "c_pkey",
  DROP CONSTRAINT IF EXISTS "q_foo_check";
CREATE TABLE "p" (
    "id" integer NOT NULL,
    "foo" text NOT NULL,
    CONSTRAINT "p_pkey" PRIMARY KEY ("foo", "id")
) PARTITION BY LIST (foo);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" ALTER COLUMN "foo" DROP DEFAULT;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" RENAME CONSTRAINT "q_foo_not_null" TO "p_foo_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" RENAME CONSTRAINT "q_id_not_null" TO "p_id_not_null";

-- loses data: column color of table c; loses data: column fizz of table c; locks: ACCESS EXCLUSIVE; the values of color are gone; the values of fizz are gone
ALTER TABLE "c"
  DROP COLUMN "color",
  DROP COLUMN "fizz";

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition; reads the partition
ALTER TABLE "p" ATTACH PARTITION "c" FOR VALUES IN ('a');

-- loses data: the rows of table q; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "s"."q";
DROP TYPE "s"."color";
DROP SCHEMA "s";
