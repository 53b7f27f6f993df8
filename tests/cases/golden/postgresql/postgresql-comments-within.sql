-- cmigrate: upgrade
COMMENT ON COLUMN "c"."b" IS 'b of c';
COMMENT ON COLUMN "p1"."a" IS 'a of p1';

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" ALTER COLUMN "id" DROP DEFAULT;
DROP SEQUENCE "p_id_seq";
COMMENT ON SEQUENCE "t_a_seq" IS 'counts too';
COMMENT ON SEQUENCE "t_id_seq" IS 'counts';
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"pk_p"'::regclass AND x.indrelid = '"p1"'::regclass AND c.relname <> 'p1_pkey';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'p1_pkey');
    END IF;
END
$adopt$;
COMMENT ON CONSTRAINT "p1_pkey" ON "p1" IS 'key of p1';
COMMENT ON INDEX "p1_pkey" IS 'index of that';
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"i"'::regclass AND x.indrelid = '"p1"'::regclass AND c.relname <> 'p1_a_idx';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'p1_a_idx');
    END IF;
END
$adopt$;
COMMENT ON INDEX "p1_a_idx" IS 'index of p1';

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "pk_t" TO "t_pkey";
COMMENT ON INDEX "t_pkey" IS 'of the key';
COMMENT ON CONSTRAINT "t_pkey" ON "t" IS 'the key';
COMMENT ON INDEX "u" IS 'of u';

-- cmigrate: downgrade
DO $disown$
BEGIN
    IF to_regclass('"p1_a_idx"') IS NOT NULL THEN
        COMMENT ON INDEX "p1_a_idx" IS NULL;
    END IF;
END
$disown$;
DO $disown$
BEGIN
    IF to_regclass('"p1_pkey"') IS NOT NULL THEN
        COMMENT ON CONSTRAINT "p1_pkey" ON "p1" IS NULL;
        COMMENT ON INDEX "p1_pkey" IS NULL;
    END IF;
END
$disown$;
CREATE SEQUENCE "p_id_seq" AS integer;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" ALTER COLUMN "id" SET DEFAULT nextval('"p_id_seq"');
ALTER SEQUENCE "p_id_seq" OWNED BY "p"."id";
SELECT setval('"p_id_seq"', max("id")) FROM "p" HAVING max("id") BETWEEN 1 AND 2147483647;
COMMENT ON SEQUENCE "t_a_seq" IS NULL;
COMMENT ON SEQUENCE "t_id_seq" IS NULL;
COMMENT ON COLUMN "c"."b" IS NULL;
COMMENT ON COLUMN "p1"."a" IS NULL;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "t_pkey" TO "pk_t";
COMMENT ON INDEX "pk_t" IS NULL;
COMMENT ON CONSTRAINT "pk_t" ON "t" IS NULL;
COMMENT ON INDEX "u" IS NULL;
