-- cmigrate: upgrade
ALTER TABLE "a" ADD COLUMN "m" int;
CREATE VIEW "found" AS SELECT id FROM a WHERE n REGEXP 'x';

-- cmigrate: downgrade
DROP VIEW "found";

-- loses data: column m of table a
ALTER TABLE "a" DROP COLUMN "m";
