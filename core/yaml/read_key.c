// Keys, checks and indexes of a table: by name or as a list, and the sugar at a column.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/yaml/read_internal.h"

Constraint *add_constraint(ModelReader *r, Table *table, ObjectKind kind, const char *name, SourcePos at)
{
    Constraint *constraint = constraint_new(r->arena, table, kind, name);
    constraint->head.at = at;
    *VEC_PUSH(r->arena, &table->constraints) = constraint;
    return constraint;
}

void add_part(ModelReader *r, PartList *parts, const char *column)
{
    VEC_PUSH(r->arena, parts)->column = column;
}

static const char *upper(ModelReader *r, const char *text)
{
    char *out = arena_strdup(r->arena, text);
    for (char *c = out; c && *c && *c != '('; c++)
        *c = *c == '_' ? ' ' : (char)toupper((unsigned char)*c);
    return out;
}

static const char *read_action(ModelReader *r, const Node *map, const char *key)
{
    static const char *const actions[] = { "no action", "restrict", "cascade", "set null", "set default" };
    const char *text = get_text(r, map, key);
    if (!text)
        return NULL;
    const char *action = upper(r, text);
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        size_t n = strlen(actions[i]);
        if (strncasecmp(action, actions[i], n) == 0 && (!action[n] || action[n] == ' ' || action[n] == '('))
            return i == 0 && !(r->dialect->caps & KEEPS_NO_ACTION) ? NULL : action;
    }
    Error *err = issues_add(r->issues, ERR_SCHEMA, place_of(map, key), "unknown action '%s'", text);
    const char *near = nearest_word(text, actions, COUNT_OF(actions));
    if (near)
        error_label(err, "did you mean '%s'?", near);
    return NULL;
}

Deferral read_deferral(ModelReader *r, const Node *map)
{
    const Node *node = for_dialect(r, node_get(map, "deferrable"));
    bool truth;
    if (!node || node_is_null(node))
        return NOT_DEFERRABLE;
    if (node_truth(node, &truth))
        return truth ? DEFERRABLE_IMMEDIATE : NOT_DEFERRABLE;
    if (node->kind == NODE_SCALAR && strcasecmp(node->text, "deferred") == 0)
        return DEFERRABLE_DEFERRED;
    if (node->kind == NODE_SCALAR && strcasecmp(node->text, "immediate") == 0)
        return DEFERRABLE_IMMEDIATE;
    issues_add(r->issues, ERR_SCHEMA, node->at, "deferrable is true, immediate or deferred");
    return NOT_DEFERRABLE;
}

// user.id, user(id, x), schema.table.column, schema.table(a), user. With parentheses all before them is the table.
void set_target(ModelReader *r, Constraint *key, const char *text, const Node *node)
{
    const char *open = strchr(text, '(');
    NameList parts = { 0 };
    const char *before = open ? arena_strndup(r->arena, text, (size_t)(open - text)) : text;
    size_t n = strlen(before);
    while (n && before[n - 1] == ' ')
        n--;
    if (!name_split(r->arena, arena_strndup(r->arena, before, n), &parts) || parts.count > 3 ||
        !parts.items[0][0]) {
        issues_add(r->issues, ERR_SCHEMA, node->at,
                   "'%s' is no reference: write table.column or table(column, …)", text);
        return;
    }
    if (!open && parts.count >= 2) { // the last part is the column
        *VEC_PUSH(r->arena, &key->referred_columns) = parts.items[parts.count - 1];
        parts.count--;
    }
    key->referred_table = parts.items[parts.count - 1];
    key->referred_schema = parts.count == 2 ? parts.items[0] : NULL;
    for (const char *p = open ? open + 1 : ""; *p && *p != ')';) {
        while (*p == ' ' || *p == ',')
            p++;
        const char *start = p;
        if (*p == '"')
            for (p++; *p && (*p != '"' || p[1] == '"'); p++)
                p += *p == '"';
        while (*p && *p != ',' && *p != ')')
            p++;
        const char *end = p;
        while (end > start && end[-1] == ' ')
            end--;
        NameList column = { 0 };
        if (end > start &&
            name_split(r->arena, arena_strndup(r->arena, start, (size_t)(end - start)), &column))
            *VEC_PUSH(r->arena, &key->referred_columns) = column.items[0];
    }
}

static void read_reference_settings(ModelReader *r, Constraint *key, const Node *map)
{
    key->on_delete = read_action(r, map, "on_delete");
    key->on_update = read_action(r, map, "on_update");
    const char *match = get_text(r, map, "match");
    if (match && strcasecmp(match, "simple") != 0)
        key->match = upper(r, match);
    key->deferral = read_deferral(r, map);
    get_truth(r, map, "not_valid", &key->not_valid);
    get_truth(r, map, "not_enforced", &key->not_enforced);
    get_truth(r, map, "unchecked", &key->unchecked);
}

Constraint *read_reference(ModelReader *r, Table *table, const char *column, const Node *map)
{
    const char *target = get_text(r, map, "references");
    if (!target)
        return NULL;
    Constraint *key = add_constraint(r, table, OBJECT_FOREIGN_KEY, NULL, place_of(map, "references"));
    add_part(r, &key->parts, column);
    set_target(r, key, target, node_get(map, "references"));
    read_reference_settings(r, key, map);
    return key;
}

