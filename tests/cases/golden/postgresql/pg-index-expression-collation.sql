-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "changes";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "ex";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "gets";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "loses";

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t" ADD CONSTRAINT "ex" EXCLUDE USING btree ((lower(a)) COLLATE "POSIX" WITH =);

-- locks: SHARE; builds an index
CREATE INDEX "changes" ON "t" ("k", (lower(a)) COLLATE "POSIX" DESC) WHERE ((a COLLATE "POSIX") > 'x'::text);

-- locks: SHARE; builds an index
CREATE INDEX "gets" ON "t" ((lower(a)), (lower(b)) COLLATE "default");

-- locks: SHARE; builds an index
CREATE INDEX "loses" ON "t" (((a || ',('::text)) text_pattern_ops, (lower(b)));

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "changes";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "ex";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "gets";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "loses";

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t" ADD CONSTRAINT "ex" EXCLUDE USING btree ((lower(a)) COLLATE "C" WITH =);

-- locks: SHARE; builds an index
CREATE INDEX "changes" ON "t" ("k", (lower(a)) COLLATE "C" DESC) WHERE ((a COLLATE "POSIX") > 'x'::text);

-- locks: SHARE; builds an index
CREATE INDEX "gets" ON "t" ((lower(a)), (lower(b)));

-- locks: SHARE; builds an index
CREATE INDEX "loses" ON "t" (((a || ',('::text)) COLLATE "C" text_pattern_ops, (lower(b)));
