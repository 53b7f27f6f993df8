-- Columns of tables and attributes of composite types; of indexes only those that have settings.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: relation, number, name, type, not_null, default, default_oid, identity, generated, collation, storage,
--   compression, statistics, options, fdw_options, is_local, inherited, type_oid, collation_oid, not_null_name,
--   not_null_oid, not_null_no_inherit, not_null_valid, not_null_local
SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid), d.oid, a.attidentity, a.attgenerated,
       CASE WHEN a.attcollation <> 0 AND a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END,
       a.attcompression, -- <14: '',
       a.attstattarget, a.attoptions::text, a.attfdwoptions::text, a.attislocal, a.attinhcount, a.atttypid, a.attcollation,
       k.conname, k.oid, k.connoinherit, k.convalidated, k.conislocal -- <18: NULL, NULL, NULL, NULL, NULL
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_constraint k ON k.contype = 'n' AND k.conrelid = a.attrelid AND k.conkey[1] = a.attnum -- <18:
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relpersistence <> 't'
  AND (c.relkind IN ('r', 'p', 'f', 'c', 'v', 'm')
       OR c.relkind IN ('i', 'I') AND (a.attoptions IS NOT NULL OR a.attstattarget >= 0))
  AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
ORDER BY a.attrelid, a.attnum
