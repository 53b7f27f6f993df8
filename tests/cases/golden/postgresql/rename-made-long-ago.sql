-- cmigrate: upgrade
-- cmigrate: assert column a.value has values that character varying(10) cannot hold
SELECT "id" FROM "a" WHERE rtrim(substr("value"::text, 11)) <> '' LIMIT 1;

-- cmigrate: assert column value of a becomes character varying(10), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "a" WHERE "value"::text IS DISTINCT FROM "value"::character varying(10)::text LIMIT 1;

-- cmigrate: assert column a.value becomes NOT NULL, but has rows with NULL
SELECT "id" FROM "a" WHERE "value" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "a"
  ALTER COLUMN "value" TYPE character varying(10),
  ALTER COLUMN "value" SET NOT NULL;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a"
  ALTER COLUMN "value" DROP NOT NULL,
  ALTER COLUMN "value" TYPE character varying(30);
