-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" RENAME TO "q";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "q" RENAME CONSTRAINT "p_id_not_null" TO "q_id_not_null";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "c" DROP CONSTRAINT "fk_c_p_p";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "q" DROP CONSTRAINT "fk_p_parent_p";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "q" ADD COLUMN "e" integer;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "c" ALTER COLUMN "p" TYPE bigint;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "q"
  ALTER COLUMN "id" TYPE bigint,
  ALTER COLUMN "n" TYPE bigint,
  ALTER COLUMN "parent" TYPE bigint,
  ADD CONSTRAINT "ck_q_e" CHECK (e > 1);

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "c" ADD CONSTRAINT "fk_c_p_p" FOREIGN KEY ("p") REFERENCES "q" ("id") ON DELETE CASCADE;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "q" ADD CONSTRAINT "fk_p_parent_p" FOREIGN KEY ("parent") REFERENCES "q" ("id");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "q" RENAME TO "p";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" RENAME CONSTRAINT "q_id_not_null" TO "p_id_not_null";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "c" DROP CONSTRAINT "fk_c_p_p";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "p" DROP CONSTRAINT "fk_p_parent_p";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" DROP CONSTRAINT "ck_q_e";

-- cmigrate: assert column c.p has values that integer cannot hold
SELECT "id" FROM "c" WHERE "p" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "c" ALTER COLUMN "p" TYPE integer;

-- cmigrate: assert column p.id has values that integer cannot hold
SELECT "id" FROM "p" WHERE "id" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- cmigrate: assert column p.n has values that integer cannot hold
SELECT "id" FROM "p" WHERE "n" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- cmigrate: assert column p.parent has values that integer cannot hold
SELECT "id" FROM "p" WHERE "parent" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- loses data: column e of table p; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; the values of e are gone
ALTER TABLE "p"
  ALTER COLUMN "id" TYPE integer,
  ALTER COLUMN "n" TYPE integer,
  ALTER COLUMN "parent" TYPE integer,
  DROP COLUMN "e";

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "c" ADD CONSTRAINT "fk_c_p_p" FOREIGN KEY ("p") REFERENCES "p" ("id") ON DELETE CASCADE;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "p" ADD CONSTRAINT "fk_p_parent_p" FOREIGN KEY ("parent") REFERENCES "p" ("id");
