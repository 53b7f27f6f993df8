-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "article" RENAME TO "post";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "article_id_seq" RENAME TO "post_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "post" RENAME CONSTRAINT "article_id_not_null" TO "post_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "post" RENAME COLUMN "headline" TO "title";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "post" RENAME TO "article";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "post_id_seq" RENAME TO "article_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "article" RENAME CONSTRAINT "post_id_not_null" TO "article_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "article" RENAME COLUMN "title" TO "headline";
