-- Which table or index is a child of which, in the order of the parents.
-- columns: child, parent
SELECT i.inhrelid, i.inhparent FROM pg_inherits i
WHERE $1::text[] IS NULL OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                    WHERE c.oid = i.inhrelid AND n.nspname = ANY ($1))
ORDER BY i.inhrelid, i.inhseqno
