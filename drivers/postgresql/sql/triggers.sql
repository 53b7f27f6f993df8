-- Triggers that somebody made: not those of foreign keys, nor what a partition has from its parent. Without a definition:
-- one that it has from there, and that was enabled or disabled apart.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, relation, name, definition, enabled
-- of triggers
SELECT t.oid, t.tgrelid, t.tgname, CASE WHEN t.tgparentid = 0 THEN pg_get_triggerdef(t.oid, true) END, t.tgenabled
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_trigger p ON p.oid = t.tgparentid
WHERE NOT t.tgisinternal AND (t.tgparentid = 0 OR t.tgenabled <> p.tgenabled)
  AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
ORDER BY t.tgrelid, t.tgname
