-- cmigrate: upgrade
CREATE SCHEMA "geo";
CREATE SCHEMA "test";
CREATE EXTENSION IF NOT EXISTS "file_fdw" WITH SCHEMA "test";
COMMENT ON EXTENSION "file_fdw" IS 'foreign-data wrapper for flat file access';
CREATE EXTENSION IF NOT EXISTS "hstore" WITH SCHEMA "geo";
COMMENT ON EXTENSION "hstore" IS 'data type for storing sets of (key, value) pairs';
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
COMMENT ON EXTENSION "pg_trgm" IS 'text similarity measurement and index searching based on trigrams';
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION f(a character[], b character, c character, d bit, e "char", g character[])
 RETURNS character[]
 LANGUAGE sql
AS $function$select $1$function$;
CREATE SERVER imp FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE "repos" (
    "id" integer NOT NULL,
    "cur" integer,
    "n" text,
    CONSTRAINT "repos_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "aa" (
    "r" integer,
    CONSTRAINT "aa_r_fkey" FOREIGN KEY ("r") REFERENCES "repos" ("id")
);
CREATE TABLE "builds" (
    "id" integer NOT NULL,
    "repo" integer,
    CONSTRAINT "builds_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "builds_repo_fkey" FOREIGN KEY ("repo") REFERENCES "repos" ("id")
);
CREATE TABLE "geo"."geo" (
    "a" integer,
    "h" geo.hstore
);
CREATE TABLE "geo"."hstore2" (
    "b" geo.hstore
);
CREATE TABLE "test"."test" (
    "a" integer
);
CREATE INDEX "repos_n_idx" ON "repos" USING gin ("n" gin_trgm_ops);
ALTER TABLE "repos" ADD CONSTRAINT "repos_cur_fkey" FOREIGN KEY ("cur") REFERENCES "builds" ("id");

-- cmigrate: downgrade
-- loses data: the rows of table aa; locks: ACCESS EXCLUSIVE on aa, repos; the table and its rows are gone
DROP TABLE "aa";

-- loses data: the rows of table geo; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "geo"."geo";

-- loses data: the rows of table hstore2; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "geo"."hstore2";

-- loses data: the rows of table test; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "test"."test";
DROP FUNCTION "f"(character[], character, character, bit, "char", character[]);
DROP SERVER "imp";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "builds" DROP CONSTRAINT "builds_repo_fkey";

-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "repos" DROP CONSTRAINT "repos_cur_fkey";

-- loses data: the rows of table builds; locks: ACCESS EXCLUSIVE on builds, repos; the table and its rows are gone
DROP TABLE "builds";

-- loses data: the rows of table repos; locks: ACCESS EXCLUSIVE on repos, builds; the table and its rows are gone
DROP TABLE "repos";
DROP EXTENSION "file_fdw";
DROP EXTENSION "hstore";
DROP EXTENSION "pg_trgm";
DROP SCHEMA "geo";
DROP SCHEMA "test";
