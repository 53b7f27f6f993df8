-- cmigrate: upgrade
PRAGMA foreign_keys = OFF;

-- loses data: the rows of table c
DROP TABLE "c";

-- loses data: the rows of table p
DROP TABLE "p";

-- cmigrate: downgrade
CREATE TABLE "p" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_p" PRIMARY KEY
);
CREATE TABLE "c" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_c" PRIMARY KEY,
    "p_id" INTEGER,
    CONSTRAINT "fk_c_p_id_p" FOREIGN KEY ("p_id") REFERENCES "p" ("id")
);
