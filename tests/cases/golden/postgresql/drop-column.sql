-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "t" DROP CONSTRAINT "fk_t_c_t";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "ix_bd";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "ix_t_b";

-- loses data: column b of table t; loses data: column c of table t; locks: ACCESS EXCLUSIVE; the values of b are gone; the values of c are gone
ALTER TABLE "t"
  DROP CONSTRAINT "uq_t_b",
  DROP COLUMN "b",
  DROP COLUMN "c";

-- locks: SHARE; builds an index
CREATE INDEX "ix_bd" ON "t" ("d");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "ix_bd";

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t"
  ADD COLUMN "b" integer,
  ADD COLUMN "c" integer,
  ADD CONSTRAINT "uq_t_b" UNIQUE ("b");

-- locks: SHARE; builds an index
CREATE INDEX "ix_bd" ON "t" ("b", "d");

-- locks: SHARE; builds an index
CREATE INDEX "ix_t_b" ON "t" ("b");

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "t" ADD CONSTRAINT "fk_t_c_t" FOREIGN KEY ("c") REFERENCES "t" ("id");
