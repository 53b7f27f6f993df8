-- Not-null constraints, which have names and states of their own since 18; before, there are none.
-- columns: relation, column, name, no_inherit, valid, oid, is_local
SELECT k.conrelid, k.conkey[1], k.conname, k.connoinherit, k.convalidated, k.oid, k.conislocal
FROM pg_constraint k
WHERE k.contype = 'n' AND k.conrelid >= 16384
  AND true -- <these: AND k.conrelid = ANY ($2)
