-- cmigrate: upgrade
DROP VIEW "v";
CREATE VIEW "v2" AS SELECT id FROM t;

-- cmigrate: downgrade
DROP VIEW "v2";
CREATE VIEW "v" AS SELECT id, a FROM t;
