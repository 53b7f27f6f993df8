// How many rows tables have, as autovacuum and ANALYZE left it.
#include "drivers/postgresql/introspect/introspect.h"

// A table that was never analyzed has reltuples -1: then what the statistics collector counted, and 0 of an empty file.
static const char query[] =
    "SELECT n.nspname, c.relname,"
    " CASE WHEN c.reltuples >= 0 AND (c.reltuples > 0 OR c.relpages > 0 OR c.relkind = 'p') THEN "
    "c.reltuples::bigint"
    " WHEN s.n_live_tup > 0 THEN s.n_live_tup WHEN c.relkind <> 'p' AND pg_relation_size(c.oid) = 0 THEN 0 "
    "END,"
    " CASE WHEN c.relkind <> 'p' THEN pg_total_relation_size(c.oid) END"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid"
    " WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'"
    " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";

bool pg_statistics(Db *db, Arena *arena, TableStatList *out, Error *err)
{
    return table_stats_query(db, arena, query, out, err);
}

// A sequence ends with its own maximum or with the column's type, whichever is less.
static const char facts[] =
    "SELECT 0, n.nspname, t.relname, a.attname, (100.0 * abs(l.value) / least(s.seqmax::numeric,"
    " CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647"
    " ELSE 9223372036854775807 END))::int"
    " FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_depend d ON d.objid = s.seqrelid AND d.deptype IN "
    "('a', 'i')"
    " AND d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass"
    " AND d.refobjsubid > 0"
    " JOIN pg_catalog.pg_class t ON t.oid = d.refobjid JOIN pg_catalog.pg_namespace n ON n.oid = "
    "t.relnamespace"
    " JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid,"
    " LATERAL (SELECT CASE WHEN pg_catalog.has_sequence_privilege(s.seqrelid, 'SELECT')"
    " THEN pg_catalog.pg_sequence_last_value(s.seqrelid) END AS value) l"
    " WHERE s.seqincrement > 0 AND NOT s.seqcycle AND l.value IS NOT NULL"
    " UNION ALL SELECT CASE WHEN i.indisvalid THEN 1 ELSE 2 END, n.nspname, t.relname, c.relname, NULL"
    " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
    " JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = "
    "t.relnamespace"
    " LEFT JOIN pg_catalog.pg_stat_all_indexes u ON u.indexrelid = i.indexrelid"
    " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind = 'i'"
    " AND (NOT i.indisvalid OR (NOT i.indisunique AND u.idx_scan = 0)) ORDER BY 1, 2, 3, 4";

bool pg_live_facts(Db *db, Arena *arena, LiveFactList *out, Error *err)
{
    return live_facts_query(db, arena, facts, out, err);
}
