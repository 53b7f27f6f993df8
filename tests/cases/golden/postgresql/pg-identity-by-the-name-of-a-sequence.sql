-- cmigrate: upgrade
-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "a_id_seq" RENAME TO "a_id_seq_old";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "b_id_seq" RENAME TO "b_id_seq_old";
CREATE SEQUENCE "b_id_seq" CACHE 5;
SELECT setval('"b_id_seq"', last_value) FROM "b_id_seq_old", pg_catalog.pg_sequence WHERE is_called AND seqrelid = '"b_id_seq"'::regclass AND last_value BETWEEN seqmin AND seqmax;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "a"
  ALTER COLUMN "id" DROP DEFAULT,
  ALTER COLUMN "id" TYPE bigint;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT BY 2 MINVALUE 0);
SELECT setval('"a_id_seq"', max("id")) FROM "a" HAVING max("id") BETWEEN 0 AND 9223372036854775807;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "b" ALTER COLUMN "id" DROP IDENTITY;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "b" ALTER COLUMN "id" SET DEFAULT nextval('b_id_seq'::regclass);
ALTER SEQUENCE "b_id_seq" OWNED BY "b"."id";

-- loses data: the counter of sequence a_id_seq_old
DROP SEQUENCE "a_id_seq_old";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "s" INCREMENT BY 3;
ALTER SEQUENCE "s" OWNED BY NONE;

-- loses data: column n of table c; locks: ACCESS EXCLUSIVE; the values of n are gone
ALTER TABLE "c"
  ALTER COLUMN "id" SET DEFAULT nextval('s'::regclass),
  DROP COLUMN "n";

-- cmigrate: downgrade
-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "a_id_seq" RENAME TO "a_id_seq_old";

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "b_id_seq" RENAME TO "b_id_seq_old";
CREATE SEQUENCE "a_id_seq" AS integer INCREMENT BY 2 CACHE 5;
SELECT setval('"a_id_seq"', last_value) FROM "a_id_seq_old", pg_catalog.pg_sequence WHERE is_called AND seqrelid = '"a_id_seq"'::regclass AND last_value BETWEEN seqmin AND seqmax;

-- locks: SHARE ROW EXCLUSIVE
ALTER SEQUENCE "s" INCREMENT BY 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table
ALTER TABLE "c" ADD COLUMN "n" integer DEFAULT nextval('s'::regclass);
ALTER SEQUENCE "s" OWNED BY "c"."n";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" ALTER COLUMN "id" DROP IDENTITY;

-- cmigrate: assert column a.id has values that integer cannot hold
SELECT "id" FROM "a" WHERE "id" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "a"
  ALTER COLUMN "id" TYPE integer,
  ALTER COLUMN "id" SET DEFAULT nextval('a_id_seq'::regclass);
ALTER SEQUENCE "a_id_seq" OWNED BY "a"."id";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "b" ALTER COLUMN "id" DROP DEFAULT;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "b" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval('"b_id_seq"', max("id")) FROM "b" HAVING max("id") BETWEEN 1 AND 9223372036854775807;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "c" ALTER COLUMN "id" DROP DEFAULT;

-- loses data: the counter of sequence b_id_seq_old
DROP SEQUENCE "b_id_seq_old";
