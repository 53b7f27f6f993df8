-- cmigrate: upgrade
-- cmigrate: assert new column t.b is NOT NULL without a default, and there are rows: give it a default, or add it nullable, fill it, and make it NOT NULL in a later revision
SELECT "t"."rowid" FROM "t" LIMIT 1;
ALTER TABLE "t" ADD COLUMN "b" INTEGER NOT NULL;

-- cmigrate: downgrade
-- loses data: column b of table t
ALTER TABLE "t" DROP COLUMN "b";
