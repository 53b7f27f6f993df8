-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "a"
  DROP CONSTRAINT "a_x_key",
  ADD COLUMN "b" integer,
  ADD CONSTRAINT "a_check" CHECK (x < y);

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "a" ADD CONSTRAINT "a_x_excl" EXCLUDE USING btree ("x" WITH =) WHERE (y > 5);

-- locks: ACCESS EXCLUSIVE; builds an index; reads the table
ALTER TABLE "a"
  ADD CONSTRAINT "a_x_y_key" UNIQUE ("x", "y"),
  ADD CONSTRAINT "a_y_check" CHECK (y > 0);

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "b" ADD CONSTRAINT "b_a_key" UNIQUE ("a");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "a" ADD CONSTRAINT "a_b_fkey" FOREIGN KEY ("b") REFERENCES "b" ("id");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "b" ADD CONSTRAINT "b_a_fkey" FOREIGN KEY ("a") REFERENCES "a" ("id");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "a" DROP CONSTRAINT "a_b_fkey";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "b" DROP CONSTRAINT "b_a_fkey";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a"
  DROP CONSTRAINT "a_check",
  DROP CONSTRAINT "a_x_excl",
  DROP CONSTRAINT "a_x_y_key",
  DROP CONSTRAINT "a_y_check";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "b" DROP CONSTRAINT "b_a_key";

-- loses data: column b of table a; locks: ACCESS EXCLUSIVE; the values of b are gone; builds an index
ALTER TABLE "a"
  DROP COLUMN "b",
  ADD CONSTRAINT "a_x_key" UNIQUE ("x");
