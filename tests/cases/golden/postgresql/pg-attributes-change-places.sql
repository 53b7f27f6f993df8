-- cmigrate: upgrade
DROP VIEW "v";
ALTER TYPE "ct" RENAME TO "ct_old";
CREATE TYPE "ct" AS ("d" date, "a" integer, "z" integer, "b" text);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "c" TYPE ct USING jsonb_populate_record(NULL::ct, to_jsonb("c"));
CREATE TYPE "t_cs_value" AS (v ct[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "cs" TYPE ct[] USING (jsonb_populate_record(NULL::"t_cs_value", jsonb_build_object('v', to_jsonb("cs")))).v;
DROP TYPE "t_cs_value";
DROP TYPE "ct_old";
CREATE VIEW "v" AS
SELECT (c).b AS b
   FROM t;

-- cmigrate: downgrade
DROP VIEW "v";
ALTER TYPE "ct" RENAME TO "ct_old";
CREATE TYPE "ct" AS ("a" integer, "b" text, "d" date);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "c" TYPE ct USING jsonb_populate_record(NULL::ct, to_jsonb("c"));
CREATE TYPE "t_cs_value" AS (v ct[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "cs" TYPE ct[] USING (jsonb_populate_record(NULL::"t_cs_value", jsonb_build_object('v', to_jsonb("cs")))).v;
DROP TYPE "t_cs_value";
DROP TYPE "ct_old";
CREATE VIEW "v" AS
SELECT (c).b AS b
   FROM t;
