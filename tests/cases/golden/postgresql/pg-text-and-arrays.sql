-- cmigrate: upgrade
-- cmigrate: assert column b of t becomes character varying(3)[], which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE CASE WHEN "b" LIKE '{%}' THEN "b"::text[] IS DISTINCT FROM "b"::character varying(3)[]::text[] ELSE "b"::text IS DISTINCT FROM "b"::character varying(3)::text END LIMIT 1;

-- cmigrate: assert column c of t becomes numeric(6,2)[], which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE CASE WHEN "c" LIKE '{%}' THEN "c"::numeric[] IS DISTINCT FROM "c"::numeric(6,2)[] ELSE "c"::numeric IS DISTINCT FROM "c"::numeric(6,2) END LIMIT 1;

-- cmigrate: assert column d of t becomes date[], which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE CASE WHEN "d" LIKE '{%}' THEN "d"::date[]::timestamp[] IS DISTINCT FROM "d"::timestamp[] ELSE "d"::date IS DISTINCT FROM "d"::timestamp END LIMIT 1;

-- cmigrate: assert column e of t becomes timestamp without time zone[], which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE CASE WHEN "e" LIKE '{%}' THEN "e"::timestamp without time zone[] IS DISTINCT FROM ("e"::timestamptz[])::timestamp[] ELSE "e"::timestamp without time zone IS DISTINCT FROM ("e"::timestamptz)::timestamp END LIMIT 1;

-- cmigrate: assert column f of t becomes text, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "f" IS NOT NULL AND ("f" OPERATOR(pg_catalog.=) (CASE WHEN (("f"[1])::text)::text LIKE '{%}' THEN (("f"[1])::text)::integer[] WHEN (("f"[1])::text) IS NOT NULL THEN ARRAY[(("f"[1])::text)]::integer[] END)) IS NOT TRUE LIMIT 1;

-- cmigrate: assert column g of t becomes character varying(9), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "g" IS NOT NULL AND ("g" OPERATOR(pg_catalog.=) (CASE WHEN (("g"[1])::character varying(9))::text LIKE '{%}' THEN (("g"[1])::character varying(9))::text[] WHEN (("g"[1])::character varying(9)) IS NOT NULL THEN ARRAY[(("g"[1])::character varying(9))]::text[] END)) IS NOT TRUE LIMIT 1;

-- cmigrate: assert column h of t becomes text, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "h" IS NOT NULL AND ("h" OPERATOR(pg_catalog.=) (CASE WHEN (("h"[1])::text)::text LIKE '{%}' THEN (("h"[1])::text)::date[] WHEN (("h"[1])::text) IS NOT NULL THEN ARRAY[(("h"[1])::text)]::date[] END)) IS NOT TRUE LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE integer[] USING CASE WHEN "a"::text LIKE '{%}' THEN "a"::integer[] WHEN "a" IS NOT NULL THEN ARRAY["a"]::integer[] END,
  ALTER COLUMN "b" TYPE character varying(3)[] USING CASE WHEN "b"::text LIKE '{%}' THEN "b"::character varying(3)[] WHEN "b" IS NOT NULL THEN ARRAY["b"]::character varying(3)[] END,
  ALTER COLUMN "c" TYPE numeric(6,2)[] USING CASE WHEN "c"::text LIKE '{%}' THEN "c"::numeric(6,2)[] WHEN "c" IS NOT NULL THEN ARRAY["c"]::numeric(6,2)[] END,
  ALTER COLUMN "d" TYPE date[] USING CASE WHEN "d"::text LIKE '{%}' THEN "d"::date[] WHEN "d" IS NOT NULL THEN ARRAY["d"]::date[] END,
  ALTER COLUMN "e" TYPE timestamp without time zone[] USING CASE WHEN "e"::text LIKE '{%}' THEN "e"::timestamp without time zone[] WHEN "e" IS NOT NULL THEN ARRAY["e"]::timestamp without time zone[] END,
  ALTER COLUMN "f" TYPE text USING "f"[1],
  ALTER COLUMN "g" TYPE character varying(9) USING "g"[1],
  ALTER COLUMN "h" TYPE text USING "h"[1];

