#include <string.h>
#include <strings.h>

#include "core/schema/write.h"

static Node *write_part(Writer *w, const Part *part)
{
    Node *node = node_map(w->arena);
    put_text(w, node, "column", part->column);
    put_text(w, node, "expression", part->expression);
    put_text(w, node, "collation", part->collation);
    put_text(w, node, "opclass", part->opclass);
    put_text(w, node, "with", part->with_operator);
    if (part->length)
        put_number(w, node, "length", arena_printf(w->arena, "%u", part->length));
    if (part->descending)
        put_text(w, node, "order", "desc");
    if (part->nulls_first != UNSET)
        put_text(w, node, "nulls", part->nulls_first == YES ? "first" : "last");
    return node->count == 1 && part->column ? node_pair(node, 0)->value : node;
}

Node *write_parts(Writer *w, const PartList *parts)
{
    Node *list = node_list(w->arena);
    VEC_EACH (Part, part, parts)
        node_push(w->arena, list, write_part(w, part));
    return list;
}

static void put_deferral(Writer *w, Node *map, Deferral deferral)
{
    if (deferral == DEFERRABLE_DEFERRED)
        put_text(w, map, "deferrable", "deferred");
    else if (deferral == DEFERRABLE_IMMEDIATE)
        put_true(w, map, "deferrable", true);
}

static void put_name(Writer *w, Node *map, const char *name)
{
    if (name)
        put_text(w, map, "name", name);
    else
        node_put(w->arena, map, "name", node_plain(w->arena, "null"));
}

static Node *write_key(Writer *w, const Constraint *key)
{
    Node *node = node_map(w->arena);
    node_put(w->arena, node, "columns", write_parts(w, &key->parts));
    put_names(w, node, "include", &key->include);
    if (key->nulls_not_distinct)
        node_put(w->arena, node, "nulls_distinct", node_plain(w->arena, "false"));
    put_text(w, node, "method", key->method);
    put_text(w, node, "where", key->where);
    put_deferral(w, node, key->deferral);
    put_text(w, node, "comment", key->head.comment);
    put_text(w, node, "renamed_from", key->head.renamed_from);
    put_options(w, node, &key->head);
    return node;
}

Node *write_check(Writer *w, const Constraint *check, bool with_name)
{
    Node *node = node_map(w->arena);
    const Table table = { .head = { .name = check->head.table } };
    bool given = with_name && name_is_given(w, &table, &check->head);
    if (with_name && !given)
        put_name(w, node, check->head.name);
    put_text(w, node, "expression", check->expression);
    if (!with_name)
        put_text(w, node, "column", check->column);
    put_true(w, node, "not_valid", check->not_valid);
    put_true(w, node, "not_enforced", check->not_enforced);
    put_true(w, node, "no_inherit", check->no_inherit);
    put_text(w, node, "comment", check->head.comment);
    put_text(w, node, "renamed_from", check->head.renamed_from);
    put_options(w, node, &check->head);
    return node->count == 1 ? node_pair(node, 0)->value : node;
}

// References --------------------------------------------------------------------------------------------------------

const Table *written_table(const Writer *w, const char *schema, const char *name)
{
    const Table *table = schema_table(w->schema, schema, name);
    if (table || !(w->dialect->caps & FOLDS_NAME_CASE))
        return table;
    VEC_EACH (Table *, it, &w->schema->tables)
        if (strcasecmp((*it)->head.name, name) == 0)
            return *it;
    return NULL;
}

const Column *written_column(const Writer *w, const Table *table, const char *name)
{
    VEC_EACH (Column *, column, &table->columns)
        if (strcmp((*column)->head.name, name) == 0 ||
            ((w->dialect->caps & FOLDS_NAME_CASE) && strcasecmp((*column)->head.name, name) == 0))
            return *column;
    return NULL;
}

// What the reader would not accept without `unchecked`.
static bool dangles(const Writer *w, const Constraint *key)
{
    const Table *table = written_table(w, key->referred_schema, key->referred_table);
    if (!table || key->unchecked)
        return true;
    if (table->is_virtual || table->head.definition || table->head.options.count)
        return key->referred_columns.count && key->referred_columns.count != key->parts.count;
    VEC_EACH (const char *, column, &key->referred_columns)
        if (!written_column(w, table, *column))
            return true;
    const Constraint *primary = table_primary_key(table);
    size_t count = key->referred_columns.count ? key->referred_columns.count
                   : primary                   ? primary->parts.count
                                               : 0;
    return count != key->parts.count;
}

static void put_reference_name(StrBuf *out, const char *name)
{
    size_t n = strlen(name);
    if (n && !strpbrk(name, ".,()\"") && strcspn(name, " \t\n\r\v\f") > 0 &&
        !strchr(" \t\n\r\v\f", name[n - 1])) {
        strbuf_puts(out, name);
        return;
    }
    strbuf_quoted(out, '"', "\"", name);
}

const char *write_target(Writer *w, const Constraint *key)
{
    StrBuf out;
    strbuf_init(&out, w->arena);
    if (key->referred_schema) {
        put_reference_name(&out, key->referred_schema);
        strbuf_putc(&out, '.');
    }
    put_reference_name(&out, key->referred_table);
    if (key->referred_columns.count == 1 && !key->referred_schema && !dangles(w, key)) {
        strbuf_putc(&out, '.');
        put_reference_name(&out, key->referred_columns.items[0]);
        return out.text;
    }
    if (!key->referred_columns.count && !key->referred_schema)
        return out.text;
    strbuf_putc(&out, '(');
    VEC_EACH (const char *, column, &key->referred_columns) {
        if (column != key->referred_columns.items)
            strbuf_puts(&out, ", ");
        put_reference_name(&out, *column);
    }
    strbuf_putc(&out, ')');
    return out.text;
}

