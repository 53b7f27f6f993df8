-- What there is besides, each as the statement that makes it; a kind of '!' is a warning of what is not carried.
-- params: $1 names of the schemas to look into; NULL: all but the system's, and what lies in no schema
-- columns: class, oid, kind, schema, name, definition, enabled
-- of collations
SELECT 'pg_collation'::regclass::oid, c.oid, 'collation', n.nspname, c.collname::text,
       'CREATE COLLATION ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname) || ' (provider = '
       || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END
       || CASE WHEN NOT c.collisdeterministic THEN ', deterministic = false' ELSE '' END
       || CASE WHEN c.collprovider <> 'c' THEN ', locale = ' || quote_literal(coalesce(
              c.colllocale, -- <17: c.colliculocale, -- <15: c.collcollate,
              c.collcollate))
               WHEN c.collcollate = c.collctype THEN ', locale = ' || quote_literal(c.collcollate)
               ELSE ', lc_collate = ' || quote_literal(c.collcollate) || ', lc_ctype = ' || quote_literal(c.collctype) END
       || coalesce(', rules = ' || quote_literal(c.collicurules), '') -- <16:
       || ')', NULL::text
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE c.oid >= 16384 AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END) AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_collation'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of operators
SELECT 'pg_operator'::regclass::oid, o.oid, 'operator', n.nspname,
       o.oprname || '(' || CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', '
       || format_type(o.oprright, NULL) || ')',
       'CREATE OPERATOR ' || quote_ident(n.nspname) || '.' || o.oprname || E' (\n    FUNCTION = ' || o.oprcode::regproc::text
       || CASE WHEN o.oprleft <> 0 THEN E',\n    LEFTARG = ' || format_type(o.oprleft, NULL) ELSE '' END
       || E',\n    RIGHTARG = ' || format_type(o.oprright, NULL)
       || CASE WHEN o.oprcom <> 0 THEN E',\n    COMMUTATOR = ' ||
              (SELECT 'OPERATOR(' || quote_ident(m.nspname) || '.' || k.oprname || ')' FROM pg_operator k
               JOIN pg_namespace m ON m.oid = k.oprnamespace WHERE k.oid = o.oprcom) ELSE '' END
       || CASE WHEN o.oprnegate <> 0 THEN E',\n    NEGATOR = ' ||
              (SELECT 'OPERATOR(' || quote_ident(m.nspname) || '.' || k.oprname || ')' FROM pg_operator k
               JOIN pg_namespace m ON m.oid = k.oprnamespace WHERE k.oid = o.oprnegate) ELSE '' END
       || CASE WHEN o.oprcanmerge THEN E',\n    MERGES' ELSE '' END || CASE WHEN o.oprcanhash THEN E',\n    HASHES' ELSE '' END
       || CASE WHEN o.oprrest <> 0 THEN E',\n    RESTRICT = ' || o.oprrest::text ELSE '' END
       || CASE WHEN o.oprjoin <> 0 THEN E',\n    JOIN = ' || o.oprjoin::text ELSE '' END || E'\n)', NULL
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oid >= 16384 AND o.oprcode <> 0 AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END) AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_operator'::regclass AND e.objid = o.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of casts
SELECT 'pg_cast'::regclass::oid, c.oid, 'cast', NULL,
       '(' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ')',
       'CREATE CAST (' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ') '
       || CASE c.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT'
          ELSE 'WITH FUNCTION ' || c.castfunc::regprocedure::text END
       || CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END, NULL
FROM pg_cast c
WHERE c.oid >= 16384 AND $1::text[] IS NULL AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_cast'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of parsers
SELECT 'pg_ts_parser'::regclass::oid, p.oid, 'parser', n.nspname, p.prsname,
       'CREATE TEXT SEARCH PARSER ' || quote_ident(n.nspname) || '.' || quote_ident(p.prsname) || E' (\n    START = ' || p.prsstart::regproc::text
       || E',\n    GETTOKEN = ' || p.prstoken::regproc::text || E',\n    END = ' || p.prsend::regproc::text
       || CASE WHEN p.prsheadline <> 0 THEN E',\n    HEADLINE = ' || p.prsheadline::regproc::text ELSE '' END
       || E',\n    LEXTYPES = ' || p.prslextype::regproc::text || E'\n)', NULL
FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE p.oid >= 16384 AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END) AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_ts_parser'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of templates
SELECT 'pg_ts_template'::regclass::oid, t.oid, 'template', n.nspname, t.tmplname,
       'CREATE TEXT SEARCH TEMPLATE ' || quote_ident(n.nspname) || '.' || quote_ident(t.tmplname) || E' (\n    '
       || CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit::regproc::text || E',\n    ' ELSE '' END
       || 'LEXIZE = ' || t.tmpllexize::regproc::text || E'\n)', NULL
FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE t.oid >= 16384 AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END) AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_ts_template'::regclass AND e.objid = t.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of dictionaries
SELECT 'pg_ts_dict'::regclass::oid, d.oid, 'dictionary', n.nspname, d.dictname,
       'CREATE TEXT SEARCH DICTIONARY ' || quote_ident(n.nspname) || '.' || quote_ident(d.dictname) || E' (\n    TEMPLATE = '
       || quote_ident(m.nspname) || '.' || quote_ident(t.tmplname) || coalesce(E',\n    ' || d.dictinitoption, '') || E'\n)', NULL
FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace JOIN pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_namespace m ON m.oid = t.tmplnamespace
WHERE d.oid >= 16384 AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END) AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_ts_dict'::regclass AND e.objid = d.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of configurations
SELECT 'pg_ts_config'::regclass::oid, c.oid, 'configuration', n.nspname, c.cfgname,
       'CREATE TEXT SEARCH CONFIGURATION ' || quote_ident(n.nspname) || '.' || quote_ident(c.cfgname) || E' (\n    PARSER = '
       || quote_ident(m.nspname) || '.' || quote_ident(p.prsname) || E'\n)'
       || coalesce((SELECT string_agg(E';\nALTER TEXT SEARCH CONFIGURATION ' || quote_ident(n.nspname) || '.' || quote_ident(c.cfgname)
                                      || ' ADD MAPPING FOR ' || quote_ident(x.alias) || ' WITH ' || x.dictionaries, '' ORDER BY x.tokid)
           FROM (SELECT k.tokid, k.alias, string_agg(q.mapdict::regdictionary::text, ', ' ORDER BY q.mapseqno) dictionaries
                 FROM pg_ts_config_map q JOIN ts_token_type(c.cfgparser) k ON k.tokid = q.maptokentype
                 WHERE q.mapcfg = c.oid GROUP BY 1, 2) x), ''), NULL
FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace JOIN pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_namespace m ON m.oid = p.prsnamespace
WHERE c.oid >= 16384 AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END) AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_ts_config'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of wrappers
SELECT 'pg_foreign_data_wrapper'::regclass::oid, f.oid, 'wrapper', NULL, f.fdwname,
       'CREATE FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname)
       || CASE WHEN f.fdwhandler <> 0 THEN ' HANDLER ' || f.fdwhandler::regproc::text ELSE '' END
       || CASE WHEN f.fdwvalidator <> 0 THEN ' VALIDATOR ' || f.fdwvalidator::regproc::text ELSE '' END
       || coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', ') || ')'
                    FROM pg_options_to_table(f.fdwoptions) o HAVING count(*) > 0), ''), NULL
FROM pg_foreign_data_wrapper f
WHERE $1::text[] IS NULL AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_foreign_data_wrapper'::regclass AND e.objid = f.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of servers
SELECT 'pg_foreign_server'::regclass::oid, s.oid, 'server', NULL, s.srvname,
       'CREATE SERVER ' || quote_ident(s.srvname) || coalesce(' TYPE ' || quote_literal(s.srvtype), '')
       || coalesce(' VERSION ' || quote_literal(s.srvversion), '') || ' FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname)
       || coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', ') || ')'
                    FROM pg_options_to_table(s.srvoptions) o HAVING count(*) > 0), ''), NULL
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper f ON f.oid = s.srvfdw
WHERE $1::text[] IS NULL AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_foreign_server'::regclass AND e.objid = s.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of servers
SELECT 'pg_user_mapping'::regclass::oid, u.umid, 'mapping', NULL, u.usename || ' on ' || u.srvname,
       'CREATE USER MAPPING FOR ' || CASE u.usename WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(u.usename) END
       || ' SERVER ' || quote_ident(u.srvname)
       || coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', ') || ')'
                    FROM pg_options_to_table(u.umoptions) o HAVING count(*) > 0), ''), NULL
