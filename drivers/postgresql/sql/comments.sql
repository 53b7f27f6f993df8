-- Comments of what is not the system's.
-- columns: class, object, part, text
SELECT d.classoid, d.objoid, d.objsubid, d.description
FROM pg_description d
WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass AND d.objoid = to_regnamespace('public'))
  AND true -- <these: AND (d.objoid, d.classoid) IN (SELECT r.oid, 'pg_class'::regclass FROM unnest($2) r (oid) UNION ALL SELECT k.oid, 'pg_constraint'::regclass FROM pg_constraint k WHERE k.conrelid = ANY ($2))
