-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "one";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "three";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "two";

-- cmigrate: assert column p.b becomes NOT NULL, but has rows with NULL
SELECT "a", "b" FROM "p" WHERE "b" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "p"
  DROP CONSTRAINT "p_key",
  ALTER COLUMN "b" SET NOT NULL;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "q" ALTER COLUMN "id" TYPE bigint;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "z" TYPE bigint;

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "p" ADD CONSTRAINT "p_key" PRIMARY KEY ("a", "b");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "one" FOREIGN KEY ("x", "y") REFERENCES "p" ("a", "b") ON DELETE SET NULL (y);

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "renamed" FOREIGN KEY ("y") REFERENCES "p" ("c") ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "t_z_fkey" FOREIGN KEY ("z") REFERENCES "q" ("id");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "one";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "renamed";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "t_z_fkey";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p"
  DROP CONSTRAINT "p_key",
  ALTER COLUMN "b" DROP NOT NULL;

-- cmigrate: assert column q.id has values that integer cannot hold
SELECT "id" FROM "q" WHERE "id" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "q" ALTER COLUMN "id" TYPE integer;

-- cmigrate: assert column t.z has values that integer cannot hold
SELECT ctid FROM "t" WHERE "z" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "z" TYPE integer;

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "p" ADD CONSTRAINT "p_key" PRIMARY KEY ("a");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "one" FOREIGN KEY ("x") REFERENCES "p" ("a") ON DELETE CASCADE;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "three" FOREIGN KEY ("z") REFERENCES "q" ("id") DEFERRABLE;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "two" FOREIGN KEY ("y") REFERENCES "p" ("c");
