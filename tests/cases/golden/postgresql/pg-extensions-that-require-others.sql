-- cmigrate: upgrade
CREATE EXTENSION IF NOT EXISTS "cube";
COMMENT ON EXTENSION "cube" IS 'data type for multidimensional cubes';
CREATE EXTENSION IF NOT EXISTS "earthdistance";
COMMENT ON EXTENSION "earthdistance" IS 'calculate great-circle distances on the surface of the Earth';

-- cmigrate: downgrade
DROP EXTENSION "earthdistance";
DROP EXTENSION "cube";
