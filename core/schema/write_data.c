// Declared rows as the model says them.
#include <string.h>
#include <strings.h>

#include "core/model/data.h"
#include "core/schema/write.h"

// Numbers and truths stand bare; anything else is a text, so that 007 stays what it is.
static bool is_bare(Writer *w, const Column *column, const char *text)
{
    static const char *const types[] = { "integer", "smallint", "bigint", "tinyint",
                                         "boolean", "float",    "double" };
    const char *portable = w->dialect->type_portable(w->arena, column->type);
    bool number = portable && strncmp(portable, "numeric", 7) == 0;
    for (size_t i = 0; portable && i < COUNT_OF(types); i++)
        number = number || strcmp(portable, types[i]) == 0;
    return number && *text && strspn(text, "0123456789+-.eEtrufals") == strlen(text) &&
           !default_mismatch(w->arena, w->dialect, column->type, text);
}

static Node *write_row(Writer *w, const DataSet *set, const DataRow *row)
{
    Node *map = node_map(w->arena);
    for (size_t i = 0; i < set->columns.count; i++) {
        const DataValue *value = &row->values[i];
        const Column *column = set->columns.items[i].column;
        Node *node = value->kind == DATA_NULL          ? node_plain(w->arena, "null")
                     : is_bare(w, column, value->text) ? node_plain(w->arena, value->text)
                                                       : node_text(w->arena, value->text);
        node_put(w->arena, map, column->head.name, node);
    }
    return map;
}

static bool has_usual_key(const DataSet *set) { return table_primary_key(set->table) != NULL; }

void write_data(Writer *w, Node *root)
{
    Node *sets = node_map(w->arena);
    sets->block = true;
    VEC_EACH (DataSet *, it, &w->schema->data) {
        Node *rows = node_list(w->arena), *entry = rows;
        rows->block = true;
        VEC_EACH (DataRow, row, &(*it)->rows)
            node_push(w->arena, rows, write_row(w, *it, row));
        if (!has_usual_key(*it)) {
            NameList key = { 0 };
            VEC_EACH (DataColumn, column, &(*it)->columns)
                if (column->is_key)
                    *VEC_PUSH(w->arena, &key) = column->column->head.name;
            entry = node_map(w->arena);
            entry->block = true;
            put_names(w, entry, "key", &key);
            node_put(w->arena, entry, "rows", rows);
        }
        node_put(w->arena, sets, name_join(w->arena, (*it)->table->head.schema, (*it)->table->head.name),
                 entry);
    }
    put_node(w, root, "data", sets);
}
