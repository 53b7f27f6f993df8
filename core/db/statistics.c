#include "core/db/driver.h"

#include <stdlib.h>
#include <string.h>

static int compare(const TableStat *a, const TableStat *b)
{
    int order = strcmp(a->name, b->name);
    return order ? order : strcmp(a->schema ? a->schema : "", b->schema ? b->schema : "");
}

static int by_name(const void *a, const void *b) { return compare(a, b); }

void table_stats_sort(TableStatList *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof(list->items[0]), by_name);
}

const TableStat *table_stat(const TableStatList *list, const char *schema, const char *name)
{
    const TableStat wanted = { .schema = schema, .name = name };
    size_t low = 0, high = list->count; // the first that is not below it
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare(&list->items[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const TableStat *it = low < list->count ? &list->items[low] : NULL;
    bool found = it && strcmp(it->name, name) == 0 && (!schema || compare(it, &wanted) == 0);
    return found ? it : NULL;
}

typedef struct Collecting {
    Arena *arena;
    const char *default_schema;
    TableStatList *out;
} Collecting;

static long long number_of(const char *text) { return text && *text ? strtoll(text, NULL, 10) : -1; }

static bool take_row(void *payload, const Row *row, Error *err)
{
    Collecting *c = payload;
    (void)err;
    *VEC_PUSH(c->arena, c->out) = (TableStat){
        .schema =
            same_text(row->values[0], c->default_schema) ? NULL : arena_strdup(c->arena, row->values[0]),
        .name = arena_strdup(c->arena, row->values[1]),
        .rows = number_of(row->values[2]),
        .bytes = number_of(row->values[3]),
    };
    return true;
}

bool table_stats_query(Db *db, Arena *arena, const char *query, TableStatList *out, Error *err)
{
    Collecting collecting = { arena, db->server.default_schema, out };
    if (!db->driver->query(db, query, take_row, &collecting, err))
        return false;
    table_stats_sort(out);
    return true;
}

typedef struct CollectingFacts {
    Arena *arena;
    const char *default_schema;
    LiveFactList *out;
} CollectingFacts;

static bool take_fact(void *payload, const Row *row, Error *err)
{
    const CollectingFacts *c = payload;
    const char *kind = row_value(row, 0), *schema = row_value(row, 1), *percent = row_value(row, 4);
    (void)err;
    if (kind && row_value(row, 2))
        *VEC_PUSH(c->arena, c->out) = (LiveFact){
            .kind = (LiveKind)(kind[0] - '0'),
            .schema = same_text(schema, c->default_schema) ? NULL : arena_strdup(c->arena, schema),
            .table = arena_strdup(c->arena, row_value(row, 2)),
            .name = arena_strdup(c->arena, row_value(row, 3)),
            .percent = percent ? (int)strtol(percent, NULL, 10) : 0,
        };
    return true;
}

bool live_facts_query(Db *db, Arena *arena, const char *query, LiveFactList *out, Error *err)
{
    CollectingFacts c = { arena, db->server.default_schema, out };
    return db->driver->query(db, query, take_fact, &c, err);
}
