#include <string.h>

#include "drivers/mysql/driver/driver.h"

// "-> Index lookup on person using ix_last (last = 'x')": a tree, which MySQL 9 prints in one column.
static bool tree_names(const char *tree, const char *index)
{
    static const char using[] = " using ";
    size_t n = strlen(index);
    for (const char *at = tree; (at = strstr(at, using)) != NULL; at++) {
        const char *name = at + sizeof(using) - 1;
        if (strncmp(name, index, n) == 0 && strchr(" \n(", name[n]))
            return true;
    }
    return false;
}

// Else a table: the column `key`, which follows `possible_keys`. MySQL has `partitions` before it, MariaDB does not.
static bool names_index(const Row *row, const char *index)
{
    enum { OF_MYSQL = 12 };
    if (row->count == 1)
        return row_value(row, 0) && tree_names(row_value(row, 0), index);
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
