-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "n" DROP DEFAULT;

-- cmigrate: assert column n of t becomes numeric(5,2)[], which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "n" IS NOT NULL AND ("n" OPERATOR(pg_catalog.=) (("n"::numeric(5,2)[])::numeric(7,3)[])) IS NOT TRUE LIMIT 1;

-- cmigrate: assert column s of t becomes character varying(10)[], which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "t" WHERE "s" IS NOT NULL AND ("s" OPERATOR(pg_catalog.=) (("s"::character varying(10)[])::character varying(20)[])) IS NOT TRUE LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "n" TYPE numeric(5,2)[],
  ALTER COLUMN "n" SET DEFAULT '{1.5}'::numeric[],
  ALTER COLUMN "s" TYPE character varying(10)[];

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "n" DROP DEFAULT,
  ALTER COLUMN "n" TYPE numeric(7,3)[],
  ALTER COLUMN "n" SET DEFAULT '{1.5}'::numeric[],
  ALTER COLUMN "s" TYPE character varying(20)[];
