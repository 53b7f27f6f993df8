#include <string.h>

#include "drivers/sqlite/driver/internal.h"

// "SEARCH person USING COVERING INDEX ix_last (last=?)": the last of its four columns.
static bool names_index(const Row *row, const char *index)
{
    const char *detail = row_value(row, 3), *using = detail ? strstr(detail, " INDEX ") : NULL;
    return using && text_names(using, index);
}

bool sqlite_plan_uses(Db *db, Arena *arena, const char *query, const char *index, bool *out, NameList *plan,
                      Error *err)
{
    PlanRows rows = { .arena = arena, .index = index, .names = names_index, .plan = plan };
    bool ok = db_query_in(db, SCOPE_SCRIPT, arena_printf(arena, "EXPLAIN QUERY PLAN %s", query), plan_row,
                          &rows, err);
    *out = rows.found;
    return ok;
}
