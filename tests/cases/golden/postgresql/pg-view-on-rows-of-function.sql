-- cmigrate: upgrade
DROP VIEW "v";

-- cmigrate: assert column t.a has values that integer cannot hold
SELECT ctid FROM "t" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- loses data: column b of table t; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; the values of b are gone
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE integer,
  DROP COLUMN "b";
CREATE VIEW "v" AS
SELECT a
   FROM rows_of() rows_of(a);

-- cmigrate: downgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ADD COLUMN "b" text,
  ALTER COLUMN "a" TYPE bigint;
CREATE VIEW "v" AS
SELECT a
   FROM rows_of() rows_of(a, b);
