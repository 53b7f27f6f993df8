// How many rows tables have, as InnoDB estimates them.
#include "drivers/mysql/introspect/introspect.h"

bool my_statistics(Db *db, Arena *arena, TableStatList *out, Error *err)
{
    return table_stats_query(db, arena,
                             "SELECT NULL, table_name, table_rows, data_length + index_length"
                             " FROM information_schema.tables"
                             " WHERE table_schema = database() AND table_type = 'BASE TABLE'",
                             out, err);
}

// A subquery with a LIMIT makes MariaDB read one database and not all (introspect.c).
// The counter of a table is the next number. Uses of indexes are counted where the performance schema is on.
bool my_live_facts(Db *db, Arena *arena, LiveFactList *out, Error *err)
{
    static const char facts[] =
        "SELECT 0, NULL, t.table_name, c.column_name, floor(100 * (t.auto_increment - 1) /"
        " (CASE c.data_type WHEN 'tinyint' THEN 127 WHEN 'smallint' THEN 32767 WHEN 'mediumint' THEN 8388607"
        " WHEN 'int' THEN 2147483647 ELSE 9223372036854775807 END * IF(c.column_type LIKE '%unsigned%', 2, "
        "1)))"
        " FROM information_schema.tables t JOIN (SELECT * FROM information_schema.columns"
        " WHERE table_schema = database() AND extra LIKE '%auto_increment%' LIMIT 18446744073709551615) c"
        " ON c.table_name = t.table_name WHERE t.table_schema = database() AND t.auto_increment > 1"
        " UNION ALL SELECT 1, NULL, u.object_name, u.index_name, NULL"
        " FROM performance_schema.table_io_waits_summary_by_index_usage u JOIN (SELECT table_name, index_name"
        " FROM information_schema.statistics WHERE table_schema = database() AND seq_in_index = 1"
        " AND non_unique = 1 LIMIT 18446744073709551615) s"
        " ON s.table_name = u.object_name AND s.index_name = u.index_name"
        " WHERE u.object_schema = database() AND u.count_star = 0";
    return live_facts_query(db, arena, facts, out, err);
}
