-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" ALTER COLUMN "v" TYPE text;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "kid" ALTER COLUMN "v" SET STORAGE external;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "c" TYPE text COLLATE "C",
  ALTER COLUMN "c" SET STORAGE main,
  ALTER COLUMN "comes" TYPE text,
  ALTER COLUMN "comes" SET STORAGE external,
  ALTER COLUMN "goes" TYPE mood USING "goes"::mood,
  ALTER COLUMN "stays" TYPE text,
  ALTER COLUMN "stays" SET STORAGE external;

-- cmigrate: downgrade
-- cmigrate: assert column p.v has values that character varying(10) cannot hold
SELECT ctid FROM "p" WHERE rtrim(substr("v"::text, 11)) <> '' LIMIT 1;

-- cmigrate: assert column v of p becomes character varying(10), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "p" WHERE "v"::text IS DISTINCT FROM "v"::character varying(10)::text LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "p" ALTER COLUMN "v" TYPE character varying(10);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "kid" ALTER COLUMN "v" SET STORAGE external;

-- cmigrate: assert column t.comes has values that character varying(40) cannot hold
SELECT "id" FROM "t" WHERE rtrim(substr("comes"::text, 41)) <> '' LIMIT 1;

-- cmigrate: assert column comes of t becomes character varying(40), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "comes"::text IS DISTINCT FROM "comes"::character varying(40)::text LIMIT 1;

-- cmigrate: assert column goes of t becomes character varying(40), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "goes" IS NOT NULL AND ("goes" OPERATOR(pg_catalog.=) (("goes"::character varying(40))::mood)) IS NOT TRUE LIMIT 1;

-- cmigrate: assert column t.stays has values that character varying(40) cannot hold
SELECT "id" FROM "t" WHERE rtrim(substr("stays"::text, 41)) <> '' LIMIT 1;

-- cmigrate: assert column stays of t becomes character varying(40), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "stays"::text IS DISTINCT FROM "stays"::character varying(40)::text LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "c" TYPE text,
  ALTER COLUMN "c" SET STORAGE main,
  ALTER COLUMN "comes" TYPE character varying(40),
  ALTER COLUMN "goes" TYPE character varying(40),
  ALTER COLUMN "goes" SET STORAGE external,
  ALTER COLUMN "stays" TYPE character varying(40),
  ALTER COLUMN "stays" SET STORAGE external;
