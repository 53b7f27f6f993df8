-- cmigrate: upgrade
ALTER EXTENSION "hstore" SET SCHEMA "public";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "h" DROP DEFAULT,
  ALTER COLUMN "h" TYPE hstore USING "h"::text::hstore,
  ALTER COLUMN "h" SET DEFAULT ''::hstore,
  ADD CONSTRAINT "t_n_check" CHECK (n > 0);

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "t_n_check";
ALTER EXTENSION "hstore" SET SCHEMA "ext";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "h" DROP DEFAULT,
  ALTER COLUMN "h" TYPE ext.hstore USING "h"::text::ext.hstore,
  ALTER COLUMN "h" SET DEFAULT ''::ext.hstore;
