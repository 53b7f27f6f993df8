-- cmigrate: upgrade
ALTER VIEW "v" RENAME TO "v2";
DROP VIEW "v2";
CREATE VIEW "v2" AS
SELECT id
   FROM t;

-- cmigrate: downgrade
ALTER VIEW "v2" RENAME TO "v";
DROP VIEW "v";
CREATE VIEW "v" AS
SELECT id,
    a
   FROM t;
