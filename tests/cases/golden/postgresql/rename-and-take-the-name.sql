-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "place" RENAME TO "spot";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "spot" RENAME CONSTRAINT "place_id_not_null" TO "spot_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "spot" RENAME CONSTRAINT "pk_place" TO "pk_spot";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "spot" RENAME CONSTRAINT "uq_place_name" TO "uq_spot_name";
CREATE TABLE "place" (
    "id" serial NOT NULL,
    "size" integer NOT NULL,
    "name" character varying(20),
    CONSTRAINT "pk_place" PRIMARY KEY ("id"),
    CONSTRAINT "uq_place_name" UNIQUE ("name")
);

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "ix_place_name" RENAME TO "ix_spot_name";
CREATE INDEX "ix_place_name" ON "place" ("name");

-- cmigrate: downgrade
-- loses data: the rows of table place; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "place";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "spot" RENAME TO "place";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "place" RENAME CONSTRAINT "spot_id_not_null" TO "place_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "place" RENAME CONSTRAINT "pk_spot" TO "pk_place";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "place" RENAME CONSTRAINT "uq_spot_name" TO "uq_place_name";

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "ix_spot_name" RENAME TO "ix_place_name";
