#include "core/lint/stats.h"

#include <stdlib.h>

#include "core/base/file.h"
#include "core/yaml/node.h"

static long long number_of(const Node *node)
{
    char *end;
    const char *text = node_string(node);
    if (node_is_null(node) || !text[0])
        return -1;
    long long value = strtoll(text, &end, 10);
    return *end || value < 0 ? -1 : value;
}

static void read_table(Arena *arena, const Node *node, Issues *issues, TableStatList *out)
{
    const Node *name = node_get(node, "name"), *schema = node_get(node, "schema");
    if (!node_is_scalar(name)) {
        issues_add(issues, ERR_CONFIG, node_at(node), "a table needs its name and rows");
        return;
    }
    *VEC_PUSH(arena, out) = (TableStat){
        .schema = node_is_scalar(schema) ? node_string(schema) : NULL,
        .name = node_string(name),
        .rows = number_of(node_get(node, "rows")),
        .bytes = number_of(node_get(node, "bytes")),
    };
}

bool lint_stats_read(Arena *arena, const char *path, TableStatList *out, Error *err)
{
    Issues issues = { .arena = arena };
    Text text;
    Node *root = NULL;
    if (!file_read(arena, path, 0, &text, err))
        return false;
    if (!node_parse((NodeMemory){ arena, arena }, arena_strdup(arena, path), text, &issues, &root))
        return issues_raise(&issues, err);
    const Node *tables = node_get(root, "tables");
    if (!tables || tables->kind != NODE_LIST)
        issues_add(&issues, ERR_CONFIG, root ? node_at(root) : (SourcePos){ .file = path },
                   "this is not a file of `cmigrate inspect --stats`: it has no list of tables");
    for (unsigned i = 0; tables && tables->kind == NODE_LIST && i < tables->count; i++)
        read_table(arena, node_item(tables, i), &issues, out);
    table_stats_sort(out);
    return issues_raise(&issues, err);
}
