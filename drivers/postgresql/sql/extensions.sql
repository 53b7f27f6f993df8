-- Which extensions are installed, plpgsql apart, which every database has.
-- params: $1 names of the schemas to look into; NULL: all but the system's
-- columns: oid, name, schema, version, relocatable
SELECT x.oid, x.extname, n.nspname, x.extversion, x.extrelocatable
FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
WHERE x.extname <> 'plpgsql' AND $1::text[] IS NULL
ORDER BY x.extname
