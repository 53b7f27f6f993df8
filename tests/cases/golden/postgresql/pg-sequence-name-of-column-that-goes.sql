-- cmigrate: upgrade
-- loses data: column old of table t; locks: ACCESS EXCLUSIVE; the values of old are gone
ALTER TABLE "t" DROP COLUMN "old";
CREATE SEQUENCE "t_old_seq" AS integer;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ADD COLUMN "new" integer DEFAULT nextval('"t_old_seq"') CONSTRAINT "t_old_not_null" NOT NULL;
ALTER SEQUENCE "t_old_seq" OWNED BY "t"."new";

-- cmigrate: downgrade
-- loses data: column new of table t; locks: ACCESS EXCLUSIVE; the values of new are gone; rewrites the table
ALTER TABLE "t"
  DROP COLUMN "new",
  ADD COLUMN "old" serial NOT NULL;
