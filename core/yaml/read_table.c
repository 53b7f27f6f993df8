// Tables with their mixins, and the association tables of many_to_many.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/yaml/read_internal.h"

static const char *const table_keys[] = { "columns",      "mixins",  "comment",     "renamed_from",
                                          "indexes",      "unique",  "checks",      "exclude",
                                          "foreign_keys", "options", "primary_key", "definition",
                                          "name",         NULL };

// A key of a section as schema and name.
static bool split_key(ModelReader *r, const Node *key, const char **schema, const char **name)
{
    NameList parts = { 0 };
    *schema = NULL;
    *name = key->text;
    if (!key->text[0] || !name_split(r->arena, key->text, &parts) || parts.count > 2) {
        issues_add(r->issues, ERR_SCHEMA, key->at,
                   "'%s' is no name: write table, schema.table, or \"odd.name\" in quotes", key->text);
        return false;
    }
    *name = parts.items[parts.count - 1];
    *schema = parts.count == 2 ? parts.items[0] : NULL;
    if (parts.count == 2 && !(r->dialect->caps & CAN_SCHEMAS)) {
        Error *err =
            issues_add(r->issues, ERR_SCHEMA, key->at, "'%s': this engine has no schemas", key->text);
        error_hint(err, "A dot that belongs to the name stands in double quotes: '\"%s\"'.", key->text);
    }
    if (*schema && strcmp(*schema, "public") == 0 && r->dialect->caps & CAN_SCHEMAS)
        *schema = NULL;
    return true;
}

static const Node *find_mixin(ModelReader *r, const char *name, NameList *all)
{
    const Node *found = NULL;
    VEC_EACH (const Node *, root, &r->roots) {
        const Node *mixins = node_get(*root, "mixins");
        if (!mixins || mixins->kind != NODE_MAP)
            continue;
        VEC_EACH (NodePair, pair, &mixins->pairs) {
            *VEC_PUSH(r->arena, all) = pair->key->text;
            if (strcmp(pair->key->text, name) == 0)
                found = pair->value;
        }
    }
    return found;
}

// A mixin is a table's body, or, when none of a table's keys stands in it, just columns.
static bool mixin_is_columns(const Node *mixin)
{
    VEC_EACH (NodePair, pair, &mixin->pairs)
        for (const char *const *word = table_keys; *word; word++)
            if (strcmp(*word, pair->key->text) == 0 && (pair->value->kind != NODE_SCALAR))
                return false;
    return true;
}

static void read_mixin(ModelReader *r, Table *table, const Node *mixin, unsigned depth);

static void read_mixins(ModelReader *r, Table *table, const Node *map, unsigned depth)
{
    const Node *list = node_get(map, "mixins");
    if (!list || node_is_null(list))
        return;
    Node *const one[] = { (Node *)(uintptr_t)list };
    Node *const *items = list->kind == NODE_LIST ? list->items.items : one;
    for (size_t i = 0; i < (list->kind == NODE_LIST ? list->items.count : 1); i++) {
        const char *name = text_of(r, items[i], "mixins");
        if (!name)
            continue;
        NameList all = { 0 };
        const Node *mixin = find_mixin(r, name, &all);
        if (!mixin) {
            Error *err = issues_add(r->issues, ERR_SCHEMA, items[i]->at, "unknown mixin '%s'", name);
            const char *near = nearest_word(name, all.items, all.count);
            if (near)
                error_label(err, "did you mean '%s'?", near);
        } else if (depth > 8) {
            issues_add(r->issues, ERR_SCHEMA, items[i]->at, "mixins that contain each other");
        } else {
            read_mixin(r, table, mixin, depth + 1);
        }
    }
}

static void read_mixin(ModelReader *r, Table *table, const Node *mixin, unsigned depth)
{
    if (!expect_map(r, mixin, "a mixin"))
        return;
    if (mixin_is_columns(mixin)) {
        read_columns(r, table, mixin);
        return;
    }
    reject_unknown(r, mixin, table_keys, "a mixin", OBJECT_KIND_COUNT);
    read_mixins(r, table, mixin, depth);
    const Node *columns = node_get(mixin, "columns");
    if (columns && expect_map(r, columns, "columns"))
        read_columns(r, table, columns);
    read_keys(r, table, mixin);
    read_indexes(r, mixin, "indexes", table, &table->indexes);
}

