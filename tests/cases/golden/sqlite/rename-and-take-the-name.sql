-- cmigrate: upgrade
ALTER TABLE "place" RENAME TO "spot";
DROP INDEX "ix_place_name";
CREATE TABLE "place" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_place" PRIMARY KEY,
    "size" INTEGER NOT NULL,
    "name" VARCHAR(20),
    CONSTRAINT "uq_place_name" UNIQUE ("name")
);
CREATE INDEX "ix_place_name" ON "place" ("name");
CREATE INDEX "ix_spot_name" ON "spot" ("name");

-- cmigrate: downgrade
-- loses data: the rows of table place
DROP TABLE "place";
ALTER TABLE "spot" RENAME TO "place";
DROP INDEX "ix_spot_name";
CREATE INDEX "ix_place_name" ON "place" ("name");
