-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and p
DROP INDEX "whole";

-- locks: SHARE; builds an index
CREATE INDEX "whole" ON "p" ("a");
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"whole"'::regclass AND x.indrelid = '"p2"'::regclass AND c.relname <> 'other';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'other');
    END IF;
END
$adopt$;
DO $adopt$
DECLARE
    found text;
BEGIN
    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
        JOIN pg_class c ON c.oid = x.indexrelid
        WHERE i.inhparent = '"whole"'::regclass AND x.indrelid = '"p3"'::regclass AND c.relname <> 'alone';
    IF found IS NOT NULL THEN
        EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', found, 'alone');
    END IF;
END
$adopt$;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and p
DROP INDEX "whole";

-- locks: SHARE; builds an index
CREATE INDEX "whole" ON ONLY "p" ("a");

-- locks: SHARE; builds an index
CREATE INDEX "p1_a_idx" ON "p1" ("a");

-- locks: ACCESS EXCLUSIVE on both indexes
ALTER INDEX "whole" ATTACH PARTITION "p1_a_idx";

-- locks: SHARE; builds an index
CREATE INDEX "other" ON "p2" ("a");

-- locks: ACCESS EXCLUSIVE on both indexes
ALTER INDEX "whole" ATTACH PARTITION "other";

-- locks: SHARE; builds an index
CREATE INDEX "alone" ON "p3" ("a");
