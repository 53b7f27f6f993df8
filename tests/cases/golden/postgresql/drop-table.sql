-- cmigrate: upgrade
-- loses data: the rows of table c; locks: ACCESS EXCLUSIVE on c, p; the table and its rows are gone
DROP TABLE "c";

-- loses data: the rows of table p; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "p";

-- cmigrate: downgrade
CREATE TABLE "c" (
    "id" serial NOT NULL,
    "p_id" integer,
    CONSTRAINT "pk_c" PRIMARY KEY ("id")
);
CREATE TABLE "p" (
    "id" serial NOT NULL,
    CONSTRAINT "pk_p" PRIMARY KEY ("id")
);
ALTER TABLE "c" ADD CONSTRAINT "fk_c_p_id_p" FOREIGN KEY ("p_id") REFERENCES "p" ("id");
