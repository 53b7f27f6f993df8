-- cmigrate: upgrade
ALTER TABLE "u" RENAME TO "cmigrate_swap_1";
ALTER TABLE "w" RENAME TO "u";
ALTER TABLE "cmigrate_swap_1" RENAME TO "w";
ALTER TABLE "t" RENAME COLUMN "a" TO "cmigrate_swap_2";
ALTER TABLE "t" RENAME COLUMN "b" TO "a";
ALTER TABLE "t" RENAME COLUMN "cmigrate_swap_2" TO "b";

-- cmigrate: downgrade
ALTER TABLE "w" RENAME TO "cmigrate_swap_1";
ALTER TABLE "u" RENAME TO "w";
ALTER TABLE "cmigrate_swap_1" RENAME TO "u";
ALTER TABLE "t" RENAME COLUMN "b" TO "cmigrate_swap_2";
ALTER TABLE "t" RENAME COLUMN "a" TO "b";
ALTER TABLE "t" RENAME COLUMN "cmigrate_swap_2" TO "a";
