-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on p
CREATE TABLE "p1" PARTITION OF "p" (
    "v" WITH OPTIONS DEFAULT NULL
) FOR VALUES IN (1);

-- locks: ACCESS EXCLUSIVE on p
CREATE TABLE "p2" PARTITION OF "p" (
    "v" WITH OPTIONS DEFAULT 'd'::text,
    "n" WITH OPTIONS CONSTRAINT "p2_n_not_null" NOT NULL,
    CONSTRAINT "p2_n_check" CHECK (n > 1)
) FOR VALUES IN (2);

-- cmigrate: downgrade
-- loses data: the rows of table p1; locks: ACCESS EXCLUSIVE on p1, p; the table and its rows are gone
DROP TABLE "p1";

-- loses data: the rows of table p2; locks: ACCESS EXCLUSIVE on p2, p; the table and its rows are gone
DROP TABLE "p2";
