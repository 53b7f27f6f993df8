-- Row security policies.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, relation, name, permissive, command, roles, using, check
-- of policies
SELECT p.oid, p.polrelid, p.polname, p.polpermissive, p.polcmd,
       CASE WHEN p.polroles <> '{0}' THEN
           (SELECT string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname) FROM pg_roles r WHERE r.oid = ANY (p.polroles)) END,
       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
ORDER BY p.polrelid, p.polname
