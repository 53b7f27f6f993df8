-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t"
  ADD COLUMN "up" integer,
  ADD CONSTRAINT "ck_t_up" CHECK (up > 0);

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "fk_t_up_t" FOREIGN KEY ("up") REFERENCES "t" ("id");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "fk_t_up_t";

-- loses data: column up of table t; locks: ACCESS EXCLUSIVE; the values of up are gone
ALTER TABLE "t"
  DROP CONSTRAINT "ck_t_up",
  DROP COLUMN "up";
