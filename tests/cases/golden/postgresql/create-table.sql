-- cmigrate: upgrade
CREATE TABLE "user" (
    "id" serial NOT NULL,
    "email" character varying(254) NOT NULL,
    "name" character varying(80),
    "age" integer,
    CONSTRAINT "pk_user" PRIMARY KEY ("id"),
    CONSTRAINT "uq_user_email" UNIQUE ("email"),
    CONSTRAINT "ck_user_age" CHECK (age >= 0)
);
CREATE INDEX "ix_user_name" ON "user" ("name");

-- cmigrate: downgrade
-- loses data: the rows of table user; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "user";
