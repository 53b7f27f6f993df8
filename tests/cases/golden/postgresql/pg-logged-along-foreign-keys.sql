-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "r2" DROP CONSTRAINT "r2_id_fkey";

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "b_child" SET UNLOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "q_parent" SET UNLOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "r2" SET LOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "r1" SET LOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "z_parent" SET LOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "m_child" SET LOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "a_grand" SET LOGGED;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "r2" ADD CONSTRAINT "r2_id_fkey" FOREIGN KEY ("id") REFERENCES "r1" ("id");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "r2" DROP CONSTRAINT "r2_id_fkey";

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "a_grand" SET UNLOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "m_child" SET UNLOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "q_parent" SET LOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "b_child" SET LOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "r1" SET UNLOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "r2" SET UNLOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "z_parent" SET UNLOGGED;

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "r2" ADD CONSTRAINT "r2_id_fkey" FOREIGN KEY ("id") REFERENCES "r1" ("id");
