-- cmigrate: upgrade
-- cmigrate: assert column b of t becomes character varying(3)[], which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE CASE WHEN "b" LIKE '{%}' THEN "b"::text[] IS DISTINCT FROM "b"::character varying(3)[]::text[] ELSE "b"::text IS DISTINCT FROM "b"::character varying(3)::text END LIMIT 1;

-- cmigrate: assert column f of t becomes text, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "f" IS NOT NULL AND ("f" OPERATOR(pg_catalog.=) (CASE WHEN (("f"[1])::text)::text LIKE '{%}' THEN (("f"[1])::text)::integer[] WHEN (("f"[1])::text) IS NOT NULL THEN ARRAY[(("f"[1])::text)]::integer[] END)) IS NOT TRUE LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "b" TYPE character varying(3)[] USING CASE WHEN "b"::text LIKE '{%}' THEN "b"::character varying(3)[] WHEN "b" IS NOT NULL THEN ARRAY["b"]::character varying(3)[] END,
  ALTER COLUMN "f" TYPE text USING "f"[1];

-- cmigrate: downgrade
-- cmigrate: assert column b of t becomes text, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "b" IS NOT NULL AND ("b" OPERATOR(pg_catalog.=) (CASE WHEN (("b"[1])::text)::text LIKE '{%}' THEN (("b"[1])::text)::character varying(3)[] WHEN (("b"[1])::text) IS NOT NULL THEN ARRAY[(("b"[1])::text)]::character varying(3)[] END)) IS NOT TRUE LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "b" TYPE text USING "b"[1],
  ALTER COLUMN "f" TYPE integer[] USING CASE WHEN "f"::text LIKE '{%}' THEN "f"::integer[] WHEN "f" IS NOT NULL THEN ARRAY["f"]::integer[] END;
