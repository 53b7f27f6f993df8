-- cmigrate: upgrade
DROP PUBLICATION "p";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ADD COLUMN "a" integer;
CREATE PUBLICATION p FOR
    TABLE ONLY t (a, b, id);

-- cmigrate: downgrade
DROP PUBLICATION "p";

-- loses data: column a of table t; locks: ACCESS EXCLUSIVE; the values of a are gone
ALTER TABLE "t" DROP COLUMN "a";
CREATE PUBLICATION p FOR
    TABLE ONLY t (b, id);