static void same_name_twice(ModelReader *r, const char *what, const char *name, SourcePos at, SourcePos first)
{
    Error *err = issues_add(r->issues, ERR_SCHEMA, at, "%s '%s' is declared twice", what, name);
    err->also = first;
    snprintf(err->also_label, sizeof(err->also_label), "first here");
}

static void read_table(ModelReader *r, const Node *key, const Node *map)
{
    const char *schema, *name;
    if (!split_key(r, key, &schema, &name) || !expect_map(r, map, "a table"))
        return;
    Table *table = table_new(r->arena, schema, name);
    table->head.at = key->at;
    *VEC_PUSH(r->arena, &r->schema->tables) = table;
    reject_unknown(r, map, table_keys, "a table", OBJECT_TABLE);
    read_head(r, map, &table->head, NULL);
    table->head.definition = get_text(r, map, "definition");
    table->is_virtual = table->head.definition != NULL;
    const Node *columns = node_get(map, "columns");
    if (columns && expect_map(r, columns, "columns"))
        read_columns(r, table, columns); // own columns first, so that they may say otherwise than a mixin
    read_mixins(r, table, map, 0);
    read_keys(r, table, map);
    read_indexes(r, map, "indexes", table, &table->indexes);
    number_key(r, table, columns);
    if (!table->columns.count && !table->head.definition && !table->head.options.count &&
        !(r->dialect->caps & CAN_SCHEMAS)) {
        Error *err = issues_add(r->issues, ERR_SCHEMA, key->at, "table '%s' has no columns", name);
        error_hint(err, "Declare them under columns:, one a line: id: {type: integer, primary_key: true}.");
    }
}

static int compare_tables(const void *a, const void *b)
{
    return object_compare(&(*(Table *const *)a)->head, &(*(Table *const *)b)->head);
}

static void check_twice(ModelReader *r)
{
    size_t n = r->schema->tables.count;
    if (n < 2)
        return;
    Table **sorted = arena_alloc(r->arena, n * sizeof(*sorted));
    memcpy(sorted, r->schema->tables.items, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), compare_tables);
    for (size_t i = 1; i < n; i++)
        if (object_compare(&sorted[i]->head, &sorted[i - 1]->head) == 0)
            same_name_twice(r, "table", sorted[i]->head.name, sorted[i]->head.at, sorted[i - 1]->head.at);
}

void read_tables(ModelReader *r)
{
    VEC_EACH (const Node *, root, &r->roots) {
        const Node *tables = node_get(*root, "tables");
        if (!tables || !expect_map(r, tables, "tables"))
            continue;
        PairList pairs = { 0 };
        node_pairs(r->arena, tables, &pairs);
        VEC_EACH (const NodePair *, pair, &pairs)
            read_table(r, (*pair)->key, (*pair)->value);
    }
    check_twice(r);
}

static Table *find_table(ModelReader *r, const char *text)
{
    NameList parts = { 0 };
    if (!name_split(r->arena, text, &parts) || parts.count > 2)
        return NULL;
    const Object wanted = { .schema = parts.count == 2 ? parts.items[0] : NULL,
                            .name = parts.items[parts.count - 1] };
    VEC_EACH (Table *, table, &r->schema->tables)
        if (object_compare(&(*table)->head, &wanted) == 0)
            return *table;
    return NULL;
}

