-- cmigrate: upgrade
-- cmigrate: assert column t.c has values that character varying(255) cannot hold
SELECT ctid FROM "t" WHERE rtrim(substr("c"::text, 256)) <> '' LIMIT 1;

-- cmigrate: assert column c of t becomes character varying(255), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "c"::text IS DISTINCT FROM "c"::character varying(255)::text LIMIT 1;

-- cmigrate: assert column t.d has values that numeric(8,0) cannot hold
SELECT ctid FROM "t" WHERE abs(round("d"::numeric, 0)) >= 1e8 LIMIT 1;

-- cmigrate: assert column t.e has values that integer cannot hold
SELECT ctid FROM "t" WHERE "e" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- cmigrate: assert column t.f has values that numeric(8,2) cannot hold
SELECT ctid FROM "t" WHERE abs(round("f"::numeric, 2)) >= 1e6 LIMIT 1;

-- cmigrate: assert column g of t becomes timestamp with time zone, which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "g" IS DISTINCT FROM (("g"::timestamp with time zone)::timestamp without time zone) LIMIT 1;

-- cmigrate: assert column t.j has values that numeric(6,2) cannot hold
SELECT ctid FROM "t" WHERE abs(round("j"::numeric, 2)) >= 1e4 LIMIT 1;

-- cmigrate: assert column j of t becomes numeric(6,2), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "j" IS DISTINCT FROM (("j"::numeric(6,2))::numeric) LIMIT 1;

-- may lose data: the values are read in the time zone of the session that runs this; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; rewrites the table and its indexes, unless the time zone of the session is UTC
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE character varying(12),
  ALTER COLUMN "b" TYPE character(2),
  ALTER COLUMN "c" TYPE character varying(255),
  ALTER COLUMN "d" TYPE numeric(8,0),
  ALTER COLUMN "e" TYPE integer,
  ALTER COLUMN "f" TYPE numeric(8,2),
  ALTER COLUMN "g" TYPE timestamp with time zone,
  ALTER COLUMN "h" TYPE character varying,
  ALTER COLUMN "i" TYPE numeric,
  ALTER COLUMN "j" TYPE numeric(6,2),
  ALTER COLUMN "k" DROP DEFAULT,
  ALTER COLUMN "k" TYPE integer USING "k"::integer;

-- cmigrate: assert column t.k becomes NOT NULL, but has rows with NULL
SELECT ctid FROM "t" WHERE "k" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "k" SET NOT NULL,
  ALTER COLUMN "k" SET DEFAULT 7,
  ALTER COLUMN "l" TYPE uuid USING "l"::uuid,
  ALTER COLUMN "m" DROP DEFAULT,
  ALTER COLUMN "m" TYPE integer USING "m"::integer::integer,
  ALTER COLUMN "m" SET DEFAULT 1,
  ALTER COLUMN "n" DROP DEFAULT;
COMMENT ON COLUMN "t"."k" IS 'all at once';

-- cmigrate: assert column n of t becomes character varying(5), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "n" IS DISTINCT FROM (("n"::character varying(5))::integer) LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "n" TYPE character varying(5),
  ALTER COLUMN "n" SET DEFAULT 'five'::character varying;

-- cmigrate: downgrade
-- cmigrate: assert column t.a has values that character varying(6) cannot hold
SELECT ctid FROM "t" WHERE rtrim(substr("a"::text, 7)) <> '' LIMIT 1;

-- cmigrate: assert column a of t becomes character varying(6), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "a"::text IS DISTINCT FROM "a"::character varying(6)::text LIMIT 1;

-- cmigrate: assert column t.b has values that character(1) cannot hold
SELECT ctid FROM "t" WHERE rtrim(substr("b"::text, 2)) <> '' LIMIT 1;

-- cmigrate: assert column b of t becomes character(1), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "b"::text IS DISTINCT FROM "b"::character(1)::text LIMIT 1;

-- cmigrate: assert column t.d has values that integer cannot hold
SELECT ctid FROM "t" WHERE round("d"::numeric) NOT BETWEEN -2147483648::numeric AND 2147483647::numeric LIMIT 1;

-- cmigrate: assert column d of t becomes integer, which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "d" IS DISTINCT FROM (("d"::integer)::numeric(8,0)) LIMIT 1;

-- cmigrate: assert column t.f has values that numeric(8,0) cannot hold
SELECT ctid FROM "t" WHERE abs(round("f"::numeric, 0)) >= 1e8 LIMIT 1;

-- cmigrate: assert column f of t becomes numeric(8,0), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "f" IS DISTINCT FROM (("f"::numeric(8,0))::numeric(8,2)) LIMIT 1;

-- cmigrate: assert column g of t becomes timestamp without time zone, which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "g" IS DISTINCT FROM (("g"::timestamp without time zone)::timestamp with time zone) LIMIT 1;

-- cmigrate: assert column t.h has values that character varying(10) cannot hold
SELECT ctid FROM "t" WHERE rtrim(substr("h"::text, 11)) <> '' LIMIT 1;

-- cmigrate: assert column h of t becomes character varying(10), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "h"::text IS DISTINCT FROM "h"::character varying(10)::text LIMIT 1;

-- cmigrate: assert column t.i has values that numeric(8,2) cannot hold
SELECT ctid FROM "t" WHERE abs(round("i"::numeric, 2)) >= 1e6 LIMIT 1;

-- cmigrate: assert column i of t becomes numeric(8,2), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "i" IS DISTINCT FROM (("i"::numeric(8,2))::numeric) LIMIT 1;

-- may lose data: the values are read in the time zone of the session that runs this; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; rewrites the table and its indexes, unless the time zone of the session is UTC
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE character varying(6),
  ALTER COLUMN "b" TYPE character(1),
  ALTER COLUMN "c" TYPE text,
  ALTER COLUMN "d" TYPE integer,
  ALTER COLUMN "e" TYPE bigint,
  ALTER COLUMN "f" TYPE numeric(8,0),
  ALTER COLUMN "g" TYPE timestamp without time zone,
  ALTER COLUMN "h" TYPE character varying(10),
  ALTER COLUMN "i" TYPE numeric(8,2),
  ALTER COLUMN "j" TYPE numeric,
  ALTER COLUMN "k" DROP DEFAULT,
  ALTER COLUMN "k" DROP NOT NULL;

-- cmigrate: assert column k of t becomes character varying(10), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "k" IS DISTINCT FROM (("k"::character varying(10))::integer) LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "k" TYPE character varying(10),
  ALTER COLUMN "k" SET DEFAULT '7'::character varying,
  ALTER COLUMN "l" TYPE text,
  ALTER COLUMN "m" DROP DEFAULT;
COMMENT ON COLUMN "t"."k" IS NULL;

-- cmigrate: assert column m of t becomes boolean, which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "m" IS DISTINCT FROM (("m" <> 0)::integer::integer) LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "m" TYPE boolean USING "m" <> 0,
  ALTER COLUMN "m" SET DEFAULT true,
  ALTER COLUMN "n" DROP DEFAULT,
  ALTER COLUMN "n" TYPE integer USING "n"::integer,
  ALTER COLUMN "n" SET DEFAULT 5;
