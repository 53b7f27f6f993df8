// Keys by which the rows of a table can be run through.
#include <string.h>
#include <strings.h>

#include "core/revision/pieces.h"

// Sorted by the number of the value, compared as its text.
bool batch_makes_ranges(const Column *column)
{
    return strncasecmp(column->type, "enum(", 5) != 0 && strncasecmp(column->type, "set(", 4) != 0;
}

static bool is_whole(const Table *table, const PartList *parts)
{
    bool whole = parts->count > 0;
    VEC_EACH (const Part, it, parts) {
        const Column *column = it->column && !it->length ? table_column(table, it->column) : NULL;
        whole = whole && column && !column->nullable && batch_makes_ranges(column);
    }
    return whole;
}

const PartList *batch_key_of(const Table *table)
{
    const Constraint *primary = table_primary_key(table);
    if (primary && is_whole(table, &primary->parts))
        return &primary->parts;
    size_t at = 0;
    for (const PartList *parts; (parts = table_next_key(table, &at));)
        if (is_whole(table, parts))
            return parts;
    return NULL;
}
