-- Owners other than who asks, and privileges that differ from those of an object that is made now.
-- params: $1 names of the schemas to look into: then nothing, for scratch objects have none
-- columns: class, oid, part, owner, sequence, grants (what, whom, what, whom, and so on)
-- of privileges default_privileges wrappers servers collations operators statistics dictionaries configurations publications event_triggers
WITH me AS (SELECT oid FROM pg_roles WHERE rolname = current_user),
thing (class, oid, part, kind, namespace, owner, acl, words) AS (
    SELECT 'pg_class'::regclass, oid, 0::int2, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relnamespace, relowner, relacl,
           CASE WHEN relkind = 'S' THEN 'SEQUENCE ' || oid::regclass END
    FROM pg_class WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
    UNION ALL
    SELECT 'pg_class'::regclass, attrelid, attnum, 'c', 0, NULL, attacl, quote_ident(attname) FROM pg_attribute
    WHERE attacl IS NOT NULL AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT 'pg_proc'::regclass, oid, 0, 'f', pronamespace, proowner, proacl, NULL FROM pg_proc
    UNION ALL
    SELECT 'pg_type'::regclass, oid, 0, 'T', typnamespace, typowner, typacl, NULL FROM pg_type
    WHERE typtype IN ('e', 'd', 'r') OR typtype = 'c' AND typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c')
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, 0, 'n', 0, nspowner, nspacl, NULL FROM pg_namespace
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, 'F', 0, fdwowner, fdwacl, NULL FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, 0, 'S', 0, srvowner, srvacl, NULL FROM pg_foreign_server
    UNION ALL
    SELECT 'pg_collation'::regclass, oid, 0, NULL, 0, collowner, NULL, NULL FROM pg_collation
    UNION ALL
    SELECT 'pg_operator'::regclass, oid, 0, NULL, 0, oprowner, NULL, NULL FROM pg_operator
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, oid, 0, NULL, 0, stxowner, NULL, NULL FROM pg_statistic_ext
    UNION ALL
    SELECT 'pg_ts_dict'::regclass, oid, 0, NULL, 0, dictowner, NULL, NULL FROM pg_ts_dict
    UNION ALL
    SELECT 'pg_ts_config'::regclass, oid, 0, NULL, 0, cfgowner, NULL, NULL FROM pg_ts_config
    UNION ALL
    SELECT 'pg_publication'::regclass, oid, 0, NULL, 0, pubowner, NULL, NULL FROM pg_publication
    UNION ALL
    SELECT 'pg_event_trigger'::regclass, oid, 0, NULL, 0, evtowner, NULL, NULL FROM pg_event_trigger
),
-- what this user's default privileges add or change
usual AS (
    SELECT CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END AS kind, d.defaclnamespace AS namespace, d.defaclacl AS acl
    FROM pg_default_acl d JOIN me ON me.oid = d.defaclrole
),
odd AS (
    SELECT t.*, me.oid AS me FROM thing t CROSS JOIN me
    WHERE t.oid >= 16384
      AND (t.owner <> me.oid OR t.acl IS NOT NULL OR EXISTS (SELECT FROM usual u WHERE u.kind = t.kind AND u.namespace IN (0, t.namespace)))
),
have AS (
    SELECT o.class, o.oid, o.part, x.grantee, x.privilege_type, x.is_grantable
    FROM odd o CROSS JOIN LATERAL aclexplode(coalesce(o.acl, acldefault(o.kind, o.owner))) x WHERE o.kind IS NOT NULL
),
made AS (
    SELECT o.class, o.oid, o.part, CASE x.grantee WHEN o.me THEN o.owner ELSE x.grantee END, x.privilege_type, x.is_grantable
    FROM odd o CROSS JOIN LATERAL (
        SELECT aclexplode(coalesce((SELECT u.acl FROM usual u WHERE u.kind = o.kind AND u.namespace = 0), acldefault(o.kind, o.me))) AS x
        UNION SELECT aclexplode(u.acl) FROM usual u WHERE u.kind = o.kind AND u.namespace = o.namespace AND o.namespace <> 0) y
    CROSS JOIN LATERAL (SELECT (y.x).*) x
    WHERE o.kind IS NOT NULL AND o.kind <> 'c'
),
wrong AS (
    SELECT 'REVOKE' AS verb, a.* FROM (SELECT * FROM made EXCEPT SELECT * FROM have) a
    UNION ALL
    SELECT 'GRANT', a.* FROM (SELECT * FROM have EXCEPT SELECT * FROM made) a
),
said AS (
    SELECT w.class, w.oid, w.part, w.verb, w.grantee, w.is_grantable,
           w.verb || ' ' || string_agg(w.privilege_type || CASE WHEN w.part > 0 THEN ' (' || o.words || ')' ELSE '' END, ', '
                                       ORDER BY w.privilege_type) AS what,
           CASE w.verb WHEN 'GRANT' THEN 'TO ' ELSE 'FROM ' END || CASE w.grantee WHEN 0 THEN 'PUBLIC' ELSE w.grantee::regrole::text END
           || CASE WHEN w.is_grantable AND w.verb = 'GRANT' THEN ' WITH GRANT OPTION' ELSE '' END AS whom
    FROM wrong w JOIN odd o ON (o.class, o.oid, o.part) = (w.class, w.oid, w.part)
    GROUP BY w.class, w.oid, w.part, w.verb, w.grantee, w.is_grantable
)
SELECT o.class::oid, o.oid, o.part, CASE WHEN o.owner <> o.me THEN o.owner::regrole::text END, CASE WHEN o.kind = 's' THEN o.words END,
       g.words::text
FROM odd o
LEFT JOIN (SELECT s.class, s.oid, s.part, array_agg(v.word ORDER BY s.verb DESC, s.whom, v.i) AS words
           FROM said s CROSS JOIN LATERAL (VALUES (1, s.what), (2, s.whom)) v (i, word)
           GROUP BY s.class, s.oid, s.part) g ON (g.class, g.oid, g.part) = (o.class, o.oid, o.part)
WHERE $1::text[] IS NULL AND (o.owner <> o.me OR g.words IS NOT NULL)
ORDER BY 1, 2, 3
