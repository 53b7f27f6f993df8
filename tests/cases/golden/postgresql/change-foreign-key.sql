-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "c" DROP CONSTRAINT "fk_c_a_p";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "c" DROP CONSTRAINT "fk_c_d_p";

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "c" ADD CONSTRAINT "fk_c_a_p" FOREIGN KEY ("a") REFERENCES "p" ("id") ON DELETE CASCADE;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "c" ADD CONSTRAINT "fk_c_b_p" FOREIGN KEY ("b") REFERENCES "p" ("id") ON DELETE SET NULL;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "c" DROP CONSTRAINT "fk_c_a_p";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "c" DROP CONSTRAINT "fk_c_b_p";

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "c" ADD CONSTRAINT "fk_c_a_p" FOREIGN KEY ("a") REFERENCES "p" ("id");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "c" ADD CONSTRAINT "fk_c_d_p" FOREIGN KEY ("d") REFERENCES "p" ("id");
