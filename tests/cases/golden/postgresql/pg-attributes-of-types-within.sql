-- cmigrate: upgrade
DROP VIEW "v";
ALTER TYPE "inner_type" RENAME TO "inner_type_old";
CREATE TYPE "inner_type" AS ("c" integer, "b" character varying(20), "a" bigint);
ALTER TYPE "outer_type" RENAME TO "outer_type_old";
CREATE TYPE "outer_type" AS ("i" inner_type, "n" integer);
CREATE TYPE "t_arr_value" AS (v inner_type[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "arr" TYPE inner_type[] USING (jsonb_populate_record(NULL::"t_arr_value", jsonb_build_object('v', to_jsonb("arr")))).v;
DROP TYPE "t_arr_value";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "d" TYPE inner_type USING jsonb_populate_record(NULL::inner_type, to_jsonb("d")),
  ALTER COLUMN "o" TYPE outer_type USING jsonb_populate_record(NULL::outer_type, to_jsonb("o"));
DROP TYPE "outer_type_old";
DROP TYPE "inner_type_old";
CREATE VIEW "v" AS
SELECT (o).i.b AS b
   FROM t;

-- cmigrate: downgrade
DROP VIEW "v";
ALTER TYPE "inner_type" RENAME TO "inner_type_old";
CREATE TYPE "inner_type" AS ("a" integer, "b" text, "z" integer);
ALTER TYPE "outer_type" RENAME TO "outer_type_old";
CREATE TYPE "outer_type" AS ("i" inner_type, "n" integer);
CREATE TYPE "t_arr_value" AS (v inner_type[]);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "arr" TYPE inner_type[] USING (jsonb_populate_record(NULL::"t_arr_value", jsonb_build_object('v', to_jsonb("arr")))).v;
DROP TYPE "t_arr_value";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "d" TYPE inner_type USING jsonb_populate_record(NULL::inner_type, to_jsonb("d")),
  ALTER COLUMN "o" TYPE outer_type USING jsonb_populate_record(NULL::outer_type, to_jsonb("o"));
DROP TYPE "outer_type_old";
DROP TYPE "inner_type_old";
CREATE VIEW "v" AS
SELECT (o).i.b AS b
   FROM t;
