-- cmigrate: upgrade
CREATE TABLE "c" (
    "x" integer
) INHERITS ("s1"."p", "s2"."p");

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "c" ALTER COLUMN "z" SET DEFAULT 2;

-- cmigrate: downgrade
-- loses data: the rows of table c; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "c";
