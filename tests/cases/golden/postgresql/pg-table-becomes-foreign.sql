-- cmigrate: upgrade
DROP VIEW "all_lots";

-- locks: ACCESS EXCLUSIVE
DROP RULE "lots_in" ON "lots";
DROP VIEW "lots";
ALTER SEQUENCE "loose" OWNED BY NONE;
ALTER SEQUENCE "tickets" OWNED BY NONE;
ALTER SEQUENCE "loose" OWNED BY NONE;

-- locks: ACCESS EXCLUSIVE
DROP FOREIGN TABLE "lot";
CREATE TABLE "lot" (
    "id" integer,
    "tag" text
);
ALTER SEQUENCE "tickets" OWNED BY "lot"."tag";
CREATE VIEW "lots" AS
SELECT id,
    tag
   FROM lot;
CREATE VIEW "all_lots" AS
SELECT id,
    tag
   FROM lots;

-- locks: ACCESS EXCLUSIVE
CREATE RULE lots_in AS
    ON INSERT TO lots DO INSTEAD  INSERT INTO lot (id, tag)
  VALUES (new.id, new.tag);

-- cmigrate: downgrade
DROP VIEW "all_lots";

-- locks: ACCESS EXCLUSIVE
DROP RULE "lots_in" ON "lots";
DROP VIEW "lots";
ALTER SEQUENCE "tickets" OWNED BY NONE;

-- loses data: columns id, tag of table lot; locks: ACCESS EXCLUSIVE
DROP TABLE "lot";
CREATE FOREIGN TABLE "lot" (
    "id" integer,
    "tag" text
) SERVER "far";
ALTER SEQUENCE "tickets" OWNED BY "lot"."tag";
ALTER SEQUENCE "loose" OWNED BY "lot"."id";
CREATE VIEW "lots" AS
SELECT id,
    tag
   FROM lot;
CREATE VIEW "all_lots" AS
SELECT id,
    tag
   FROM lots;

-- locks: ACCESS EXCLUSIVE
CREATE RULE lots_in AS
    ON INSERT TO lots DO INSTEAD  INSERT INTO lot (id, tag)
  VALUES (new.id, new.tag);
