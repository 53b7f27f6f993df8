-- cmigrate: upgrade
CREATE TABLE "b" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_b" PRIMARY KEY
);
CREATE TRIGGER tr AFTER INSERT ON b BEGIN SELECT 1; END;

-- cmigrate: downgrade
DROP TRIGGER "tr";

-- loses data: the rows of table b
DROP TABLE "b";
