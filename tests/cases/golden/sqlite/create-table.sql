-- cmigrate: upgrade
CREATE TABLE "user" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_user" PRIMARY KEY,
    "email" VARCHAR(254) NOT NULL,
    "name" VARCHAR(80),
    "age" INTEGER CONSTRAINT "ck_user_age" CHECK (age >= 0),
    CONSTRAINT "uq_user_email" UNIQUE ("email")
);
CREATE INDEX "ix_user_name" ON "user" ("name");

-- cmigrate: downgrade
-- loses data: the rows of table user
DROP TABLE "user";
