-- cmigrate: upgrade
DROP EXTENSION "xml2";
CREATE EXTENSION IF NOT EXISTS "xml2" WITH SCHEMA "far";
COMMENT ON EXTENSION "xml2" IS 'XPath querying and XSLT';

-- cmigrate: downgrade
DROP EXTENSION "xml2";
CREATE EXTENSION IF NOT EXISTS "xml2";
COMMENT ON EXTENSION "xml2" IS 'XPath querying and XSLT';
