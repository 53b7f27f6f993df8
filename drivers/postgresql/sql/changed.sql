-- Which relations the open transaction has changed so far: those that it holds the lock of a change on, dropped ones too, and
-- those of which a row of the catalogue is its own. Only tables, their indexes and sequences are told of like that: `whole`
-- says that something else is near them, and another change alters `others` or `types`. Each part looks up rows of few
-- relations by an index (OFFSET 0 keeps it so), since the query runs after each statement.
-- params: $1 OIDs of all catalogues but those of relations
-- columns: others (rows written in these; NULL: not counted), types (how many, with the constraints of domains), whole,
--   changed (relations whose description may be another one now), read (what must be read to describe them)
WITH locked AS (
    SELECT l.relation AS oid FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.granted AND l.pid = pg_backend_pid() AND l.relation >= 16384
      AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')
),
written AS (
    SELECT c.oid FROM pg_class c WHERE age(c.xmin) <= 0 AND c.oid >= 16384
    UNION ALL
    SELECT a.attrelid FROM pg_attribute a
    WHERE (SELECT pg_stat_get_xact_tuples_updated('pg_attribute'::regclass)) > 0 AND age(a.xmin) <= 0 AND a.attrelid >= 16384
),
owned AS MATERIALIZED (
    SELECT s.seqrelid AS sequence, d.refobjid AS oid
    FROM pg_sequence s
    CROSS JOIN LATERAL (SELECT d.refobjid FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.refclassid = 'pg_class'::regclass
                          AND d.refobjsubid > 0 OFFSET 0) d
),
touched AS MATERIALIZED (
    SELECT DISTINCT coalesce(i.indrelid, t.oid) AS oid
    FROM (SELECT oid FROM locked UNION SELECT oid FROM written) t LEFT JOIN pg_index i ON i.indexrelid = t.oid
),
changed AS MATERIALIZED (
    SELECT oid FROM touched
    UNION SELECT k.conrelid FROM touched t
          CROSS JOIN LATERAL (SELECT k.conrelid FROM pg_depend d JOIN pg_constraint k ON k.oid = d.objid
                              WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
                                AND d.classid = 'pg_constraint'::regclass AND k.contype = 'f' OFFSET 0) k
    UNION SELECT o.sequence FROM owned o WHERE o.oid IN (SELECT oid FROM touched)
    UNION SELECT o.oid FROM owned o WHERE o.sequence IN (SELECT oid FROM touched)
    UNION SELECT a.adrelid FROM (SELECT s.seqrelid FROM pg_sequence s WHERE s.seqrelid IN (SELECT oid FROM touched)) s
          CROSS JOIN LATERAL (SELECT a.adrelid FROM pg_depend d JOIN pg_attrdef a ON a.oid = d.objid
                              WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = s.seqrelid
                                AND d.classid = 'pg_attrdef'::regclass OFFSET 0) a
),
described AS MATERIALIZED (
    SELECT oid FROM changed
    UNION SELECT k.confrelid FROM changed c
          CROSS JOIN LATERAL (SELECT k.confrelid FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' OFFSET 0) k
),
readable AS (
    SELECT oid FROM described
    UNION SELECT i.indexrelid FROM described r
          CROSS JOIN LATERAL (SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = r.oid OFFSET 0) i
    UNION SELECT o.sequence FROM owned o WHERE o.oid IN (SELECT oid FROM described)
),
type AS MATERIALIZED (
    SELECT count(*) AS number, coalesce(bool_or(age(t.xmin) <= 0), false) AS written FROM pg_type t WHERE t.typtype IN ('d', 'e', 'r')
),
domain AS MATERIALIZED (
    SELECT count(*) AS number, coalesce(bool_or(age(k.xmin) <= 0), false) AS written
    FROM pg_constraint k WHERE k.conrelid = 0 AND k.contypid <> 0
)
SELECT CASE WHEN current_setting('track_counts')::boolean THEN
           (SELECT sum(pg_stat_get_xact_tuples_inserted(o.oid) + pg_stat_get_xact_tuples_updated(o.oid)
                       + pg_stat_get_xact_tuples_deleted(o.oid)) FROM unnest($1::oid[]) o (oid)) END,
       (SELECT number FROM type) + (SELECT number FROM domain),
       (SELECT written FROM type) OR (SELECT written FROM domain)
       OR EXISTS (SELECT FROM pg_default_acl)
       OR EXISTS (SELECT FROM changed n JOIN pg_class c ON c.oid = n.oid
                  WHERE c.relkind NOT IN ('r', 'S', 'i', 't') OR c.relispartition OR c.relacl IS NOT NULL
                     OR c.relowner <> (SELECT u.oid FROM pg_roles u WHERE u.rolname = current_user))
       OR EXISTS (SELECT FROM changed n
                  CROSS JOIN LATERAL (SELECT FROM pg_attribute a WHERE a.attrelid = n.oid AND a.attacl IS NOT NULL OFFSET 0) a)
       OR EXISTS (SELECT FROM pg_inherits h JOIN changed n ON n.oid IN (h.inhrelid, h.inhparent))
       OR EXISTS (SELECT FROM changed n
                  CROSS JOIN LATERAL (SELECT FROM pg_trigger t WHERE t.tgrelid = n.oid AND NOT t.tgisinternal OFFSET 0) t)
       OR EXISTS (SELECT FROM changed n
                  CROSS JOIN LATERAL (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = n.oid
                                      AND d.classid NOT IN ('pg_class'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass,
                                                            'pg_type'::regclass, 'pg_trigger'::regclass) OFFSET 0) d)
       OR EXISTS (SELECT FROM changed n
                  CROSS JOIN LATERAL (SELECT t.oid, t.typarray FROM pg_class c JOIN pg_type t ON t.oid = c.reltype
                                      WHERE c.oid = n.oid OFFSET 0) t
                  CROSS JOIN LATERAL (VALUES (t.oid), (t.typarray)) v (oid)
                  CROSS JOIN LATERAL (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid = v.oid
                                      AND d.deptype = 'n' OFFSET 0) d),
       (SELECT array_agg(n.oid ORDER BY n.oid)::text FROM changed n),
       (SELECT array_agg(r.oid ORDER BY r.oid)::text FROM readable r)