FROM pg_user_mappings u
WHERE $1::text[] IS NULL
UNION ALL
-- of event_triggers
SELECT 'pg_event_trigger'::regclass::oid, t.oid, 'event trigger', NULL, t.evtname,
       'CREATE EVENT TRIGGER ' || quote_ident(t.evtname) || ' ON ' || t.evtevent
       || coalesce(E'\n    WHEN TAG IN (' || (SELECT string_agg(quote_literal(x), ', ') FROM unnest(t.evttags) x) || ')', '')
       || E'\n    EXECUTE FUNCTION ' || t.evtfoid::regproc::text || '()', t.evtenabled::text
FROM pg_event_trigger t
WHERE $1::text[] IS NULL AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_event_trigger'::regclass AND e.objid = t.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of publications
SELECT 'pg_publication'::regclass::oid, p.oid, 'publication', NULL, p.pubname,
       'CREATE PUBLICATION ' || quote_ident(p.pubname) || CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE
           coalesce(E' FOR\n    ' || (SELECT string_agg(x.part, E',\n    ' ORDER BY x.part) FROM
               (SELECT 'TABLE ONLY ' || r.prrelid::regclass::text
                       || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_attribute a -- <15:
                                            WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) || ')', '') -- <15:
                       || coalesce(' WHERE ' || pg_get_expr(r.prqual, r.prrelid), '') AS part -- <15: AS part
                FROM pg_publication_rel r WHERE r.prpubid = p.oid
                UNION ALL -- <15:
                SELECT 'TABLES IN SCHEMA ' || quote_ident(m.nspname) -- <15:
                FROM pg_publication_namespace s JOIN pg_namespace m ON m.oid = s.pnnspid WHERE s.pnpubid = p.oid -- <15:
               ) x), '') END
       || coalesce(' WITH (' || nullif(concat_ws(', ',
              CASE WHEN NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate) THEN 'publish = '
                   || quote_literal(concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                                              CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)) END,
              CASE WHEN p.pubgencols = 's' THEN 'publish_generated_columns = stored' END, -- <18:
              CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END), '') || ')', ''), NULL
FROM pg_publication p
WHERE $1::text[] IS NULL AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_publication'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of subscriptions
SELECT 'pg_subscription'::regclass::oid, s.oid, -- <superuser: SELECT 0, s.oid,
       'subscription', NULL, s.subname, -- <superuser: '!', NULL, s.subname,
       'CREATE SUBSCRIPTION ' || quote_ident(s.subname) || E'\n    CONNECTION ' || quote_literal(s.subconninfo) -- <superuser: 'subscription ' || quote_ident(s.subname)
       || E'\n    PUBLICATION ' || (SELECT string_agg(quote_ident(x.p), ', ' ORDER BY x.i) -- <superuser: || ' is not carried: only a superuser may read its connection'
                                     FROM unnest(s.subpublications) WITH ORDINALITY x (p, i)) -- <superuser:
       || E'\n    WITH (connect = false, slot_name = ' || coalesce(quote_literal(s.subslotname), 'NONE') -- <superuser:
       || CASE WHEN s.subbinary THEN ', binary = true' ELSE '' END -- <superuser: -- <14:
       || CASE s.substream::text WHEN 't' THEN ', streaming = on' WHEN 'true' THEN ', streaming = on' -- <superuser: -- <14:
               WHEN 'p' THEN ', streaming = parallel' ELSE ', streaming = off' END -- <superuser: -- <14:
       || CASE WHEN s.subsynccommit <> 'off' THEN ', synchronous_commit = ' || quote_literal(s.subsynccommit) ELSE '' END -- <superuser:
       || CASE WHEN s.subtwophasestate <> 'd' THEN ', two_phase = on' ELSE '' END -- <superuser: -- <15:
       || CASE WHEN s.subdisableonerr THEN ', disable_on_error = true' ELSE '' END -- <superuser: -- <15:
       || CASE WHEN NOT s.subpasswordrequired THEN ', password_required = false' ELSE '' END -- <superuser: -- <16:
       || CASE WHEN s.subrunasowner THEN ', run_as_owner = true' ELSE '' END -- <superuser: -- <16:
       || CASE WHEN s.suborigin <> 'any' THEN ', origin = ' || quote_literal(s.suborigin) ELSE '' END -- <superuser: -- <16:
       || CASE WHEN s.subfailover THEN ', failover = true' ELSE '' END -- <superuser: -- <17:
       || ')' -- <superuser:
       , NULL
