-- cmigrate: upgrade
CREATE EXTENSION IF NOT EXISTS "citext";
COMMENT ON EXTENSION "citext" IS 'data type for case-insensitive character strings';
ALTER DOMAIN "dm" RENAME TO "dm_old";
CREATE DOMAIN "dm" AS citext CONSTRAINT "dm_check" CHECK (VALUE <> ''::citext);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" TYPE citext,
  ALTER COLUMN "a" SET DEFAULT 'x'::citext,
  ALTER COLUMN "c" TYPE citext[];

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "u" ALTER COLUMN "x" TYPE dm USING "x"::text::dm;
DROP DOMAIN "dm_old";

-- cmigrate: downgrade
ALTER DOMAIN "dm" RENAME TO "dm_old";
CREATE DOMAIN "dm" AS text CONSTRAINT "dm_check" CHECK (VALUE <> ''::text);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" TYPE text,
  ALTER COLUMN "a" SET DEFAULT 'x'::text,
  ALTER COLUMN "c" TYPE text[];

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "u" ALTER COLUMN "x" TYPE dm USING "x"::text::dm;
DROP DOMAIN "dm_old";
DROP EXTENSION "citext";
