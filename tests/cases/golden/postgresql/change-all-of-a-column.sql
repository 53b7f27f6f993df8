-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" TYPE text;

-- cmigrate: assert column t.a becomes NOT NULL, but has rows with NULL
SELECT "id" FROM "t" WHERE "a" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t"
  ALTER COLUMN "a" SET NOT NULL,
  ALTER COLUMN "a" SET DEFAULT 'none'::text;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" DROP NOT NULL;

-- cmigrate: assert column t.a has values that character varying(20) cannot hold
SELECT "id" FROM "t" WHERE rtrim(substr("a"::text, 21)) <> '' LIMIT 1;

-- cmigrate: assert column a of t becomes character varying(20), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "a"::text IS DISTINCT FROM "a"::character varying(20)::text LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE character varying(20),
  ALTER COLUMN "a" SET DEFAULT '1'::character varying;
