-- Indexes, those of constraints too.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, relation, name, method, is_unique, key, options, collations, opclasses, key_count, nulls_not_distinct,
--   predicate, expressions, storage, tablespace, clustered, replica_identity, valid, constraint, is_partition, names,
--   definition (of expressions that are sorted by some collation)
SELECT i.indexrelid, i.indrelid, c.relname, a.amname, i.indisunique, i.indkey::text, i.indoption::text, i.indcollation::text,
       i.indclass::text, i.indnkeyatts,
       i.indnullsnotdistinct, -- <15: false,
       CASE WHEN i.indpred IS NOT NULL THEN pg_get_expr(i.indpred, i.indrelid) END,
       CASE WHEN i.indexprs IS NOT NULL THEN
           (SELECT array_agg(pg_get_indexdef(i.indexrelid, p, false) ORDER BY p)::text
            FROM generate_series(1, i.indnatts) p WHERE i.indkey[p - 1] = 0) END,
       c.reloptions::text, s.spcname, i.indisclustered, i.indisreplident, i.indisvalid, k.oid, c.relispartition,
       CASE WHEN c.relispartition THEN
           (SELECT array_agg(t.attname ORDER BY t.attnum)::text FROM pg_attribute t WHERE t.attrelid = i.indexrelid) END,
       CASE WHEN i.indexprs IS NOT NULL AND i.indcollation::text ~ '[1-9]' THEN pg_get_indexdef(i.indexrelid) END
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am a ON a.oid = c.relam
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
WHERE (c.relpersistence <> 't' OR $1::text[] IS NOT NULL)
  AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
  AND i.indrelid NOT IN (SELECT e.objid FROM pg_depend e WHERE e.refclassid = 'pg_extension'::regclass AND e.classid = 'pg_class'::regclass AND e.deptype = 'e')
  AND true -- <these: AND i.indrelid = ANY ($2)
ORDER BY i.indrelid, c.relname
