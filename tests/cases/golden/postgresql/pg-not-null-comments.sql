-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ADD COLUMN "d" integer DEFAULT 1 NOT NULL;
COMMENT ON CONSTRAINT "t_d_not_null" ON "t" IS 'new too';

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "given" TO "other";
COMMENT ON CONSTRAINT "other" ON "t" IS 'it''s another';
COMMENT ON CONSTRAINT "t_b_not_null" ON "t" IS NULL;

-- cmigrate: assert column t.c becomes NOT NULL, but has rows with NULL
SELECT ctid FROM "t" WHERE "c" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ALTER COLUMN "c" SET NOT NULL;
COMMENT ON CONSTRAINT "t_c_not_null" ON "t" IS 'new';

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "parent" ALTER CONSTRAINT "x" INHERIT;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "parent" ALTER CONSTRAINT "x" NO INHERIT;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "child" ALTER COLUMN "a" DROP NOT NULL;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "other" TO "given";
COMMENT ON CONSTRAINT "given" ON "t" IS 'the first';
COMMENT ON CONSTRAINT "t_b_not_null" ON "t" IS 'to go';

-- loses data: column d of table t; locks: ACCESS EXCLUSIVE; the values of d are gone
ALTER TABLE "t"
  ALTER COLUMN "c" DROP NOT NULL,
  DROP COLUMN "d";
