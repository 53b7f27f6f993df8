-- Rules; of a view's own only which one it is.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, relation, name, definition, enabled
-- of rules
SELECT r.oid, r.ev_class, r.rulename, CASE WHEN r.rulename <> '_RETURN' THEN pg_get_ruledef(r.oid, true) END, r.ev_enabled
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
  AND r.oid NOT IN (SELECT e.objid FROM pg_depend e WHERE e.refclassid = 'pg_extension'::regclass AND e.classid = 'pg_rewrite'::regclass AND e.deptype = 'e')
ORDER BY r.ev_class, r.rulename
