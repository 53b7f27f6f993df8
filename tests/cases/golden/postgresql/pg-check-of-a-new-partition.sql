-- cmigrate: upgrade
CREATE TABLE "o" (
    "y" integer
);
CREATE TABLE "heir" (
    "z" integer
) INHERITS ("m, n", "o");

-- locks: ACCESS EXCLUSIVE on p
CREATE TABLE "p1" PARTITION OF "p" FOR VALUES IN (1);

-- cmigrate: downgrade
-- loses data: the rows of table heir; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "heir";

-- loses data: the rows of table o; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "o";

-- loses data: the rows of table p1; locks: ACCESS EXCLUSIVE on p1, p; the table and its rows are gone
DROP TABLE "p1";
