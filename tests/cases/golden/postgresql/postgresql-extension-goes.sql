-- cmigrate: upgrade
DROP EXTENSION "amcheck";

-- cmigrate: downgrade
CREATE EXTENSION IF NOT EXISTS "amcheck";
COMMENT ON EXTENSION "amcheck" IS 'functions for verifying relation integrity';
