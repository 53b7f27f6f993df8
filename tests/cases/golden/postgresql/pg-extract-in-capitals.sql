-- cmigrate: upgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  DROP CONSTRAINT "t_d_check",
  ALTER COLUMN "d" SET DEFAULT (now() + make_interval(days => (EXTRACT("DAY" FROM now()))::integer)),
  ALTER COLUMN "n" SET DEFAULT 'EXTRACT(YEAR FROM d) '::text;

-- may lose data: column z of table t is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ALTER COLUMN "z" SET EXPRESSION AS (EXTRACT("MONTH" FROM d));

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "t_d_check" CHECK (EXTRACT("Year" FROM d) > (1)::numeric);

-- locks: SHARE; builds an index
CREATE INDEX "i" ON "t" ("d") WHERE (EXTRACT(day FROM d) = (1)::numeric);
CREATE VIEW "v" AS
SELECT EXTRACT("Year" FROM d) AS y,
    EXTRACT(month FROM d) AS m,
    'EXTRACT(YEAR FROM d) '::text AS n
   FROM t;

-- cmigrate: downgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  DROP CONSTRAINT "t_d_check",
  ALTER COLUMN "d" SET DEFAULT now(),
  ALTER COLUMN "n" SET DEFAULT 'EXTRACT(YEAR FROM d)'::text;

-- may lose data: column z of table t is computed differently; locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ALTER COLUMN "z" SET EXPRESSION AS (EXTRACT("Month" FROM d));

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "t_d_check" CHECK (EXTRACT("YEAR" FROM d) > (1)::numeric);

-- locks: SHARE; builds an index
CREATE INDEX "i" ON "t" ("d") WHERE (EXTRACT("DAY" FROM d) = (1)::numeric);
CREATE VIEW "v" AS
SELECT EXTRACT("YEAR" FROM d) AS y,
    EXTRACT(month FROM d) AS m,
    'EXTRACT(YEAR FROM d)'::text AS n
   FROM t;
