// What a table and a column of the model are called in the database as it is now, before the same revision renames them.
#include <string.h>

#include "core/data/internal.h"

static bool same_schema(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

size_t data_place_of(const DataSet *set, const char *column)
{
    size_t i = 0;
    while (i < set->columns.count &&
           (!column || strcmp(set->columns.items[i].column->head.name, column) != 0))
        i++;
    return i;
}

const Table *data_live_table(const DataJob *job, const Table *want)
{
    const Table *live = schema_table(job->sides->have, want->head.schema, want->head.name);
    for (size_t i = 0; !live && i < job->sides->renames->count; i++) {
        const Rename *it = &job->sides->renames->items[i];
        if (it->kind == OBJECT_TABLE && strcmp(it->to, want->head.name) == 0 &&
            same_schema(it->schema, want->head.schema))
            live = schema_table(job->sides->have, it->schema, it->from);
    }
    return live;
}

const Column *data_live_column(const DataJob *job, const Table *want, const Table *live, const Column *column)
{
    const Column *found = live ? table_column(live, column->head.name) : NULL;
    for (size_t i = 0; live && !found && i < job->sides->renames->count; i++) {
        const Rename *it = &job->sides->renames->items[i];
        if (it->kind == OBJECT_COLUMN && it->table && strcmp(it->to, column->head.name) == 0 &&
            strcmp(it->table, want->head.name) == 0 && same_schema(it->schema, want->head.schema))
            found = table_column(live, it->from);
    }
    return found;
}

const char *data_live_name(const DataJob *job, const Table *live)
{
    StrBuf out;
    strbuf_init(&out, job->arena);
    const char *schema = live->head.schema ? live->head.schema : job->db->server.default_schema;
    if (schema) {
        job->dialect->put_identifier(&out, schema);
        strbuf_putc(&out, '.');
    }
    job->dialect->put_identifier(&out, live->head.name);
    return out.text;
}

static void put_title(StrBuf *out, const DataValue *value)
{
    if (value->kind == DATA_REFERENCE)
        for (size_t i = 0; i < value->reference->texts.count; i++)
            strbuf_printf(out, "%s%s", i ? " " : "", value->reference->texts.items[i]);
    else
        strbuf_puts(out, value->text ? value->text : "NULL");
}

const char *data_title(Arena *arena, const DataSet *set, const DataRow *row)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t i = 0; i < set->columns.count; i++) {
        if (!set->columns.items[i].is_key)
            continue;
        strbuf_puts(&out, out.length ? ", " : "");
        put_title(&out, &row->values[i]);
    }
    return out.text;
}
