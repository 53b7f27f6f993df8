-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "u_a" TO "uq_t_a";

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "i_b" RENAME TO "t_b_idx";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "uq_t_a" TO "u_a";

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "t_b_idx" RENAME TO "i_b";
