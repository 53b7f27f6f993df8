-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" RENAME COLUMN "x" TO "select";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" RENAME COLUMN "select" TO "x";
