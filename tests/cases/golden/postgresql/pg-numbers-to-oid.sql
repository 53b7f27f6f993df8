-- cmigrate: upgrade
-- cmigrate: assert column i of t becomes oid, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "i" < 0 LIMIT 1;

-- cmigrate: assert column n of t becomes oid, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "n" IS DISTINCT FROM (("n"::text::oid)::text::numeric) LIMIT 1;

-- cmigrate: assert column r of t becomes oid, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "r" IS DISTINCT FROM (("r"::text::oid)::text::real) LIMIT 1;

-- cmigrate: assert column x of t becomes oid, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "x"::text IS DISTINCT FROM (("x"::text::oid)::text::xid)::text LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "i" TYPE oid,
  ALTER COLUMN "n" TYPE oid USING "n"::text::oid,
  ALTER COLUMN "r" TYPE oid USING "r"::text::oid,
  ALTER COLUMN "x" TYPE oid USING "x"::text::oid;

-- cmigrate: downgrade
-- cmigrate: assert column i of t becomes integer, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "i"::bigint > 2147483647 LIMIT 1;

-- cmigrate: assert column n of t becomes numeric, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "n" IS DISTINCT FROM (("n"::text::numeric)::text::oid) LIMIT 1;

-- cmigrate: assert column r of t becomes real, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "r" IS DISTINCT FROM (("r"::text::real)::text::oid) LIMIT 1;

-- cmigrate: assert column x of t becomes xid, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "x" IS DISTINCT FROM (("x"::text::xid)::text::oid) LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "i" TYPE integer,
  ALTER COLUMN "n" TYPE numeric USING "n"::text::numeric,
  ALTER COLUMN "r" TYPE real USING "r"::text::real,
  ALTER COLUMN "x" TYPE xid USING "x"::text::xid;
