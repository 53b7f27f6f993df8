-- cmigrate: upgrade
-- loses data: column who of table base; locks: ACCESS EXCLUSIVE; the values of who are gone
ALTER TABLE "base" DROP COLUMN "who";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "grand"
  ALTER COLUMN "a" SET DEFAULT 1,
  ALTER COLUMN "b" SET DEFAULT 2;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "base" ALTER COLUMN "b" SET DEFAULT 2;

-- loses data: column b of table p; locks: ACCESS EXCLUSIVE; the values of b are gone
ALTER TABLE "p" DROP COLUMN "b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "p11" ALTER COLUMN "a" SET DEFAULT 1;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "base" ADD COLUMN "who" text;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "grand"
  ALTER COLUMN "a" SET DEFAULT 5,
  ALTER COLUMN "who" SET DEFAULT 'x'::text;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "grand" ALTER COLUMN "who" SET NOT NULL;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" ADD COLUMN "b" text;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "p11"
  ALTER COLUMN "a" SET DEFAULT 5,
  ALTER COLUMN "b" SET NOT NULL;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "base" ALTER COLUMN "b" SET DEFAULT 1;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "grand" ALTER COLUMN "b" DROP DEFAULT;
