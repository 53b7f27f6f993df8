-- cmigrate: upgrade
DROP VIEW "q";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "ti";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "vi";
CREATE TEXT SEARCH DICTIONARY ts.dd (
    TEMPLATE = pg_catalog.simple,
    stopwords = 'english'
);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  ALTER COLUMN "d" DROP DEFAULT,
  DROP COLUMN "v";
DROP TEXT SEARCH CONFIGURATION "ts"."Conf";
CREATE TEXT SEARCH CONFIGURATION ts."Conf" (
    PARSER = pg_catalog."default"
);
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR asciiword WITH ts.dd;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR word WITH english_stem;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR numword WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR email WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR url WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR host WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR sfloat WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR version WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR hword_numpart WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR hword_part WITH english_stem;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR hword_asciipart WITH english_stem;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR numhword WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR asciihword WITH english_stem;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR hword WITH english_stem;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR url_path WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR file WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR "float" WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR "int" WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR uint WITH simple;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t"
  ALTER COLUMN "d" SET DEFAULT to_tsvector('ts."Conf"'::regconfig, 'x'::text),
  ADD COLUMN "v" tsvector GENERATED ALWAYS AS (to_tsvector('ts."Conf"'::regconfig, a)) STORED;

-- locks: SHARE; builds an index
CREATE INDEX "ti" ON "t" USING gin ((to_tsvector('ts."Conf"'::regconfig, a)));

-- locks: SHARE; builds an index
CREATE INDEX "vi" ON "t" USING gin ("v");
CREATE VIEW "q" AS
SELECT to_tsquery('ts."Conf"'::regconfig, 'cats'::text) AS q;

-- cmigrate: downgrade
DROP VIEW "q";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "ti";

-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "vi";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  ALTER COLUMN "d" DROP DEFAULT,
  DROP COLUMN "v";
DROP TEXT SEARCH CONFIGURATION "ts"."Conf";
CREATE TEXT SEARCH CONFIGURATION ts."Conf" (
    PARSER = pg_catalog."default"
);
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR asciiword WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR word WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR numword WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR email WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR url WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR host WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR sfloat WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR version WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR hword_numpart WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR hword_part WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR hword_asciipart WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR numhword WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR asciihword WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR hword WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR url_path WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR file WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR "float" WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR "int" WITH simple;
ALTER TEXT SEARCH CONFIGURATION ts."Conf" ADD MAPPING FOR uint WITH simple;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t"
  ALTER COLUMN "d" SET DEFAULT to_tsvector('ts."Conf"'::regconfig, 'x'::text),
  ADD COLUMN "v" tsvector GENERATED ALWAYS AS (to_tsvector('ts."Conf"'::regconfig, a)) STORED;

-- locks: SHARE; builds an index
CREATE INDEX "ti" ON "t" USING gin ((to_tsvector('ts."Conf"'::regconfig, a)));

-- locks: SHARE; builds an index
CREATE INDEX "vi" ON "t" USING gin ("v");
CREATE VIEW "q" AS
SELECT to_tsquery('ts."Conf"'::regconfig, 'cats'::text) AS q;
DROP TEXT SEARCH DICTIONARY "ts"."dd";
