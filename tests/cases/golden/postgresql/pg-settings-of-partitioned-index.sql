-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" DROP CONSTRAINT "pk";

-- locks: ACCESS EXCLUSIVE on the index and p
DROP INDEX "pu";

-- locks: SHARE UPDATE EXCLUSIVE
ALTER TABLE "p1" SET WITHOUT CLUSTER;

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "p" ADD CONSTRAINT "pk" PRIMARY KEY ("a", "b") WITH ("fillfactor"='82');

-- locks: SHARE; builds an index
CREATE UNIQUE INDEX "pu" ON "p" ("a", "b") WITH ("fillfactor"='61');
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
ALTER INDEX "p1_a_b_idx" SET ("fillfactor"='60');

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p1" REPLICA IDENTITY USING INDEX "p1_a_b_idx";
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"p2_a_b_idx"'::regclass AND x.indrelid = '"p2x"'::regclass AND c.relname <> 'odd';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'odd');
    END IF;
END
$adopt$;

-- locks: SHARE UPDATE EXCLUSIVE
ALTER INDEX "odd" SET ("fillfactor"='99');

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p2x" REPLICA IDENTITY USING INDEX "odd";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" DROP CONSTRAINT "pk";

-- locks: ACCESS EXCLUSIVE on the index and p
DROP INDEX "pu";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p2x" REPLICA IDENTITY DEFAULT;

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "p" ADD CONSTRAINT "pk" PRIMARY KEY ("a", "b") WITH ("fillfactor"='81');

-- locks: SHARE; builds an index
CREATE UNIQUE INDEX "pu" ON "p" ("a", "b") WITH ("fillfactor"='51');
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

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p1" REPLICA IDENTITY USING INDEX "p1_a_b_idx";

-- locks: SHARE UPDATE EXCLUSIVE
ALTER TABLE "p1" CLUSTER ON "p1_a_b_idx";
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"p2_a_b_idx"'::regclass AND x.indrelid = '"p2x"'::regclass AND c.relname <> 'odd';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'odd');
    END IF;
END
$adopt$;
