-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t"
  DROP CONSTRAINT "u",
  ADD CONSTRAINT "i" UNIQUE ("b"),
  ADD CONSTRAINT "u" UNIQUE ("a", "b");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t"
  DROP CONSTRAINT "i",
  DROP CONSTRAINT "u",
  ADD CONSTRAINT "u" UNIQUE ("a");

-- locks: SHARE; builds an index
CREATE INDEX "i" ON "t" ("b");
