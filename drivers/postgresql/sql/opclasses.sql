-- Operator classes, and collations.
-- columns: kind, oid, name, is_default, type, method
SELECT 'o', o.oid, CASE WHEN pg_opclass_is_visible(o.oid) THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(o.opcname),
       o.opcdefault, o.opcintype, o.opcmethod
FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
UNION ALL
SELECT 'c', c.oid, c.oid::regcollation::text, false, 0, 0
FROM pg_collation c
