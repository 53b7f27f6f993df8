-- cmigrate: upgrade
ALTER TABLE "state" RENAME TO "condition";

-- cmigrate: downgrade
ALTER TABLE "condition" RENAME TO "state";
