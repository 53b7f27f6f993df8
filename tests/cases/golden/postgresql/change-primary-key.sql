-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "pk_t";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" DROP CONSTRAINT "pk_u";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;
DROP SEQUENCE "t_a_seq";

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t" ADD CONSTRAINT "pk_t" PRIMARY KEY ("a", "b");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "pk_t";
CREATE SEQUENCE "t_a_seq" AS integer;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT nextval('"t_a_seq"');
ALTER SEQUENCE "t_a_seq" OWNED BY "t"."a";
SELECT setval('"t_a_seq"', max("a")) FROM "t" HAVING max("a") BETWEEN 1 AND 2147483647;

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "t" ADD CONSTRAINT "pk_t" PRIMARY KEY ("a");

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "u" ADD CONSTRAINT "pk_u" PRIMARY KEY ("a", "b");
