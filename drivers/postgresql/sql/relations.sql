-- Tables of every kind, views and materialized views.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, schema, name, kind, persistence, options, toast_options, tablespace, method, is_partition, partition_by,
--   bound, row_security, force_row_security, replica_identity, rows, of_type, query, server, server_options, populated,
--   row_type
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, c.reloptions::text, t.reloptions::text, s.spcname,
       CASE WHEN c.relkind IN ('r', 'm', 'p') AND a.amname <> 'heap' THEN a.amname END,
       c.relispartition, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
       c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.reltuples::bigint,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
       f.srvname, ft.ftoptions::text, c.relispopulated, c.reltype
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class t ON t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_am a ON a.oid = c.relam
LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
LEFT JOIN pg_foreign_server f ON f.oid = ft.ftserver
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND (c.relpersistence <> 't' OR $1::text[] IS NOT NULL)
  AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
  AND c.oid NOT IN (SELECT e.objid FROM pg_depend e WHERE e.refclassid = 'pg_extension'::regclass AND e.classid = 'pg_class'::regclass AND e.deptype = 'e')
  AND true -- <these: AND c.oid = ANY ($2)
ORDER BY n.nspname, c.relname
