-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" ALTER COLUMN "id" DROP DEFAULT;
ALTER SEQUENCE "s" AS bigint;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "b" ALTER COLUMN "id" SET DEFAULT nextval('"s"');
ALTER SEQUENCE "s" OWNED BY "b"."id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" ALTER COLUMN "id" SET DEFAULT nextval('s2'::regclass);
ALTER SEQUENCE "s2" OWNED BY "c"."id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "d" ALTER COLUMN "id" SET DEFAULT nextval('s1'::regclass);
ALTER SEQUENCE "s1" OWNED BY "d"."id";

-- cmigrate: assert column e.x becomes NOT NULL, but has rows with NULL
SELECT ctid FROM "e" WHERE "x" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "e"
  ALTER COLUMN "id" DROP DEFAULT,
  ALTER COLUMN "x" SET NOT NULL;
ALTER SEQUENCE "e_id_seq" AS integer;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "e" ALTER COLUMN "x" SET DEFAULT nextval('"e_id_seq"');
ALTER SEQUENCE "e_id_seq" OWNED BY "e"."x";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "b" ALTER COLUMN "id" DROP DEFAULT;
ALTER SEQUENCE "s" AS bigint;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" ALTER COLUMN "id" SET DEFAULT nextval('"s"');
ALTER SEQUENCE "s" OWNED BY "a"."id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" ALTER COLUMN "id" SET DEFAULT nextval('s1'::regclass);
ALTER SEQUENCE "s1" OWNED BY "c"."id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "d" ALTER COLUMN "id" SET DEFAULT nextval('s2'::regclass);
ALTER SEQUENCE "s2" OWNED BY "d"."id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "e"
  ALTER COLUMN "x" DROP DEFAULT,
  ALTER COLUMN "x" DROP NOT NULL;
ALTER SEQUENCE "e_id_seq" AS integer;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "e" ALTER COLUMN "id" SET DEFAULT nextval('"e_id_seq"');
ALTER SEQUENCE "e_id_seq" OWNED BY "e"."id";
