-- cmigrate: upgrade
-- may lose data: column b of table t is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ALTER COLUMN "b" SET EXPRESSION AS (a + 2);

-- loses data: column d of table t; locks: ACCESS EXCLUSIVE; the values of d are gone; rewrites the table
ALTER TABLE "t"
  ALTER COLUMN "c" DROP EXPRESSION,
  DROP COLUMN "d",
  ADD COLUMN "d" integer GENERATED ALWAYS AS (a * 3) STORED;

-- cmigrate: downgrade
-- may lose data: column b of table t is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ALTER COLUMN "b" SET EXPRESSION AS (a + 1);

-- loses data: column c of table t; locks: ACCESS EXCLUSIVE; the values of c are gone; rewrites the table
ALTER TABLE "t"
  ALTER COLUMN "d" DROP EXPRESSION,
  DROP COLUMN "c",
  ADD COLUMN "c" integer GENERATED ALWAYS AS (a * 2) STORED;
