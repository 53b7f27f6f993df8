-- cmigrate: upgrade
-- may lose data: sequence "s" is set back to 32767 where it has counted beyond
SELECT setval('"s"', 32767) FROM "s" WHERE last_value > 32767;

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "s" AS smallint NO MAXVALUE;

-- cmigrate: downgrade
-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "s" AS bigint NO MAXVALUE;
