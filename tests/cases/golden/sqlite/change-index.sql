-- cmigrate: upgrade
DROP INDEX "i";
DROP INDEX "j";
DROP INDEX "k";
DROP INDEX "l";
DROP INDEX "m";
CREATE UNIQUE INDEX "i" ON "t" ("a");
CREATE INDEX "j" ON "t" ("b", "a");
CREATE INDEX "k" ON "t" ("b" DESC);
CREATE INDEX "l" ON "t" ("b") WHERE b > 1;
CREATE INDEX "m" ON "t" (upper(a));

-- cmigrate: downgrade
DROP INDEX "i";
DROP INDEX "j";
DROP INDEX "k";
DROP INDEX "l";
DROP INDEX "m";
CREATE INDEX "i" ON "t" ("a");
CREATE INDEX "j" ON "t" ("a", "b");
CREATE INDEX "k" ON "t" ("b");
CREATE INDEX "l" ON "t" ("b") WHERE b > 0;
CREATE INDEX "m" ON "t" (lower(a));
