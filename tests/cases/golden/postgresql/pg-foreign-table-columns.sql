-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "ft"
  ADD COLUMN "d" integer NOT NULL,
  ALTER COLUMN "a" SET NOT NULL,
  ALTER COLUMN "b" TYPE smallint,
  ALTER COLUMN "b" SET NOT NULL,
  ALTER COLUMN "c" TYPE character varying(5),
  ADD CONSTRAINT "ft_a_check" CHECK (a > 0);

-- cmigrate: downgrade
-- loses data: column d of table ft; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; the values of d are gone
ALTER TABLE "ft"
  DROP CONSTRAINT "ft_a_check",
  ALTER COLUMN "a" DROP NOT NULL,
  ALTER COLUMN "b" DROP NOT NULL,
  ALTER COLUMN "b" TYPE numeric,
  ALTER COLUMN "c" TYPE text,
  DROP COLUMN "d";