// <table>_<key column>, of the type of the key it points at.
static void add_side(ModelReader *r, Table *table, Constraint *primary, const Node *between, const Node *map)
{
    const Table *side = find_table(r, between->text);
    const Constraint *target = side ? table_primary_key(side) : NULL;
    if (!target) {
        Error *err =
            issues_add(r->issues, ERR_SCHEMA, between->at,
                       side ? "table '%s' has no primary key" : "there is no table '%s'", between->text);
        NameList names = { 0 };
        VEC_EACH (Table *, it, &r->schema->tables)
            *VEC_PUSH(r->arena, &names) = (*it)->head.name;
        const char *near = side ? NULL : nearest_word(between->text, names.items, names.count);
        if (near)
            error_label(err, "did you mean '%s'?", near);
        return;
    }
    Constraint *key = read_reference(r, table, "", map);
    if (!key) {
        key = add_constraint(r, table, OBJECT_FOREIGN_KEY, NULL, between->at);
        key->deferral = read_deferral(r, map);
    }
    key->parts.count = 0;
    key->referred_schema = side->head.schema;
    key->referred_table = side->head.name;
    VEC_EACH (Part, part, &target->parts) {
        const Column *pointed = part->column ? table_column(side, part->column) : NULL;
        if (!pointed)
            continue;
        Column *column =
            column_new(r->arena, table, arena_printf(r->arena, "%s_%s", side->head.name, part->column));
        for (unsigned n = 2; table_column(table, column->head.name); n++)
            column->head.name = arena_printf(r->arena, "%s_%s_%u", side->head.name, part->column, n);
        column->head.at = between->at;
        column->type = pointed->type;
        column->nullable = false;
        *VEC_PUSH(r->arena, &table->columns) = column;
        add_part(r, &key->parts, column->head.name);
        add_part(r, &primary->parts, column->head.name);
        *VEC_PUSH(r->arena, &key->referred_columns) = part->column;
    }
}

static const char *action_of(ModelReader *r, const Node *map, const char *key)
{
    const char *text = get_text(r, map, key);
    if (!text)
        return NULL;
    char *action = arena_strdup(r->arena, text);
    for (char *c = action; *c; c++)
        *c = *c == '_' ? ' ' : (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
    bool silent = strcmp(action, "NO ACTION") == 0 && !(r->dialect->caps & KEEPS_NO_ACTION);
    return silent ? NULL : action;
}

static void read_association(ModelReader *r, const Node *name_node, const Node *map)
{
    static const char *const keys[] = { "between", "on_delete",    "on_update",  "columns",
                                        "comment", "options",      "indexes",    "checks",
                                        "unique",  "renamed_from", "deferrable", NULL };
    const char *schema, *name;
    if (!split_key(r, name_node, &schema, &name) || !expect_map(r, map, "many_to_many"))
        return;
    reject_unknown(r, map, keys, "many_to_many", OBJECT_TABLE);
    const Node *between = node_get(map, "between");
    if (!between || between->kind != NODE_LIST || between->items.count != 2) {
        issues_add(r->issues, ERR_SCHEMA, between ? between->at : map->at,
                   "between names the two tables: between: [user, group]");
        return;
    }
    Table *before = find_table(r, name_node->text);
    if (before) {
        same_name_twice(r, "table", name, name_node->at, before->head.at);
        return;
    }
    Table *table = table_new(r->arena, schema, name);
    table->head.at = name_node->at;
    read_head(r, map, &table->head, NULL);
    Constraint *primary = add_constraint(r, table, OBJECT_PRIMARY_KEY, NULL, name_node->at);
    for (size_t i = 0; i < 2; i++)
        add_side(r, table, primary, between->items.items[i], map);
    VEC_EACH (Constraint *, key, &table->constraints)
        if ((*key)->head.kind == OBJECT_FOREIGN_KEY) {
            (*key)->on_delete = action_of(r, map, "on_delete");
            (*key)->on_update = action_of(r, map, "on_update");
        }
    const Node *columns = node_get(map, "columns");
    if (columns && expect_map(r, columns, "columns"))
        read_columns(r, table, columns);
    read_keys(r, table, map);
    read_indexes(r, map, "indexes", table, &table->indexes);
    *VEC_PUSH(r->arena, &r->schema->tables) = table;
}

void read_many_to_many(ModelReader *r)
{
    VEC_EACH (const Node *, root, &r->roots) {
        const Node *section = node_get(*root, "many_to_many");
        if (!section || !expect_map(r, section, "many_to_many"))
            continue;
        VEC_EACH (NodePair, pair, &section->pairs)
            read_association(r, pair->key, pair->value);
    }
}
