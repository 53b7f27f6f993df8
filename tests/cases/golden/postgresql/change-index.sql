-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "j";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "k";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "l";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "m";

-- locks: SHARE; builds an index
CREATE UNIQUE INDEX "i" ON "t" ("a");

-- locks: SHARE; builds an index
CREATE INDEX "j" ON "t" ("b", "a");

-- locks: SHARE; builds an index
CREATE INDEX "k" ON "t" ("b" DESC);

-- locks: SHARE; builds an index
CREATE INDEX "l" ON "t" ("b") WHERE (b > 1);

-- locks: SHARE; builds an index
CREATE INDEX "m" ON "t" ((upper((a)::text)));

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "j";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "k";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "l";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "m";

-- locks: SHARE; builds an index
CREATE INDEX "i" ON "t" ("a");

-- locks: SHARE; builds an index
CREATE INDEX "j" ON "t" ("a", "b");

-- locks: SHARE; builds an index
CREATE INDEX "k" ON "t" ("b");

-- locks: SHARE; builds an index
CREATE INDEX "l" ON "t" ("b") WHERE (b > 0);

-- locks: SHARE; builds an index
CREATE INDEX "m" ON "t" ((lower((a)::text)));
