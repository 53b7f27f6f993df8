-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t"
  DROP CONSTRAINT "c1",
  DROP CONSTRAINT "c2",
  DROP CONSTRAINT "ck_t_a",
  ADD CONSTRAINT "c1" CHECK (a > 5),
  ADD CONSTRAINT "c3" CHECK (a > 3);

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t"
  DROP CONSTRAINT "c1",
  DROP CONSTRAINT "c3",
  ADD CONSTRAINT "c1" CHECK (a > 1),
  ADD CONSTRAINT "c2" CHECK (a > 2),
  ADD CONSTRAINT "ck_t_a" CHECK (a > 0);
