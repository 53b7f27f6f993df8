-- cmigrate: upgrade
CREATE SEQUENCE "q";
CREATE SEQUENCE "r";
ALTER SEQUENCE "r" OWNED BY "p2"."id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "p1" ALTER COLUMN "id" SET DEFAULT nextval('q'::regclass);
ALTER SEQUENCE "q" OWNED BY "p1"."id";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "p1" ALTER COLUMN "id" DROP DEFAULT;

-- loses data: the counter of sequence q
DROP SEQUENCE "q";

-- loses data: the counter of sequence r
DROP SEQUENCE "r";
