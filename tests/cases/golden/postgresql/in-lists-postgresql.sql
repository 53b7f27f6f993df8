-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 'x'::character varying;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" ALTER COLUMN "a" SET DEFAULT 'y'::character varying;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t"
  ADD CONSTRAINT "t_a" CHECK ((a)::text = ANY (ARRAY['x'::character varying, 'y'::character varying, 'it''s'::character varying])),
  ADD CONSTRAINT "t_b" CHECK (((b)::text <> ALL (ARRAY['q'::character varying, 'r'::character varying])) AND ((a)::text = ANY (ARRAY['x'::text, 'y'::text]))),
  ADD CONSTRAINT "t_c" CHECK ((c = ANY (ARRAY['x'::text, 'y'::text])) OR (lower((b)::text) = ANY (ARRAY['x'::text, 'y'::text])));

-- locks: SHARE; builds an index
CREATE INDEX "t_i" ON "t" ("a") WHERE ((a)::text = ANY (ARRAY['x'::character varying, 'y'::character varying]));
CREATE VIEW "v" AS
SELECT id, a IN ('x', 'y') AS known FROM t WHERE b IN ('x', 'y');

-- cmigrate: downgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  DROP CONSTRAINT "t_a",
  DROP CONSTRAINT "t_b",
  DROP CONSTRAINT "t_c";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "t_i";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" ALTER COLUMN "a" DROP DEFAULT;
