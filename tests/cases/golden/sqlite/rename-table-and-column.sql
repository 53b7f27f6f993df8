-- cmigrate: upgrade
ALTER TABLE "article" RENAME TO "post";
ALTER TABLE "post" RENAME COLUMN "headline" TO "title";

-- cmigrate: downgrade
ALTER TABLE "post" RENAME TO "article";
ALTER TABLE "article" RENAME COLUMN "title" TO "headline";