FROM pg_subscription s WHERE $1::text[] IS NULL AND s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
UNION ALL
-- of operator_families
SELECT 0, f.oid, '!', NULL, f.opfname, 'operator family ' || n.nspname || '.' || f.opfname || ' is not carried', NULL
FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace
WHERE f.oid >= 16384 AND $1::text[] IS NULL AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END) AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_opfamily'::regclass AND e.objid = f.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of conversions
SELECT 0, c.oid, '!', NULL, c.conname, 'conversion ' || n.nspname || '.' || c.conname || ' is not carried', NULL
FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE c.oid >= 16384 AND $1::text[] IS NULL AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END) AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_conversion'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of languages
SELECT 0, l.oid, '!', NULL, l.lanname, 'language ' || l.lanname || ' is not carried', NULL
FROM pg_language l
WHERE l.oid >= 16384 AND $1::text[] IS NULL AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_language'::regclass AND e.objid = l.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of base_types
SELECT 0, t.oid, '!', NULL, t.typname, 'base type ' || n.nspname || '.' || t.typname || ' is not carried', NULL
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid >= 16384 AND t.typtype = 'b' AND t.typelem = 0 AND $1::text[] IS NULL AND (CASE WHEN $1::text[] IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY ($1) END) AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of transforms
SELECT 0, t.oid, '!', NULL, NULL, 'a transform for ' || format_type(t.trftype, NULL) || ' is not carried', NULL
FROM pg_transform t
WHERE t.oid >= 16384 AND $1::text[] IS NULL AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_transform'::regclass AND e.objid = t.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of access_methods
SELECT 0, a.oid, '!', NULL, NULL, 'access method ' || a.amname || ' is not carried', NULL
FROM pg_am a
WHERE a.oid >= 16384 AND $1::text[] IS NULL AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_am'::regclass AND e.objid = a.oid AND e.deptype IN ('e', 'i'))
UNION ALL
-- of base_types
SELECT 0, t.oid, '!', NULL, t.typname, 'type ' || n.nspname || '.' || t.typname || ' is only a name (a shell) and is not carried', NULL
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid >= 16384 AND NOT t.typisdefined AND $1::text[] IS NULL
UNION ALL
-- of default_privileges
SELECT 0, d.oid, '!', NULL, NULL, 'default privileges of ' || d.defaclrole::regrole::text || coalesce(' in schema ' || d.defaclnamespace::regnamespace::text, '')
       || ' are not carried; a model states them under default_privileges', NULL
FROM (SELECT min(oid) oid, defaclrole, nullif(defaclnamespace, 0) defaclnamespace FROM pg_default_acl GROUP BY 2, 3) d
WHERE $1::text[] IS NULL
UNION ALL
-- of large_objects
SELECT 0, 0, '!', NULL, NULL, 'large objects are data and are not carried', NULL
WHERE $1::text[] IS NULL AND EXISTS (SELECT FROM pg_largeobject_metadata)
UNION ALL
-- of labels
SELECT 0, 0, '!', NULL, NULL, 'security labels of ' || l.provider || ' on ' || count(*) || ' objects are not carried', NULL
FROM pg_seclabel l WHERE $1::text[] IS NULL GROUP BY l.provider
ORDER BY 3, 4, 5
