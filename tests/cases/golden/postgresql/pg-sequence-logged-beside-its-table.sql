-- cmigrate: upgrade
ALTER SEQUENCE "goes" SET UNLOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" SET UNLOGGED;
ALTER SEQUENCE "stays" SET LOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "u" SET LOGGED;
ALTER SEQUENCE "u_stays" SET UNLOGGED;

-- cmigrate: downgrade
ALTER SEQUENCE "goes" SET LOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" SET LOGGED;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "u" SET UNLOGGED;
ALTER SEQUENCE "u_was" SET LOGGED;
