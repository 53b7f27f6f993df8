-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" RENAME TO "x";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "a_id_seq" RENAME TO "x_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "x" RENAME CONSTRAINT "a_id_not_null" TO "x_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ab" RENAME TO "xy";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "xy" RENAME CONSTRAINT "ab_a_id_not_null" TO "xy_a_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "xy" RENAME CONSTRAINT "ab_b_id_not_null" TO "xy_b_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "b" RENAME TO "y";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "b_id_seq" RENAME TO "y_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "y" RENAME CONSTRAINT "b_id_not_null" TO "y_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "x" RENAME COLUMN "id" TO "nr";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "x_id_seq" RENAME TO "x_nr_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "x" RENAME CONSTRAINT "x_id_not_null" TO "x_nr_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "xy" RENAME COLUMN "a_id" TO "x_nr";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "xy" RENAME CONSTRAINT "xy_a_id_not_null" TO "xy_x_nr_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "xy" RENAME COLUMN "b_id" TO "y_id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "xy" RENAME CONSTRAINT "xy_b_id_not_null" TO "xy_y_id_not_null";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "xy" DROP CONSTRAINT "fk_ab_a_id_a";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "x" ALTER COLUMN "nr" TYPE bigint;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "xy" ALTER COLUMN "x_nr" TYPE bigint;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "xy" ADD CONSTRAINT "fk_ab_a_id_a" FOREIGN KEY ("x_nr") REFERENCES "x" ("nr");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "x" RENAME TO "a";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "x_nr_seq" RENAME TO "a_nr_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" RENAME CONSTRAINT "x_nr_not_null" TO "a_nr_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "xy" RENAME TO "ab";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ab" RENAME CONSTRAINT "xy_x_nr_not_null" TO "ab_x_nr_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ab" RENAME CONSTRAINT "xy_y_id_not_null" TO "ab_y_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "y" RENAME TO "b";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "y_id_seq" RENAME TO "b_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "b" RENAME CONSTRAINT "y_id_not_null" TO "b_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" RENAME COLUMN "nr" TO "id";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "a_nr_seq" RENAME TO "a_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" RENAME CONSTRAINT "a_nr_not_null" TO "a_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ab" RENAME COLUMN "x_nr" TO "a_id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ab" RENAME CONSTRAINT "ab_x_nr_not_null" TO "ab_a_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ab" RENAME COLUMN "y_id" TO "b_id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ab" RENAME CONSTRAINT "ab_y_id_not_null" TO "ab_b_id_not_null";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "ab" DROP CONSTRAINT "fk_ab_a_id_a";

-- cmigrate: assert column a.id has values that integer cannot hold
SELECT "id" FROM "a" WHERE "id" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "a" ALTER COLUMN "id" TYPE integer;

-- cmigrate: assert column ab.a_id has values that integer cannot hold
SELECT "a_id", "b_id" FROM "ab" WHERE "a_id" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "ab" ALTER COLUMN "a_id" TYPE integer;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "ab" ADD CONSTRAINT "fk_ab_a_id_a" FOREIGN KEY ("a_id") REFERENCES "a" ("id");
