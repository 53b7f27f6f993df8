-- cmigrate: upgrade
DROP MATERIALIZED VIEW "lots";
DROP VIEW "open_lot";
DROP VIEW "plain_lot";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "lot" ALTER COLUMN "tag" TYPE text;

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "lots" AS
SELECT id,
    tag
   FROM lot;
ALTER MATERIALIZED VIEW "lots" ALTER COLUMN "id" SET STATISTICS 20;
ALTER MATERIALIZED VIEW "lots" ALTER COLUMN "tag" SET STATISTICS 50;
ALTER MATERIALIZED VIEW "lots" ALTER COLUMN "tag" SET STORAGE main;
CREATE VIEW "open_lot" AS
SELECT id,
    tag
   FROM lot;
ALTER VIEW "open_lot" ALTER COLUMN "id" SET DEFAULT 3;
ALTER VIEW "open_lot" ALTER COLUMN "tag" SET DEFAULT 'it''s new'::text;
CREATE VIEW "plain_lot" AS
SELECT id,
    tag
   FROM lot;
ALTER MATERIALIZED VIEW "kept_lots" ALTER COLUMN "word" SET STORAGE DEFAULT;
ALTER MATERIALIZED VIEW "kept_lots" ALTER COLUMN "word" SET COMPRESSION pglz;

-- locks: SHARE UPDATE EXCLUSIVE
ALTER MATERIALIZED VIEW "kept_lots" ALTER COLUMN "id" RESET ("n_distinct");

-- locks: SHARE UPDATE EXCLUSIVE
ALTER MATERIALIZED VIEW "kept_lots" ALTER COLUMN "id" SET ("n_distinct_inherited"='7');

-- cmigrate: downgrade
DROP MATERIALIZED VIEW "lots";
DROP VIEW "open_lot";
DROP VIEW "plain_lot";

-- cmigrate: assert column lot.tag has values that character varying(9) cannot hold
SELECT "id" FROM "lot" WHERE rtrim(substr("tag"::text, 10)) <> '' LIMIT 1;

-- cmigrate: assert column tag of lot becomes character varying(9), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "lot" WHERE "tag"::text IS DISTINCT FROM "tag"::character varying(9)::text LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "lot" ALTER COLUMN "tag" TYPE character varying(9);

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "lots" AS
SELECT id,
    tag
   FROM lot;
ALTER MATERIALIZED VIEW "lots" ALTER COLUMN "tag" SET STATISTICS 50;
ALTER MATERIALIZED VIEW "lots" ALTER COLUMN "tag" SET COMPRESSION pglz;

-- locks: SHARE UPDATE EXCLUSIVE
ALTER MATERIALIZED VIEW "lots" ALTER COLUMN "id" SET ("n_distinct"='5');
CREATE VIEW "open_lot" AS
SELECT id,
    tag
   FROM lot;
ALTER VIEW "open_lot" ALTER COLUMN "tag" SET DEFAULT 'it''s new'::character varying;
CREATE VIEW "plain_lot" AS
SELECT id,
    tag
   FROM lot;
ALTER VIEW "plain_lot" ALTER COLUMN "id" SET DEFAULT 7;
ALTER MATERIALIZED VIEW "kept_lots" ALTER COLUMN "word" SET STORAGE external;
ALTER MATERIALIZED VIEW "kept_lots" ALTER COLUMN "word" SET COMPRESSION default;

-- locks: SHARE UPDATE EXCLUSIVE
ALTER MATERIALIZED VIEW "kept_lots" ALTER COLUMN "id" RESET ("n_distinct_inherited");

-- locks: SHARE UPDATE EXCLUSIVE
ALTER MATERIALIZED VIEW "kept_lots" ALTER COLUMN "id" SET ("n_distinct"='5');
