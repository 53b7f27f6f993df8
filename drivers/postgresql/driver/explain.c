#include <string.h>

#include "drivers/postgresql/driver/driver.h"

// "->  Index Scan using ix_last on person", "->  Bitmap Index Scan on ix_last"
static bool names_index(const Row *row, const char *index)
{
    const char *line = row_value(row, 0), *scan = line ? strstr(line, "Index ") : NULL;
    const char *cost = scan ? strstr(scan, "  (cost") : NULL;
    if (!scan)
        return false;
    char name[512];
    size_t n = cost ? (size_t)(cost - scan) : strlen(scan);
    n = n < sizeof(name) ? n : sizeof(name) - 1;
    memcpy(name, scan, n);
    name[n] = '\0';
    char *table = strstr(name, " using ") ? strstr(name, " on ") : NULL; // after it stands the table
    if (table)
        *table = '\0';
    return text_names(name, index);
}

// In a transaction that is rolled back: it bears the setting, and whatever EXPLAIN might leave behind.
bool pg_plan_uses(Db *db, Arena *arena, const char *query, const char *index, bool *out, NameList *plan,
                  Error *err)
{
    PlanRows rows = { .arena = arena, .index = index, .names = names_index, .plan = plan };
    Error ignored = { 0 };
    if (!db->driver->begin(db, err))
        return false;
    bool ok = db->driver->exec(db, "SET LOCAL enable_seqscan = off", err) &&
              db_query_in(db, SCOPE_SCRIPT, arena_printf(arena, "EXPLAIN %s", query), plan_row, &rows, err);
    *out = rows.found;
    return db->driver->rollback(db, ok ? err : &ignored) && ok;
}