// Lower case up to the columns of SET NULL (a, b).
static const char *lower(Writer *w, const char *text)
{
    char *out = arena_strdup(w->arena, text);
    for (char *c = out; c && *c && *c != '('; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    return out;
}

static const char *action(Writer *w, const char *text)
{
    bool silent = text && strcasecmp(text, "NO ACTION") == 0 && !(w->dialect->caps & KEEPS_NO_ACTION);
    return silent ? NULL : lower(w, text);
}

void put_reference_details(Writer *w, Node *map, const Constraint *key)
{
    put_text(w, map, "on_delete", action(w, key->on_delete));
    put_text(w, map, "on_update", action(w, key->on_update));
    put_text(w, map, "match", lower(w, key->match));
    put_deferral(w, map, key->deferral);
    put_true(w, map, "unchecked", dangles(w, key));
}

static Node *write_foreign_key(Writer *w, const Constraint *key)
{
    Node *node = node_map(w->arena);
    node_put(w->arena, node, "columns", write_parts(w, &key->parts));
    put_text(w, node, "references", write_target(w, key));
    put_reference_details(w, node, key);
    put_true(w, node, "not_valid", key->not_valid);
    put_true(w, node, "not_enforced", key->not_enforced);
    put_text(w, node, "comment", key->head.comment);
    put_text(w, node, "renamed_from", key->head.renamed_from);
    put_options(w, node, &key->head);
    return node;
}

// Sections ----------------------------------------------------------------------------------------------------------

static Node *write_constraint(Writer *w, const Constraint *constraint)
{
    switch ((int)constraint->head.kind) {
    case OBJECT_CHECK: return write_check(w, constraint, false);
    case OBJECT_FOREIGN_KEY: return write_foreign_key(w, constraint);
    default: return write_key(w, constraint);
    }
}

// The members of a section as a list: for those without a name, or with a name that comes twice.
static Node *as_list(Writer *w, const ConstraintList *members)
{
    Node *list = node_list(w->arena);
    list->block = true;
    VEC_EACH (Constraint *, it, members) {
        Node *item = node_map(w->arena), *body = write_constraint(w, *it);
        put_name(w, item, (*it)->head.name);
        if (body->kind == NODE_SCALAR)
            node_put(w->arena, item, "expression", body);
        for (unsigned i = 0; body->kind == NODE_MAP && i < body->count; i++)
            node_put_pair(w->arena, item, node_pair(body, i)->key, node_pair(body, i)->value);
        node_push(w->arena, list, item);
    }
    return list;
}

static Node *as_map(Writer *w, const ConstraintList *members)
{
    Node *map = node_map(w->arena);
    map->block = true;
    VEC_EACH (Constraint *, it, members)
        node_put(w->arena, map, (*it)->head.name, write_constraint(w, *it));
    return map;
}

static void write_section(Writer *w, Node *node, const Table *table, ObjectKind kind, const char *key)
{
    ConstraintList members = { 0 };
    bool keyed = true;
    const char *before = NULL;
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind != kind || is_at_column(w, table, &(*it)->head))
            continue;
        *VEC_PUSH(w->arena, &members) = *it;
        const char *name = (*it)->head.name; // they come sorted
        keyed = keyed && name && !(before && strcmp(before, name) == 0);
        before = name;
    }
    if (members.count)
        node_put(w->arena, node, key, keyed ? as_map(w, &members) : as_list(w, &members));
}

static void write_primary_key(Writer *w, Node *node, const Table *table)
{
    const Constraint *key = table_primary_key(table);
    if (!key || is_at_column(w, table, &key->head))
        return;
    Node *body = write_key(w, key);
    if (!name_is_given(w, table, &key->head))
        put_name(w, body, key->head.name);
    bool plain = body->count == 1;
    for (unsigned i = 0; plain && i < node_pair(body, 0)->value->count; i++)
        plain = node_item(node_pair(body, 0)->value, i)->kind == NODE_SCALAR;
    node_put(w->arena, node, "primary_key", plain ? node_pair(body, 0)->value : body);
}

void write_constraints(Writer *w, Node *node, const Table *table)
{
    write_primary_key(w, node, table);
    write_section(w, node, table, OBJECT_UNIQUE, "unique");
    write_section(w, node, table, OBJECT_CHECK, "checks");
    write_section(w, node, table, OBJECT_FOREIGN_KEY, "foreign_keys");
    write_section(w, node, table, OBJECT_EXCLUDE, "exclude");
}

static Node *write_index(Writer *w, const Index *index)
{
    Node *node = node_map(w->arena), *parts = write_parts(w, &index->parts);
    node_put(w->arena, node, "columns", parts);
    put_names(w, node, "include", &index->include);
    put_true(w, node, "unique", index->unique);
    put_text(w, node, "method", index->method);
    put_text(w, node, "where", index->where);
    if (index->nulls_not_distinct)
        node_put(w->arena, node, "nulls_distinct", node_plain(w->arena, "false"));
    put_text(w, node, "comment", index->head.comment);
    put_text(w, node, "renamed_from", index->head.renamed_from);
    put_options(w, node, &index->head);
    return node->count == 1 ? parts : node;
}

Node *write_indexes(Writer *w, const Table *table, const IndexList *indexes)
{
    Node *map = node_map(w->arena);
    map->block = true;
    VEC_EACH (Index *, it, indexes)
        if (!table || !is_at_column(w, table, &(*it)->head))
            node_put(w->arena, map, (*it)->head.name ? (*it)->head.name : "", write_index(w, *it));
    return map;
}
