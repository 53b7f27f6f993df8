-- cmigrate: upgrade
DO $disown$
BEGIN
    IF to_regclass('"p1_a_b_idx"') IS NOT NULL THEN
        COMMENT ON INDEX "p1_a_b_idx" IS NULL;
        ALTER INDEX "p1_a_b_idx" RESET ("fillfactor");
    END IF;
END
$disown$;
DO $disown$
BEGIN
    IF to_regclass('"p1_expr_idx"') IS NOT NULL THEN
        COMMENT ON INDEX "p1_expr_idx" IS NULL;
        ALTER INDEX "p1_expr_idx" ALTER COLUMN 1 SET STATISTICS 33;
    END IF;
END
$disown$;
DO $disown$
BEGIN
    IF to_regclass('"p1_pkey"') IS NOT NULL THEN
        ALTER INDEX "p1_pkey" SET ("fillfactor"='81');
    END IF;
END
$disown$;
DO $disown$
BEGIN
    IF to_regclass('"p2x_a_b_idx"') IS NOT NULL THEN
        COMMENT ON INDEX "p2x_a_b_idx" IS NULL;
        ALTER INDEX "p2x_a_b_idx" RESET ("fillfactor");
    END IF;
END
$disown$;
ALTER INDEX "pe" ALTER COLUMN 1 SET STATISTICS 33;

-- cmigrate: downgrade
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"pk"'::regclass AND x.indrelid = '"p1"'::regclass AND c.relname <> 'p1_pkey';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'p1_pkey');
    END IF;
END
$adopt$;

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "p1_pkey" SET ("fillfactor"='44');
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"pu"'::regclass AND x.indrelid = '"p1"'::regclass AND c.relname <> 'p1_a_b_idx';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'p1_a_b_idx');
    END IF;
END
$adopt$;

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "p1_a_b_idx" SET ("fillfactor"='50');
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"p2_a_b_idx"'::regclass AND x.indrelid = '"p2x"'::regclass AND c.relname <> 'p2x_a_b_idx';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'p2x_a_b_idx');
    END IF;
END
$adopt$;

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "p2x_a_b_idx" SET ("fillfactor"='55');
ALTER INDEX "pe" ALTER COLUMN 1 SET STATISTICS -1;
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"pe"'::regclass AND x.indrelid = '"p1"'::regclass AND c.relname <> 'p1_expr_idx';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'p1_expr_idx');
    END IF;
END
$adopt$;
ALTER INDEX "p1_expr_idx" ALTER COLUMN 1 SET STATISTICS 33;