-- cmigrate: downgrade
-- cmigrate: assert column a of t becomes text, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "a" IS NOT NULL AND ("a" OPERATOR(pg_catalog.=) (CASE WHEN (("a"[1])::text)::text LIKE '{%}' THEN (("a"[1])::text)::integer[] WHEN (("a"[1])::text) IS NOT NULL THEN ARRAY[(("a"[1])::text)]::integer[] END)) IS NOT TRUE LIMIT 1;

-- cmigrate: assert column b of t becomes text, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "b" IS NOT NULL AND ("b" OPERATOR(pg_catalog.=) (CASE WHEN (("b"[1])::text)::text LIKE '{%}' THEN (("b"[1])::text)::character varying(3)[] WHEN (("b"[1])::text) IS NOT NULL THEN ARRAY[(("b"[1])::text)]::character varying(3)[] END)) IS NOT TRUE LIMIT 1;

-- cmigrate: assert column c of t becomes text, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "c" IS NOT NULL AND ("c" OPERATOR(pg_catalog.=) (CASE WHEN (("c"[1])::text)::text LIKE '{%}' THEN (("c"[1])::text)::numeric(6,2)[] WHEN (("c"[1])::text) IS NOT NULL THEN ARRAY[(("c"[1])::text)]::numeric(6,2)[] END)) IS NOT TRUE LIMIT 1;

-- cmigrate: assert column d of t becomes character varying(20), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "d" IS NOT NULL AND ("d" OPERATOR(pg_catalog.=) (CASE WHEN (("d"[1])::character varying(20))::text LIKE '{%}' THEN (("d"[1])::character varying(20))::date[] WHEN (("d"[1])::character varying(20)) IS NOT NULL THEN ARRAY[(("d"[1])::character varying(20))]::date[] END)) IS NOT TRUE LIMIT 1;

-- cmigrate: assert column e of t becomes text, which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "e" IS NOT NULL AND ("e" OPERATOR(pg_catalog.=) (CASE WHEN (("e"[1])::text)::text LIKE '{%}' THEN (("e"[1])::text)::timestamp without time zone[] WHEN (("e"[1])::text) IS NOT NULL THEN ARRAY[(("e"[1])::text)]::timestamp without time zone[] END)) IS NOT TRUE LIMIT 1;

-- cmigrate: assert column g of t becomes text[], which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE CASE WHEN "g" LIKE '{%}' THEN "g"::text[] IS DISTINCT FROM "g"::text[]::text[] ELSE "g"::text IS DISTINCT FROM "g"::text::text END LIMIT 1;

-- cmigrate: assert column h of t becomes date[], which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE CASE WHEN "h" LIKE '{%}' THEN "h"::date[]::timestamp[] IS DISTINCT FROM "h"::timestamp[] ELSE "h"::date IS DISTINCT FROM "h"::timestamp END LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE text USING "a"[1],
  ALTER COLUMN "b" TYPE text USING "b"[1],
  ALTER COLUMN "c" TYPE text USING "c"[1],
  ALTER COLUMN "d" TYPE character varying(20) USING "d"[1],
  ALTER COLUMN "e" TYPE text USING "e"[1],
  ALTER COLUMN "f" TYPE integer[] USING CASE WHEN "f"::text LIKE '{%}' THEN "f"::integer[] WHEN "f" IS NOT NULL THEN ARRAY["f"]::integer[] END,
  ALTER COLUMN "g" TYPE text[] USING CASE WHEN "g"::text LIKE '{%}' THEN "g"::text[] WHEN "g" IS NOT NULL THEN ARRAY["g"]::text[] END,
  ALTER COLUMN "h" TYPE date[] USING CASE WHEN "h"::text LIKE '{%}' THEN "h"::date[] WHEN "h" IS NOT NULL THEN ARRAY["h"]::date[] END;
