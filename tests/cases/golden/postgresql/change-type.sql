-- cmigrate: upgrade
-- cmigrate: assert column t.d has values that numeric(8,2) cannot hold
SELECT "id" FROM "t" WHERE abs(round("d"::numeric, 2)) >= 1e6 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE character varying(12),
  ALTER COLUMN "b" TYPE character(2),
  ALTER COLUMN "c" TYPE bigint,
  ALTER COLUMN "d" TYPE numeric(8,2);

-- cmigrate: downgrade
-- cmigrate: assert column t.a has values that character varying(6) cannot hold
SELECT "id" FROM "t" WHERE rtrim(substr("a"::text, 7)) <> '' LIMIT 1;

-- cmigrate: assert column a of t becomes character varying(6), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "a"::text IS DISTINCT FROM "a"::character varying(6)::text LIMIT 1;

-- cmigrate: assert column t.b has values that character(1) cannot hold
SELECT "id" FROM "t" WHERE rtrim(substr("b"::text, 2)) <> '' LIMIT 1;

-- cmigrate: assert column b of t becomes character(1), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "b"::text IS DISTINCT FROM "b"::character(1)::text LIMIT 1;

-- cmigrate: assert column t.c has values that integer cannot hold
SELECT "id" FROM "t" WHERE "c" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- cmigrate: assert column t.d has values that numeric(8,0) cannot hold
SELECT "id" FROM "t" WHERE abs(round("d"::numeric, 0)) >= 1e8 LIMIT 1;

-- cmigrate: assert column d of t becomes numeric(8,0), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "d" IS DISTINCT FROM (("d"::numeric(8,0))::numeric(8,2)) LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE character varying(6),
  ALTER COLUMN "b" TYPE character(1),
  ALTER COLUMN "c" TYPE integer,
  ALTER COLUMN "d" TYPE numeric(8,0);
