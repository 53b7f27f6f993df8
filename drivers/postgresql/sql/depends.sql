-- What stands on what, as the server keeps it: first members of extensions, and types that belong to a relation or an
-- element type; then normal dependencies, and the automatic ones of expressions. Up to version 14 a generated column stands
-- for its own expression.
-- columns: class, object, part, referred_class, referred_object, referred_part, kind
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
FROM pg_depend d
WHERE d.refobjid >= 16384 AND d.objid >= 16384
  AND (d.deptype = 'e' OR d.deptype = 'i' AND d.classid = 'pg_type'::regclass)
UNION ALL
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
FROM pg_depend d
WHERE d.refobjid >= 16384 AND d.objid >= 16384
  AND (d.deptype = 'n'
       OR d.deptype = 'a' AND d.classid IN ('pg_attrdef'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass,
                                            'pg_statistic_ext'::regclass)
       OR d.deptype = 'a' AND d.classid = 'pg_class'::regclass AND d.objsubid > 0
       OR d.deptype = 'a' AND d.classid = 'pg_constraint'::regclass AND d.refobjsubid > 0)
