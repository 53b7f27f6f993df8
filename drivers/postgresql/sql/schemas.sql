-- Which schemas there are, with those of extensions (their names stand before other names).
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, name, of_extension, commented (otherwise than public is by itself, or made again without a comment)
SELECT n.oid, n.nspname,
       EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e'),
       coalesce(obj_description(n.oid, 'pg_namespace'), 'standard public schema') <> 'standard public schema'
FROM pg_namespace n
WHERE (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
ORDER BY n.nspname
