-- Of which kinds this database has objects at all. A part of a query after the line `-- of NAME ...` is asked only where one of the
-- names is true here: to plan it takes the server longer than to look whether there is anything. What the system came with has
-- lower OIDs.
-- columns: one for each name
SELECT EXISTS (SELECT FROM pg_collation WHERE oid >= 16384) AS collations,
       EXISTS (SELECT FROM pg_operator WHERE oid >= 16384) AS operators,
       EXISTS (SELECT FROM pg_cast WHERE oid >= 16384) AS casts,
       EXISTS (SELECT FROM pg_ts_parser WHERE oid >= 16384) AS parsers,
       EXISTS (SELECT FROM pg_ts_template WHERE oid >= 16384) AS templates,
       EXISTS (SELECT FROM pg_ts_dict WHERE oid >= 16384) AS dictionaries,
       EXISTS (SELECT FROM pg_ts_config WHERE oid >= 16384) AS configurations,
       EXISTS (SELECT FROM pg_foreign_data_wrapper) AS wrappers,
       EXISTS (SELECT FROM pg_foreign_server) AS servers,
       EXISTS (SELECT FROM pg_event_trigger) AS event_triggers,
       EXISTS (SELECT FROM pg_publication) AS publications,
       EXISTS (SELECT FROM pg_subscription) AS subscriptions,
       EXISTS (SELECT FROM pg_opfamily WHERE oid >= 16384) AS operator_families,
       EXISTS (SELECT FROM pg_conversion WHERE oid >= 16384) AS conversions,
       EXISTS (SELECT FROM pg_language WHERE oid >= 16384) AS languages,
       EXISTS (SELECT FROM pg_transform) AS transforms,
       EXISTS (SELECT FROM pg_am WHERE oid >= 16384) AS access_methods,
       EXISTS (SELECT FROM pg_default_acl) AS default_privileges,
       EXISTS (SELECT FROM pg_largeobject_metadata) AS large_objects,
       EXISTS (SELECT FROM pg_seclabel) AS labels,
       EXISTS (SELECT FROM pg_policy) AS policies,
       EXISTS (SELECT FROM pg_statistic_ext) AS statistics,
       EXISTS (SELECT FROM pg_proc WHERE oid >= 16384) AS routines,
       EXISTS (SELECT FROM pg_trigger WHERE NOT tgisinternal) AS triggers,
       EXISTS (SELECT FROM pg_rewrite WHERE oid >= 16384) AS rules,
       EXISTS (SELECT FROM pg_sequence) AS sequences,
       EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typtype IN ('e', 'd', 'r'))
       OR EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND relkind = 'c') AS types,
       EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND (typtype = 'b' AND typelem = 0 OR NOT typisdefined)) AS base_types,
       EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND (relacl IS NOT NULL OR pg_get_userbyid(relowner) <> current_user))
       OR EXISTS (SELECT FROM pg_attribute WHERE attrelid >= 16384 AND attacl IS NOT NULL)
       OR EXISTS (SELECT FROM pg_proc WHERE oid >= 16384 AND (proacl IS NOT NULL OR pg_get_userbyid(proowner) <> current_user))
       OR EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND (typacl IS NOT NULL OR pg_get_userbyid(typowner) <> current_user))
       OR EXISTS (SELECT FROM pg_namespace WHERE oid >= 16384 AND (nspacl IS NOT NULL OR pg_get_userbyid(nspowner) <> current_user))
       AS privileges
