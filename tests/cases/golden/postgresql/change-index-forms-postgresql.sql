-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "f";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i1";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i2";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i3";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i4";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i5";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i6";

-- locks: SHARE; builds an index
CREATE INDEX "i1" ON "t" ("b", "a");

-- locks: SHARE; builds an index
CREATE INDEX "i2" ON "t" ("a" NULLS FIRST);

-- locks: SHARE; builds an index
CREATE INDEX "i3" ON "t" ((upper(x)));

-- locks: SHARE; builds an index
CREATE INDEX "i4" ON "t" (((a + 3))) WHERE (a > 1);

-- locks: SHARE; builds an index
CREATE INDEX "i5" ON "t" ("a") INCLUDE ("x");

-- locks: SHARE; builds an index
CREATE INDEX "i6" ON "t" ("x" text_pattern_ops);

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "g" FOREIGN KEY ("p") REFERENCES "p" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "SomeName" RENAME TO "somename";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "g";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i1";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i2";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i3";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i4";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i5";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i6";

-- locks: SHARE; builds an index
CREATE INDEX "i1" ON "t" ("a", "b");

-- locks: SHARE; builds an index
CREATE INDEX "i2" ON "t" ("a" DESC);

-- locks: SHARE; builds an index
CREATE INDEX "i3" ON "t" ((lower(x)));

-- locks: SHARE; builds an index
CREATE INDEX "i4" ON "t" (((a + 1))) WHERE (a > 0);

-- locks: SHARE; builds an index
CREATE INDEX "i5" ON "t" ("a") INCLUDE ("b");

-- locks: SHARE; builds an index
CREATE INDEX "i6" ON "t" ("x");

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "somename" RENAME TO "SomeName";

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "f" FOREIGN KEY ("p") REFERENCES "p" ("id");
