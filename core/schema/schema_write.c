#include "core/schema/schema_write.h"

#include <string.h>

#include "core/schema/keys.h"
#include "core/schema/write.h"

void put_text(Writer *w, Node *map, const char *key, const char *text)
{
    if (text)
        node_put(w->arena, map, key, node_text(w->arena, text));
}

void put_number(Writer *w, Node *map, const char *key, const char *number)
{
    if (number)
        node_put(w->arena, map, key, node_plain(w->arena, number));
}

void put_true(Writer *w, Node *map, const char *key, bool value)
{
    if (value)
        node_put(w->arena, map, key, node_plain(w->arena, "true"));
}

void put_names(Writer *w, Node *map, const char *key, const NameList *names)
{
    if (!names->count)
        return;
    Node *list = node_list(w->arena);
    VEC_EACH (const char *, name, names)
        node_push(w->arena, list, node_text(w->arena, *name));
    node_put(w->arena, map, key, list);
}

void put_node(Writer *w, Node *map, const char *key, Node *value)
{
    if (value && (value->kind == NODE_SCALAR || value->count))
        node_put(w->arena, map, key, value);
}

static const OptionInfo *option_info(const Writer *w, ObjectKind kind, const char *key)
{
    for (size_t i = 0; i < w->dialect->option_count; i++)
        if ((w->dialect->options[i].kinds & KIND_BIT(kind)) && strcmp(w->dialect->options[i].key, key) == 0)
            return &w->dialect->options[i];
    return NULL;
}

static bool is_digits(const char *text)
{
    text += *text == '-';
    return *text && strspn(text, "0123456789") == strlen(text);
}

static Node *option_value(Writer *w, ObjectKind kind, const Option *option)
{
    const OptionInfo *info = option_info(w, kind, option->key);
    if (info && info->kind == OPTION_SWITCH)
        return strcmp(option->value, "true") == 0 ? node_plain(w->arena, "true") : NULL;
    if (info && info->kind == OPTION_NUMBER && is_digits(option->value))
        return node_plain(w->arena, option->value);
    return node_text(w->arena, option->value);
}

// Keys that mean something of their own at some kind of object.
static bool has_own_meaning(const char *key)
{
    static const char *const keys[] = {
        "name",          "type",         "enum",       "nullable",     "default", "primary_key",
        "autoincrement", "unique",       "index",      "check",        "checks",  "references",
        "on_delete",     "on_update",    "deferrable", "match",        "columns", "unchecked",
        "generated",     "stored",       "identity",   "collation",    "comment", "renamed_from",
        "options",       "where",        "method",     "include",      "table",   "definition",
        "query",         "materialized", "recursive",  "with_no_data", "indexes", "nulls_distinct",
        "expression",    "column",       "base",       "not_null",     "values",  "start",
        "increment",     "minimum",      "maximum",    "cache",        "cycle",   "owned_by",
        "not_valid",     "not_enforced", "no_inherit", "sql",
    };
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

void put_options(Writer *w, Node *map, const Object *object)
{
    Node *nested = node_map(w->arena);
    VEC_EACH (Option, option, &object->options) {
        Node *value = option_value(w, object->kind, option);
        bool apart = object->kind == OBJECT_TABLE || has_own_meaning(option->key);
        put_node(w, apart ? nested : map, option->key, value);
    }
    if (!nested->count)
        return;
    Node *dialects = node_map(w->arena);
    node_put(w->arena, dialects, w->dialect->name, nested);
    node_put(w->arena, map, "options", dialects);
}

static Node *write_table(Writer *w, const Table *table)
{
    Node *node = node_map(w->arena), *columns = node_map(w->arena);
    node->block = columns->block = true;
    put_text(w, node, "comment", table->head.comment);
    put_text(w, node, "renamed_from", table->head.renamed_from);
    put_text(w, node, "definition", table->head.definition);
    VEC_EACH (Column *, column, &table->columns)
        node_put(w->arena, columns, (*column)->head.name, write_column(w, table, *column));
    if (columns->count || (!table->head.definition && !table->head.options.count))
        node_put(w->arena, node, "columns", columns);
    write_constraints(w, node, table);
    put_node(w, node, "indexes", write_indexes(w, table, &table->indexes));
    put_options(w, node, &table->head);
    return node;
}

static Node *write_convention(Writer *w)
{
    Node *node = node_map(w->arena);
    for (size_t i = 0; i < NAMED_COUNT; i++) {
        const char *pattern = w->names.patterns[i];
        if (!pattern)
            node_put(w->arena, node, naming_keys_map.keys[i].name, node_plain(w->arena, "null"));
        else if (strcmp(pattern, default_convention.patterns[i]) != 0)
            put_text(w, node, naming_keys_map.keys[i].name, pattern);
    }
    return node;
}

static Node *write_schema(Writer *w)
{
    Node *root = node_map(w->arena), *tables = node_map(w->arena);
    root->block = tables->block = true;
    choose_names(w);
    VEC_EACH (Object *, object, &w->schema->objects)
        if ((*object)->kind == OBJECT_ENUM || (*object)->kind == OBJECT_DOMAIN ||
            (*object)->kind == OBJECT_COMPOSITE)
            *VEC_PUSH(w->arena, &w->types) = *object;
    put_node(w, root, "naming_convention", write_convention(w));
    write_objects(w, root, true);
    VEC_EACH (Table *, table, &w->schema->tables)
        node_put(w->arena, tables, name_join(w->arena, (*table)->head.schema, (*table)->head.name),
                 write_table(w, *table));
    node_put(w->arena, root, "tables", tables);
    write_objects(w, root, false);
    write_data(w, root);
    return root;
}

void schema_write_yaml(StrBuf *out, const Schema *schema)
{
    Writer w = { .arena = out->arena, .dialect = schema->dialect, .schema = schema };
    emit_yaml(out, write_schema(&w));
}

void schema_write_json(StrBuf *out, const Schema *schema)
{
    Writer w = { .arena = out->arena, .dialect = schema->dialect, .schema = schema };
    emit_json(out, write_schema(&w));
}
