-- Enums, domains, ranges and standalone composite types.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, schema, name, kind, values, base, not_null, default, collation, relation, array, not_null_name,
--   subtype, opclass, subtype_collation, canonical, subtype_diff, multirange
-- of types
SELECT t.oid, n.nspname, t.typname, t.typtype,
       CASE WHEN t.typtype = 'e' THEN
           (SELECT array_agg(v.enumlabel ORDER BY v.enumsortorder)::text FROM pg_enum v WHERE v.enumtypid = t.oid) END,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
       t.typnotnull,
       CASE WHEN t.typtype = 'd' THEN coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) END,
       CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END,
       t.typrelid, t.typarray,
       (SELECT k.conname FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'n'), -- <18: NULL,
       CASE WHEN t.typtype = 'r' THEN format_type(r.rngsubtype, NULL) END,
       CASE WHEN t.typtype = 'r' AND NOT o.opcdefault THEN
           (SELECT CASE WHEN pg_opclass_is_visible(o.oid) THEN '' ELSE quote_ident(s.nspname) || '.' END || quote_ident(o.opcname)
            FROM pg_namespace s WHERE s.oid = o.opcnamespace) END,
       CASE WHEN t.typtype = 'r' AND r.rngcollation <> 0 AND r.rngcollation <> u.typcollation THEN r.rngcollation::regcollation::text END,
       CASE WHEN t.typtype = 'r' THEN nullif(r.rngcanonical::oid, 0)::regproc::text END,
       CASE WHEN t.typtype = 'r' THEN nullif(r.rngsubdiff::oid, 0)::regproc::text END,
       CASE WHEN t.typtype = 'r' THEN r.rngmultitypid::regtype::text END -- <14: NULL
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
LEFT JOIN pg_range r ON t.typtype = 'r' AND r.rngtypid = t.oid
LEFT JOIN pg_opclass o ON o.oid = r.rngsubopc
LEFT JOIN pg_type u ON u.oid = r.rngsubtype
WHERE (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
  AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND t.typrelid IN (SELECT c.oid FROM pg_class c WHERE c.relkind = 'c'))
  AND t.oid NOT IN (SELECT e.objid FROM pg_depend e WHERE e.refclassid = 'pg_extension'::regclass AND e.classid = 'pg_type'::regclass AND e.deptype = 'e')
ORDER BY n.nspname, t.typname
