-- The types that columns have, each modifier once, and what a column of each has by itself.
-- columns: type, modifier, name, collation, storage
SELECT u.atttypid, u.atttypmod, format_type(u.atttypid, u.atttypmod), t.typcollation, t.typstorage
FROM (SELECT DISTINCT a.atttypid, a.atttypmod FROM pg_attribute a
      WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
        AND true -- <these: AND a.attrelid = ANY ($2)
      ) u
JOIN pg_type t ON t.oid = u.atttypid
