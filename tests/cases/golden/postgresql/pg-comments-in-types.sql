-- cmigrate: upgrade
COMMENT ON CONSTRAINT "whole" ON DOMAIN "part" IS 'it''s some';

-- locks: SHARE on the tables that use it; reads them
ALTER DOMAIN "part" SET NOT NULL;
COMMENT ON COLUMN "spot"."x" IS NULL;
COMMENT ON COLUMN "spot"."y" IS 'along';

-- cmigrate: downgrade
COMMENT ON CONSTRAINT "whole" ON DOMAIN "part" IS 'more than none';
ALTER DOMAIN "part" DROP NOT NULL;
COMMENT ON COLUMN "spot"."x" IS 'across';
COMMENT ON COLUMN "spot"."y" IS NULL;
