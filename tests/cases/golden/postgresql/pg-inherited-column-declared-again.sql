-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "base"
  ADD COLUMN "tag" text DEFAULT 'q'::text NOT NULL,
  ALTER COLUMN "n" DROP DEFAULT,
  ALTER COLUMN "n" TYPE bigint,
  ALTER COLUMN "n" SET DEFAULT 3;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "kid" ALTER COLUMN "n" SET DEFAULT 5;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "base" ALTER COLUMN "n" DROP DEFAULT;

-- cmigrate: assert column base.n has values that integer cannot hold
SELECT ctid FROM "base" WHERE "n" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "base"
  ALTER COLUMN "n" TYPE integer,
  ALTER COLUMN "n" SET DEFAULT 3;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "kid" ALTER COLUMN "n" SET DEFAULT 4;

-- loses data: column tag of table base; locks: ACCESS EXCLUSIVE; the values of tag are gone
ALTER TABLE "base" DROP COLUMN "tag";
