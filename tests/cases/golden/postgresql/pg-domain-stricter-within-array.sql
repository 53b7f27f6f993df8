-- cmigrate: upgrade
DROP VIEW "v";
ALTER DOMAIN "code" RENAME TO "code_old";
CREATE DOMAIN "code" AS text DEFAULT 'b'::text CONSTRAINT "code_not_null" NOT NULL CONSTRAINT "short" CHECK (length(VALUE) < 4);
COMMENT ON CONSTRAINT "short" ON DOMAIN "code" IS 'three at most';

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "many" TYPE code[] USING "many"::text[]::code[],
  ALTER COLUMN "one" TYPE code USING "one"::text::code;
DROP DOMAIN "code_old";
CREATE VIEW "v" AS
SELECT one
   FROM t;

-- cmigrate: downgrade
DROP VIEW "v";
ALTER DOMAIN "code" RENAME TO "code_old";
CREATE DOMAIN "code" AS text DEFAULT 'a'::text CONSTRAINT "code_check" CHECK (length(VALUE) < 5);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "many" TYPE code[] USING "many"::text[]::code[],
  ALTER COLUMN "one" TYPE code USING "one"::text::code;
DROP DOMAIN "code_old";
CREATE VIEW "v" AS
SELECT one
   FROM t;
