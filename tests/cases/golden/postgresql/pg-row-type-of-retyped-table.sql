-- cmigrate: upgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE on the index and usr
DROP INDEX "ui";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "usr" DROP CONSTRAINT "usr_d_check";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "date" ADD COLUMN "more" integer DEFAULT 3;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "outer_usr" ALTER COLUMN "u" TYPE jsonb USING to_jsonb("u");

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr"
  ALTER COLUMN "c" TYPE jsonb USING to_jsonb("c"),
  ALTER COLUMN "d" TYPE jsonb USING to_jsonb("d"),
  ALTER COLUMN "r" DROP DEFAULT,
  ALTER COLUMN "r" TYPE jsonb USING to_jsonb("r"),
  ALTER COLUMN "rs" TYPE jsonb USING pg_catalog.to_jsonb("rs");

-- cmigrate: assert column base.b has values that character varying(9) cannot hold
SELECT ctid FROM "s"."base" WHERE rtrim(substr("b"::text, 10)) <> '' LIMIT 1;

-- cmigrate: assert column b of base becomes character varying(9), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "s"."base" WHERE "b"::text IS DISTINCT FROM "b"::character varying(9)::text LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "s"."base"
  ADD COLUMN "e" integer DEFAULT 5 NOT NULL,
  ALTER COLUMN "a" TYPE bigint,
  ALTER COLUMN "b" TYPE character varying(9);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr" ALTER COLUMN "c" TYPE pair USING jsonb_populate_record(NULL::pair, "c");
CREATE TYPE "usr_d_value" AS (v positive);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr" ALTER COLUMN "d" TYPE positive USING (jsonb_populate_record(NULL::"usr_d_value", jsonb_build_object('v', "d"))).v;
DROP TYPE "usr_d_value";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr"
  ALTER COLUMN "r" TYPE s.base USING jsonb_populate_record(NULL::s.base, "r"),
  ALTER COLUMN "r" SET DEFAULT ROW((7)::bigint, 'd'::character varying(9), 3);
CREATE TYPE "usr_rs_value" AS (v s.base[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr" ALTER COLUMN "rs" TYPE s.base[] USING (jsonb_populate_record(NULL::"usr_rs_value", jsonb_build_object('v', "rs"))).v;
DROP TYPE "usr_rs_value";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "outer_usr" ALTER COLUMN "u" TYPE usr USING jsonb_populate_record(NULL::usr, "u");

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "usr" ADD CONSTRAINT "usr_d_check" CHECK ((d).a < 100);

-- locks: SHARE; builds an index
CREATE INDEX "ui" ON "usr" (((d).a));
CREATE VIEW "v" AS
SELECT id,
    (c).x.b AS b,
    r
   FROM usr;

-- cmigrate: downgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE on the index and usr
DROP INDEX "ui";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "usr" DROP CONSTRAINT "usr_d_check";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "outer_usr" ALTER COLUMN "u" TYPE jsonb USING to_jsonb("u");

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr"
  ALTER COLUMN "c" TYPE jsonb USING to_jsonb("c"),
  ALTER COLUMN "d" TYPE jsonb USING to_jsonb("d"),
  ALTER COLUMN "r" DROP DEFAULT,
  ALTER COLUMN "r" TYPE jsonb USING to_jsonb("r"),
  ALTER COLUMN "rs" TYPE jsonb USING pg_catalog.to_jsonb("rs");

-- cmigrate: assert column base.a has values that integer cannot hold
SELECT ctid FROM "s"."base" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "s"."base"
  ALTER COLUMN "a" TYPE integer,
  ALTER COLUMN "b" TYPE text;

-- loses data: column more of table date; locks: ACCESS EXCLUSIVE; the values of more are gone
ALTER TABLE "date" DROP COLUMN "more";

-- loses data: column e of table base; locks: ACCESS EXCLUSIVE; the values of e are gone
ALTER TABLE "s"."base" DROP COLUMN "e";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr" ALTER COLUMN "c" TYPE pair USING jsonb_populate_record(NULL::pair, "c");
CREATE TYPE "usr_d_value" AS (v positive);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr" ALTER COLUMN "d" TYPE positive USING (jsonb_populate_record(NULL::"usr_d_value", jsonb_build_object('v', "d"))).v;
DROP TYPE "usr_d_value";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr"
  ALTER COLUMN "r" TYPE s.base USING jsonb_populate_record(NULL::s.base, "r"),
  ALTER COLUMN "r" SET DEFAULT ROW(7, 'd'::text);
CREATE TYPE "usr_rs_value" AS (v s.base[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "usr" ALTER COLUMN "rs" TYPE s.base[] USING (jsonb_populate_record(NULL::"usr_rs_value", jsonb_build_object('v', "rs"))).v;
DROP TYPE "usr_rs_value";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "outer_usr" ALTER COLUMN "u" TYPE usr USING jsonb_populate_record(NULL::usr, "u");

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "usr" ADD CONSTRAINT "usr_d_check" CHECK ((d).a < 100);

-- locks: SHARE; builds an index
CREATE INDEX "ui" ON "usr" (((d).a));
CREATE VIEW "v" AS
SELECT id,
    (c).x.b AS b,
    r
   FROM usr;
