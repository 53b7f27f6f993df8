-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "u";

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t" ADD CONSTRAINT "i" UNIQUE ("b");

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE ("a", "b");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "i";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "u";

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE ("a");

-- locks: SHARE; builds an index
CREATE INDEX "i" ON "t" ("b");
