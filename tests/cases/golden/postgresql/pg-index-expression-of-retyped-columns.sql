-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "t_ab";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "t_c";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE bigint,
  ALTER COLUMN "b" TYPE bigint,
  ALTER COLUMN "c" TYPE bigint;

-- locks: SHARE; builds an index
CREATE INDEX "t_ab" ON "t" ((COALESCE(a, b)) DESC, "c") WHERE (a = b);

-- locks: SHARE; builds an index
CREATE UNIQUE INDEX "t_c" ON "t" (((c + a)));

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "t_ab";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "t_c";

-- cmigrate: assert column t.a has values that integer cannot hold
SELECT ctid FROM "t" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- cmigrate: assert column t.b has values that integer cannot hold
SELECT ctid FROM "t" WHERE "b" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- cmigrate: assert column t.c has values that integer cannot hold
SELECT ctid FROM "t" WHERE "c" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE integer,
  ALTER COLUMN "b" TYPE integer,
  ALTER COLUMN "c" TYPE integer;

-- locks: SHARE; builds an index
CREATE INDEX "t_ab" ON "t" ((COALESCE(a, b)) DESC, "c") WHERE (a = b);

-- locks: SHARE; builds an index
CREATE UNIQUE INDEX "t_c" ON "t" (((c + a)));