static void read_part(ModelReader *r, const Node *node, PartList *out)
{
    static const char *const keys[] = { "column", "expression", "collation", "opclass", "with",
                                        "length", "order",      "nulls",     NULL };
    Part *part = VEC_PUSH(r->arena, out);
    if (node->kind == NODE_SCALAR) {
        part->column = node->text;
        return;
    }
    if (!expect_map(r, node, "a column of a key"))
        return;
    reject_unknown(r, node, keys, "a column of a key", OBJECT_KIND_COUNT);
    part->column = get_text(r, node, "column");
    part->expression = get_text(r, node, "expression");
    part->collation = get_text(r, node, "collation");
    part->opclass = get_text(r, node, "opclass");
    part->with_operator = get_text(r, node, "with");
    const char *order = get_text(r, node, "order"), *nulls = get_text(r, node, "nulls"),
               *length = get_text(r, node, "length");
    part->descending = order && strcasecmp(order, "desc") == 0;
    if (order && !part->descending && strcasecmp(order, "asc") != 0)
        issues_add(r->issues, ERR_SCHEMA, place_of(node, "order"), "order is asc or desc");
    if (nulls)
        part->nulls_first = strcasecmp(nulls, "first") == 0 ? YES : NO;
    if (part->nulls_first == (part->descending ? YES : NO))
        part->nulls_first = UNSET; // what the engine does by itself
    for (const char *c = length; c && *c; c++)
        part->length = part->length * 10 + (unsigned)(*c >= '0' && *c <= '9' ? *c - '0' : 0);
    if (!part->column == !part->expression)
        issues_add(r->issues, ERR_SCHEMA, node->at, "a part of a key is one column or one expression");
}

static void read_parts(ModelReader *r, const Node *given, PartList *out)
{
    const Node *node = for_dialect(r, given);
    if (!node || node_is_null(node))
        return;
    if (node->kind != NODE_LIST) {
        read_part(r, node, out);
        return;
    }
    VEC_EACH (Node *, item, &node->items)
        read_part(r, *item, out);
}

static void read_unique_settings(ModelReader *r, Constraint *key, const Node *map)
{
    bool distinct = true;
    read_parts(r, node_get(map, "columns"), &key->parts);
    get_names(r, map, "include", &key->include);
    if (get_truth(r, map, "nulls_distinct", &distinct))
        key->nulls_not_distinct = !distinct;
    key->deferral = read_deferral(r, map);
    key->method = get_text(r, map, "method");
    key->where = get_text(r, map, "where");
    if (!key->parts.count)
        issues_add(r->issues, ERR_SCHEMA, map->at, "a key needs columns");
}

static void read_unique(ModelReader *r, Table *table, ObjectKind kind, const char *name, const Node *node,
                        SourcePos at)
{
    static const char *const keys[] = { "name",   "columns", "include", "nulls_distinct", "deferrable",
                                        "method", "comment", "options", "where",          NULL };
    Constraint *key = add_constraint(r, table, kind, name, at);
    if (node->kind == NODE_LIST || node->kind == NODE_SCALAR) { // uq_a_b: [a, b]
        read_parts(r, node, &key->parts);
        return;
    }
    if (!expect_map(r, node, "a key"))
        return;
    reject_unknown(r, node, keys, "a key", kind);
    read_head(r, node, &key->head, table->head.name);
    read_unique_settings(r, key, node);
}

static void read_check(ModelReader *r, Table *table, ObjectKind kind, const char *name, const Node *given,
                       SourcePos at)
{
    static const char *const keys[] = { "name",       "check",   "expression", "not_valid", "not_enforced",
                                        "no_inherit", "comment", "options",    "column",    NULL };
    (void)kind;
    const Node *node = for_dialect(r, given);
    if (!node || node_is_null(node))
        return;
    Constraint *check = add_constraint(r, table, OBJECT_CHECK, name, at);
    if (node->kind == NODE_SCALAR) {
        check->expression = node->text;
        return;
    }
    if (!expect_map(r, node, "a check"))
        return;
    reject_unknown(r, node, keys, "a check", OBJECT_CHECK);
    read_head(r, node, &check->head, table->head.name);
    check->expression = get_text(r, node, node_get(node, "check") ? "check" : "expression");
    check->column = get_text(r, node, "column");
    get_truth(r, node, "not_valid", &check->not_valid);
    get_truth(r, node, "not_enforced", &check->not_enforced);
    get_truth(r, node, "no_inherit", &check->no_inherit);
    if (!check->expression)
        issues_add(r->issues, ERR_SCHEMA, node->at, "a check needs an expression");
}

