-- cmigrate: upgrade
DROP VIEW "oai"."old";
CREATE VIEW "oai"."biblio" AS
SELECT id
   FROM biblio.entry;

-- cmigrate: downgrade
DROP VIEW "oai"."biblio";
CREATE VIEW "oai"."old" AS
SELECT 1 AS one;
