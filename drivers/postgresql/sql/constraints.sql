-- Constraints of tables and domains; not those that a partition has from its parent, nor a foreign key's own triggers.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, name, kind, relation, domain, key, referred (of an extension), referred_key, on_update, on_delete, match, deferrable,
--   deferred, validated, no_inherit, is_local, inherited, parent, index, expression, operators, delete_columns,
--   enforced, period, referred_oid
SELECT k.oid, k.conname, k.contype, k.conrelid, k.contypid, k.conkey::text, 
       CASE WHEN k.confrelid IN (SELECT e.objid FROM pg_depend e WHERE e.refclassid = 'pg_extension'::regclass
                                 AND e.classid = 'pg_class'::regclass AND e.deptype = 'e') THEN k.confrelid::regclass::text END, k.confkey::text, k.confupdtype,
       k.confdeltype, k.confmatchtype, k.condeferrable, k.condeferred, k.convalidated, k.connoinherit, k.conislocal,
       k.coninhcount, k.conparentid, k.conindid,
       CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END,
       CASE WHEN k.contype = 'x' THEN
           (SELECT array_agg(CASE WHEN pg_operator_is_visible(o.oid) THEN o.oprname
                                  ELSE 'OPERATOR(' || quote_ident(s.nspname) || '.' || o.oprname || ')' END ORDER BY u.i)::text
            FROM unnest(k.conexclop) WITH ORDINALITY u (op, i) JOIN pg_operator o ON o.oid = u.op
            JOIN pg_namespace s ON s.oid = o.oprnamespace) END,
       k.confdelsetcols::text, -- <15: NULL,
       k.conenforced, k.conperiod, -- <18: true, false,
       k.confrelid
FROM pg_constraint k
JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.contype IN ('p', 'u', 'c', 'x', 'f')
  AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END)
  AND true -- <these: AND k.conrelid = ANY ($2)
ORDER BY k.conrelid, k.conname