static void read_foreign_key(ModelReader *r, Table *table, ObjectKind kind, const char *name,
                             const Node *node, SourcePos at)
{
    static const char *const keys[] = { "name",    "columns",    "references", "on_delete", "on_update",
                                        "match",   "deferrable", "comment",    "not_valid", "not_enforced",
                                        "options", "unchecked",  NULL };
    if (!expect_map(r, node, "a foreign key"))
        return;
    reject_unknown(r, node, keys, "a foreign key", kind);
    Constraint *key = add_constraint(r, table, kind, name, at);
    read_head(r, node, &key->head, table->head.name);
    read_parts(r, node_get(node, "columns"), &key->parts);
    const char *target = get_text(r, node, "references");
    if (!target || !key->parts.count)
        issues_add(r->issues, ERR_SCHEMA, node->at, "a foreign key needs columns and references");
    else
        set_target(r, key, target, node_get(node, "references"));
    read_reference_settings(r, key, node);
}

typedef void ReadKey(ModelReader *r, Table *table, ObjectKind kind, const char *name, const Node *node,
                     SourcePos at);

// {name: settings} or [settings with or without name].
static void read_named(ModelReader *r, Table *table, const Node *map, const char *section, ObjectKind kind,
                       ReadKey *read)
{
    const Node *node = for_dialect(r, node_get(map, section));
    if (!node || node_is_null(node))
        return;
    if (node->kind == NODE_MAP) {
        PairList pairs = { 0 };
        node_pairs(r->arena, node, &pairs);
        VEC_EACH (const NodePair *, pair, &pairs)
            read(r, table, kind, (*pair)->key->text, (*pair)->value, (*pair)->key->at);
    } else if (node->kind == NODE_LIST) {
        VEC_EACH (Node *, item, &node->items)
            read(r, table, kind, (*item)->kind == NODE_MAP ? get_text(r, *item, "name") : NULL, *item,
                 (*item)->at);
    } else {
        issues_add(r->issues, ERR_SCHEMA, node->at, "%s is a map of names, or a list", section);
    }
}

static void read_primary_key(ModelReader *r, Table *table, const Node *map)
{
    const Node *node = for_dialect(r, node_get(map, "primary_key"));
    if (!node || node_is_null(node))
        return;
    const Constraint *before = table_primary_key(table);
    if (before) {
        Error *err =
            issues_add(r->issues, ERR_SCHEMA, node->at, "table '%s' has two primary keys", table->head.name);
        err->also = before->head.at;
        snprintf(err->also_label, sizeof(err->also_label), "first here");
    }
    read_unique(r, table, OBJECT_PRIMARY_KEY, node->kind == NODE_MAP ? get_text(r, node, "name") : NULL, node,
                node->at);
}

void read_keys(ModelReader *r, Table *table, const Node *map)
{
    read_primary_key(r, table, map);
    read_named(r, table, map, "unique", OBJECT_UNIQUE, read_unique);
    read_named(r, table, map, "exclude", OBJECT_EXCLUDE, read_unique);
    read_named(r, table, map, "checks", OBJECT_CHECK, read_check);
    read_named(r, table, map, "foreign_keys", OBJECT_FOREIGN_KEY, read_foreign_key);
}

static void read_index(ModelReader *r, const Table *table, const char *name, const Node *node, SourcePos at,
                       IndexList *out)
{
    static const char *const keys[] = { "name",  "columns",        "include", "unique",  "method",
                                        "where", "nulls_distinct", "comment", "options", "renamed_from",
                                        NULL };
    Index *index = index_new(r->arena, table, name);
    index->head.at = at;
    *VEC_PUSH(r->arena, out) = index;
    if (node->kind == NODE_LIST || node->kind == NODE_SCALAR) {
        read_parts(r, node, &index->parts);
        return;
    }
    if (!expect_map(r, node, "an index"))
        return;
    reject_unknown(r, node, keys, "an index", OBJECT_INDEX);
    index->head.comment = get_text(r, node, "comment");
    read_options(r, node, &index->head);
    read_parts(r, node_get(node, "columns"), &index->parts);
    get_names(r, node, "include", &index->include);
    get_truth(r, node, "unique", &index->unique);
    index->method = get_text(r, node, "method");
    index->where = get_text(r, node, "where");
    bool distinct = true;
    if (get_truth(r, node, "nulls_distinct", &distinct))
        index->nulls_not_distinct = !distinct;
    if (!index->parts.count)
        issues_add(r->issues, ERR_SCHEMA, node->at, "an index needs columns");
}

void read_indexes(ModelReader *r, const Node *map, const char *section, const Table *table, IndexList *out)
{
    const Node *node = for_dialect(r, node_get(map, section));
    if (!node || node_is_null(node))
        return;
    if (node->kind == NODE_MAP) {
        PairList pairs = { 0 };
        node_pairs(r->arena, node, &pairs);
        VEC_EACH (const NodePair *, pair, &pairs)
            read_index(r, table, (*pair)->key->text, (*pair)->value, (*pair)->key->at, out);
    } else if (node->kind == NODE_LIST) {
        VEC_EACH (Node *, item, &node->items)
            read_index(r, table, (*item)->kind == NODE_MAP ? get_text(r, *item, "name") : NULL, *item,
                       (*item)->at, out);
    } else {
        issues_add(r->issues, ERR_SCHEMA, node->at, "%s is a map of names, or a list", section);
    }
}
