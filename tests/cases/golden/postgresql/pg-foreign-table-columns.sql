-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ft" ADD COLUMN "d" integer NOT NULL;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "ft" ALTER COLUMN "a" SET NOT NULL;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "ft" ALTER COLUMN "b" TYPE smallint;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "ft" ALTER COLUMN "b" SET NOT NULL;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "ft" ALTER COLUMN "c" TYPE character varying(5);

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "ft" ADD CONSTRAINT "ft_a_check" CHECK (a > 0);

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ft" DROP CONSTRAINT "ft_a_check";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ft" ALTER COLUMN "a" DROP NOT NULL;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ft" ALTER COLUMN "b" DROP NOT NULL;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "ft" ALTER COLUMN "b" TYPE numeric;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ft" ALTER COLUMN "c" TYPE text;

-- loses data: column d of table ft; locks: ACCESS EXCLUSIVE; the values of d are gone
ALTER TABLE "ft" DROP COLUMN "d";
