-- Operator classes, and collations. Those of the system are on every path, so only where another schema has the same name is the
-- server asked whether they are visible: it would look up each of a thousand collations, in every session again.
-- columns: kind, oid, name, is_default, type, method
SELECT 'o', o.oid, CASE WHEN o.opcnamespace = 'pg_catalog'::regnamespace AND o.opcname NOT IN (
                              SELECT e.opcname FROM pg_opclass e WHERE e.opcnamespace <> 'pg_catalog'::regnamespace)
                          OR pg_opclass_is_visible(o.oid)
                        THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(o.opcname),
       o.opcdefault, o.opcintype, o.opcmethod
FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
UNION ALL
SELECT 'c', c.oid, CASE WHEN c.collnamespace = 'pg_catalog'::regnamespace AND c.collname NOT IN (
                              SELECT e.collname FROM pg_collation e WHERE e.collnamespace <> 'pg_catalog'::regnamespace)
                        THEN quote_ident(c.collname) ELSE c.oid::regcollation::text END, false, 0, 0
FROM pg_collation c
