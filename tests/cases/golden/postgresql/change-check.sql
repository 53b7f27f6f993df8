-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "c1";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "c2";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "ck_t_a";

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "c1" CHECK (a > 5);

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "c3" CHECK (a > 3);

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "c1";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "c3";

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "c1" CHECK (a > 1);

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "c2" CHECK (a > 2);

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "ck_t_a" CHECK (a > 0);
