-- cmigrate: upgrade
CREATE TABLE "t" (
    "id" integer NOT NULL,
    "n" integer,
    CONSTRAINT "t_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "t_n" UNIQUE ("n")
);
ALTER TABLE "t"
  ADD CONSTRAINT "t_id" UNIQUE ("id"),
  ADD CONSTRAINT "t_n_again" UNIQUE ("n");

-- cmigrate: downgrade
-- loses data: the rows of table t; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "t";
