-- cmigrate: upgrade
-- may lose data: column b of table t is computed otherwise; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ALTER COLUMN "b" SET EXPRESSION AS (a + 2);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "c" DROP EXPRESSION;

-- loses data: column d of table t; locks: ACCESS EXCLUSIVE; the values of d are gone
ALTER TABLE "t" DROP COLUMN "d";

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ADD COLUMN "d" integer GENERATED ALWAYS AS (a * 3) STORED;

-- cmigrate: downgrade
-- may lose data: column b of table t is computed otherwise; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ALTER COLUMN "b" SET EXPRESSION AS (a + 1);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "d" DROP EXPRESSION;

-- loses data: column c of table t; locks: ACCESS EXCLUSIVE; the values of c are gone
ALTER TABLE "t" DROP COLUMN "c";

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ADD COLUMN "c" integer GENERATED ALWAYS AS (a * 2) STORED;
