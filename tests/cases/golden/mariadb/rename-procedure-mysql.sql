-- cmigrate: upgrade
DROP PROCEDURE `p`;
CREATE PROCEDURE `q`()
SELECT 1;

-- cmigrate: downgrade
DROP PROCEDURE `q`;
CREATE PROCEDURE `p`()
SELECT 1;
