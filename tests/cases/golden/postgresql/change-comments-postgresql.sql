-- cmigrate: upgrade
COMMENT ON TABLE "t" IS NULL;
COMMENT ON TABLE "u" IS 'new';
COMMENT ON COLUMN "t"."a" IS NULL;
COMMENT ON COLUMN "t"."b" IS 'comes';
COMMENT ON COLUMN "t"."c" IS '100 %';

-- cmigrate: downgrade
COMMENT ON TABLE "t" IS 'before';
COMMENT ON TABLE "u" IS NULL;
COMMENT ON COLUMN "t"."a" IS 'goes';
COMMENT ON COLUMN "t"."b" IS NULL;
COMMENT ON COLUMN "t"."c" IS 'it''s';
