-- Columns of tables, views and composite types; of indexes only those that have settings.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: relation, number, name, type, modifier, not_null, default, default_oid, identity, generated, collation,
--   storage, compression, statistics, options, fdw_options, is_local, inherited
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull,
       pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END), d.oid, a.attidentity, a.attgenerated,
       a.attcollation, a.attstorage,
       a.attcompression, -- <14: '',
       a.attstattarget, a.attoptions::text, a.attfdwoptions::text, a.attislocal, a.attinhcount
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND (c.relpersistence <> 't' OR $1::text[] IS NOT NULL)
  AND (c.relkind IN ('r', 'p', 'f', 'c', 'v', 'm')
       OR c.relkind IN ('i', 'I') AND (a.attoptions IS NOT NULL OR a.attstattarget >= 0))
  AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
  AND true -- <these: AND a.attrelid = ANY ($2)
ORDER BY a.attrelid, a.attnum
