#include <string.h>

#include "drivers/mysql/driver/driver.h"

// The column `key`, which stands behind `possible_keys`: MySQL has `partitions` before it, MariaDB does not.
static bool names_index(const Row *row, const char *index)
{
    enum { OF_MYSQL = 12 };
    const char *key = row_value(row, row->count >= OF_MYSQL ? 6 : 5);
    return key && text_names(key, index);
}

bool my_plan_uses(Db *db, Arena *arena, const char *query, const char *index, bool *out, NameList *plan,
                  Error *err)
{
    PlanRows rows = { .arena = arena, .index = index, .names = names_index, .plan = plan };
    bool ok = db_query_in(db, SCOPE_SCRIPT, arena_printf(arena, "EXPLAIN %s", query), plan_row, &rows, err);
    *out = rows.found;
    return ok;
}
