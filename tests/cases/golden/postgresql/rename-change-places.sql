-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME TO "cmigrate_swap_1";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "u_id_seq" RENAME TO "cmigrate_swap_1_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "cmigrate_swap_1" RENAME CONSTRAINT "u_id_not_null" TO "cmigrate_swap_1_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "w" RENAME TO "u";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "w_id_seq" RENAME TO "u_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME CONSTRAINT "w_id_not_null" TO "u_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "cmigrate_swap_1" RENAME TO "w";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "cmigrate_swap_1_id_seq" RENAME TO "w_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "w" RENAME CONSTRAINT "cmigrate_swap_1_id_not_null" TO "w_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "a" TO "cmigrate_swap_2";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "t_a_not_null" TO "t_cmigrate_swap_2_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "b" TO "a";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "t_b_not_null" TO "t_a_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "cmigrate_swap_2" TO "b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "t_cmigrate_swap_2_not_null" TO "t_b_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME CONSTRAINT "pk_w" TO "cmigrate_swap_3";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "w" RENAME CONSTRAINT "pk_u" TO "pk_w";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME CONSTRAINT "cmigrate_swap_3" TO "pk_u";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "w" RENAME TO "cmigrate_swap_1";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "w_id_seq" RENAME TO "cmigrate_swap_1_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "cmigrate_swap_1" RENAME CONSTRAINT "w_id_not_null" TO "cmigrate_swap_1_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME TO "w";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "u_id_seq" RENAME TO "w_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "w" RENAME CONSTRAINT "u_id_not_null" TO "w_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "cmigrate_swap_1" RENAME TO "u";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "cmigrate_swap_1_id_seq" RENAME TO "u_id_seq";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME CONSTRAINT "cmigrate_swap_1_id_not_null" TO "u_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "b" TO "cmigrate_swap_2";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "t_b_not_null" TO "t_cmigrate_swap_2_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "a" TO "b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "t_a_not_null" TO "t_b_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "cmigrate_swap_2" TO "a";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "t_cmigrate_swap_2_not_null" TO "t_a_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME CONSTRAINT "pk_w" TO "cmigrate_swap_3";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "w" RENAME CONSTRAINT "pk_u" TO "pk_w";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME CONSTRAINT "cmigrate_swap_3" TO "pk_u";
