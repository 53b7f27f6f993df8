-- cmigrate: upgrade
ALTER TABLE "Person" RENAME TO "cmigrate_case_person";
ALTER TABLE "cmigrate_case_person" RENAME TO "person";
ALTER TABLE "person" RENAME COLUMN "userId" TO "userID";

-- cmigrate: downgrade
ALTER TABLE "person" RENAME TO "cmigrate_case_Person";
ALTER TABLE "cmigrate_case_Person" RENAME TO "Person";
ALTER TABLE "Person" RENAME COLUMN "userID" TO "userId";
