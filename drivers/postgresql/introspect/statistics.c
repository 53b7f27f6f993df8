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
