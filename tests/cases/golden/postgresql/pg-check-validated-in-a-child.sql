-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" DROP CONSTRAINT "other";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "born2" ADD COLUMN "e" integer;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "p" ALTER COLUMN "id" TYPE bigint;

-- locks: SHARE UPDATE EXCLUSIVE; reads the table
ALTER TABLE "p, 1" VALIDATE CONSTRAINT "some, check";

-- locks: SHARE UPDATE EXCLUSIVE; reads the table
ALTER TABLE "p2a" VALIDATE CONSTRAINT "some, check";

-- loses data: column d of table born2; locks: ACCESS EXCLUSIVE; the values of d are gone
ALTER TABLE "born2" DROP COLUMN "d";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" ADD CONSTRAINT "other" CHECK (length(foo) < 9) NOT VALID;

-- locks: SHARE UPDATE EXCLUSIVE; reads the table
ALTER TABLE "p2b" VALIDATE CONSTRAINT "other";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" DROP CONSTRAINT "other";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "born2" ADD COLUMN "d" integer;

-- cmigrate: assert column p.id has values that integer cannot hold
SELECT ctid FROM "p" WHERE "id" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "p" ALTER COLUMN "id" TYPE integer;

-- locks: SHARE UPDATE EXCLUSIVE; reads the table
ALTER TABLE "p, 1" VALIDATE CONSTRAINT "some, check";

-- locks: SHARE UPDATE EXCLUSIVE; reads the table
ALTER TABLE "p2a" VALIDATE CONSTRAINT "some, check";

-- loses data: column e of table born2; locks: ACCESS EXCLUSIVE; the values of e are gone
ALTER TABLE "born2" DROP COLUMN "e";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" ADD CONSTRAINT "other" CHECK (length(foo) > 0) NOT VALID;

-- locks: SHARE UPDATE EXCLUSIVE; reads the table
ALTER TABLE "p2" VALIDATE CONSTRAINT "other";
