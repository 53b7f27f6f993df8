-- Extended statistics.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, relation, schema, name, definition, target
-- of statistics
SELECT s.oid, s.stxrelid, n.nspname, s.stxname, pg_get_statisticsobjdef(s.oid), s.stxstattarget
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
ORDER BY n.nspname, s.stxname
