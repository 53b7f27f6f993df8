-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";
CREATE SCHEMA "s.1";
CREATE TEXT SEARCH TEMPLATE "s.1"."w""s" (
    LEXIZE = dsimple_lexize
);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP COLUMN "v";
DROP TEXT SEARCH PARSER "gone";
DROP TEXT SEARCH CONFIGURATION "words";
DROP TEXT SEARCH DICTIONARY "words";
CREATE TEXT SEARCH PARSER words (
    START = prsd_start,
    GETTOKEN = prsd_nexttoken,
    END = prsd_end,
    HEADLINE = prsd_headline,
    LEXTYPES = prsd_lextype
);
COMMENT ON TEXT SEARCH PARSER "words" IS 'p';
CREATE TEXT SEARCH TEMPLATE words (
    INIT = dsimple_init,
    LEXIZE = dsimple_lexize
);
COMMENT ON TEXT SEARCH TEMPLATE "words" IS 't';
CREATE TEXT SEARCH DICTIONARY words (
    TEMPLATE = public.words,
    accept = 'false'
);
COMMENT ON TEXT SEARCH DICTIONARY "words" IS 'd';
CREATE TEXT SEARCH CONFIGURATION words (
    PARSER = words
);
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR asciiword WITH words, simple;
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR word WITH words, simple;
COMMENT ON TEXT SEARCH CONFIGURATION "words" IS 'c';

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ADD COLUMN "v" tsvector GENERATED ALWAYS AS (to_tsvector('words'::regconfig, a)) STORED;

-- locks: SHARE; builds an index
CREATE INDEX "i" ON "t" USING gin ((to_tsvector('words'::regconfig, a)));

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and t
DROP INDEX "i";
CREATE TEXT SEARCH PARSER gone (
    START = prsd_start,
    GETTOKEN = prsd_nexttoken,
    END = prsd_end,
    LEXTYPES = prsd_lextype
);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP COLUMN "v";
DROP TEXT SEARCH TEMPLATE "s.1"."w""s";
DROP TEXT SEARCH CONFIGURATION "words";
DROP TEXT SEARCH DICTIONARY "words";
DROP TEXT SEARCH TEMPLATE "words";
DROP TEXT SEARCH PARSER "words";
CREATE TEXT SEARCH DICTIONARY words (
    TEMPLATE = pg_catalog.simple
);
CREATE TEXT SEARCH CONFIGURATION words (
    PARSER = pg_catalog."default"
);
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR asciiword WITH words;
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR word WITH words;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "t" ADD COLUMN "v" tsvector GENERATED ALWAYS AS (to_tsvector('words'::regconfig, a)) STORED;

-- locks: SHARE; builds an index
CREATE INDEX "i" ON "t" USING gin ((to_tsvector('words'::regconfig, a)));
DROP SCHEMA "s.1";
