-- Sequences, with the column that owns each and whether it belongs to an identity column.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, schema, name, type, start, increment, minimum, maximum, cache, cycle, persistence, owner, owner_column,
--   internal
-- of sequences
SELECT c.oid, n.nspname, c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
       s.seqcycle, c.relpersistence, d.refobjid, d.refobjsubid, d.deptype = 'i'
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT d.objid, d.refobjid, d.refobjsubid, d.deptype FROM pg_depend d
           WHERE d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass
             AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') OFFSET 0) d ON d.objid = c.oid
WHERE (c.relpersistence <> 't' OR $1::text[] IS NOT NULL)
  AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
  AND c.oid NOT IN (SELECT e.objid FROM pg_depend e WHERE e.refclassid = 'pg_extension'::regclass AND e.classid = 'pg_class'::regclass AND e.deptype = 'e')
  AND true -- <these: AND c.oid = ANY ($2)
ORDER BY n.nspname, c.relname
