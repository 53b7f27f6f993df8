#include "core/yaml/schema_write.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/yaml/write_internal.h"

static Node *write_part(Writer *w, const Part *part)
{
    if (part->column && !part->collation && !part->opclass && !part->with_operator && !part->length &&
        !part->descending && part->nulls_first == UNSET)
        return node_scalar(w->arena, part->column);
    Node *node = node_map(w->arena, true);
    node_add_text(w->arena, node, "column", part->column);
    node_add_text(w->arena, node, "expression", part->expression);
    node_add_text(w->arena, node, "collation", part->collation);
    node_add_text(w->arena, node, "opclass", part->opclass);
    node_add_text(w->arena, node, "with", part->with_operator);
    if (part->length)
        node_add(w->arena, node, "length", node_plain(w->arena, arena_printf(w->arena, "%u", part->length)));
    if (part->descending)
        node_add_text(w->arena, node, "order", "desc");
    if (part->nulls_first != UNSET)
        node_add_text(w->arena, node, "nulls", part->nulls_first == YES ? "first" : "last");
    return node;
}

Node *write_parts(Writer *w, const PartList *parts)
{
    Node *list = node_list(w->arena, true);
    VEC_EACH (Part, part, parts)
        *VEC_PUSH(w->arena, &list->items) = write_part(w, part);
    return list;
}

static Node *option_node(Writer *w, const Option *option)
{
    bool plain = strcmp(option->value, "true") == 0 || strcmp(option->value, "false") == 0;
    return plain ? node_plain(w->arena, option->value) : node_scalar(w->arena, option->value);
}

// Of a table under options: {engine: …}; of everything else beside its own keys.
void write_options(Writer *w, Node *node, const Object *head)
{
    if (!head->options.count)
        return;
    Node *into = node;
    if (head->kind == OBJECT_TABLE) {
        into = node_map(w->arena, true);
        Node *engines = node_map(w->arena, true);
        node_add(w->arena, engines, w->dialect->name, into);
        node_add(w->arena, node, "options", engines);
    }
    VEC_EACH (Option, option, &head->options)
        node_add(w->arena, into, option->key, option_node(w, option));
}

static void write_deferral(Writer *w, Node *node, Deferral deferral)
{
    if (deferral == DEFERRABLE_DEFERRED)
        node_add_text(w->arena, node, "deferrable", "deferred");
    else if (deferral == DEFERRABLE_IMMEDIATE)
        node_add_truth(w->arena, node, "deferrable", true);
}

static Node *write_unique(Writer *w, const Constraint *key)
{
    Node *node = node_map(w->arena, true);
    node_add(w->arena, node, "columns", write_parts(w, &key->parts));
    node_add_names(w->arena, node, "include", &key->include);
    if (key->nulls_not_distinct)
        node_add_truth(w->arena, node, "nulls_distinct", false);
    node_add_text(w->arena, node, "method", key->method);
    node_add_text(w->arena, node, "where", key->where);
    write_deferral(w, node, key->deferral);
    node_add_text(w->arena, node, "comment", key->head.comment);
    write_options(w, node, &key->head);
    return node;
}

static Node *write_check(Writer *w, const Constraint *check)
{
    Node *node = node_map(w->arena, true);
    node_add_text(w->arena, node, "check", check->expression);
    node_add_text(w->arena, node, "column", check->column);
    if (check->not_valid)
        node_add_truth(w->arena, node, "not_valid", true);
    if (check->not_enforced)
        node_add_truth(w->arena, node, "not_enforced", true);
    if (check->no_inherit)
        node_add_truth(w->arena, node, "no_inherit", true);
    node_add_text(w->arena, node, "comment", check->head.comment);
    write_options(w, node, &check->head);
    if (node->pairs.count == 1 && check->head.name)
        return node_scalar(w->arena, check->expression);
    return node;
}

static const char *quoted_column(Writer *w, const char *column)
{
    return strpbrk(column, ",() ") ? arena_printf(w->arena, "\"%s\"", column)
                                   : name_join(w->arena, NULL, column);
}

static const char *lower(Writer *w, const char *text)
{
    char *out = arena_strdup(w->arena, text);
    for (char *c = out; c && *c && *c != '('; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    return out;
}

static Node *write_foreign_key(Writer *w, const Constraint *key)
{
    Node *node = node_map(w->arena, true);
    node_add(w->arena, node, "columns", write_parts(w, &key->parts));
    StrBuf target;
    strbuf_init(&target, w->arena);
    strbuf_puts(&target, name_join(w->arena, key->referred_schema, key->referred_table));
    VEC_EACH (const char *, column, &key->referred_columns)
        strbuf_printf(&target, "%s%s", column == key->referred_columns.items ? "(" : ", ",
                      quoted_column(w, *column));
    if (key->referred_columns.count)
        strbuf_putc(&target, ')');
    node_add_text(w->arena, node, "references", target.text);
    node_add_text(w->arena, node, "on_delete", lower(w, key->on_delete));
    node_add_text(w->arena, node, "on_update", lower(w, key->on_update));
    node_add_text(w->arena, node, "match", lower(w, key->match));
    write_deferral(w, node, key->deferral);
    if (key->not_valid)
        node_add_truth(w->arena, node, "not_valid", true);
    if (key->not_enforced)
        node_add_truth(w->arena, node, "not_enforced", true);
    if (write_is_dangling(w, key))
        node_add_truth(w->arena, node, "unchecked", true);
    node_add_text(w->arena, node, "comment", key->head.comment);
    write_options(w, node, &key->head);
    return node;
}

Node *write_index(Writer *w, const Index *index)
{
    Node *node = node_map(w->arena, true);
    node_add(w->arena, node, "columns", write_parts(w, &index->parts));
    node_add_names(w->arena, node, "include", &index->include);
    if (index->unique)
        node_add_truth(w->arena, node, "unique", true);
    node_add_text(w->arena, node, "method", index->method);
    node_add_text(w->arena, node, "where", index->where);
    if (index->nulls_not_distinct)
        node_add_truth(w->arena, node, "nulls_distinct", false);
    node_add_text(w->arena, node, "comment", index->head.comment);
    write_options(w, node, &index->head);
    return node;
}

static Node *write_constraint(Writer *w, const Constraint *constraint)
{
    switch ((int)constraint->head.kind) {
    case OBJECT_CHECK: return write_check(w, constraint);
    case OBJECT_FOREIGN_KEY: return write_foreign_key(w, constraint);
    default: return write_unique(w, constraint);
    }
}

// A section by name, or a list when one of its members has no name.
static void write_constraints(Writer *w, Node *node, const Table *table, ObjectKind kind, const char *section)
{
    bool all_named = true, any = false;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == kind) {
            any = true;
            all_named &= (*it)->head.name != NULL;
        }
    if (!any)
        return;
    Node *into = all_named ? node_map(w->arena, false) : node_list(w->arena, false);
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind != kind)
            continue;
        Node *made = write_constraint(w, *it);
        if (all_named) {
            node_add(w->arena, into, (*it)->head.name, made);
            continue;
        }
        Node *item = node_map(w->arena, true);
        node_add_text(w->arena, item, "name", (*it)->head.name);
        if (made->kind == NODE_SCALAR)
            node_add(w->arena, item, "check", made);
        VEC_EACH (NodePair, pair, &made->pairs)
            *VEC_PUSH(w->arena, &item->pairs) = *pair;
        *VEC_PUSH(w->arena, &into->items) = item;
    }
    node_add(w->arena, node, section, into);
}

static void write_primary_key(Writer *w, Node *node, const Constraint *key)
{
    Node *written = write_unique(w, key);
    if (!key->head.name && written->pairs.count == 1) {
        node_add(w->arena, node, "primary_key", written->pairs.items[0].value);
        return;
    }
    Node *named = node_map(w->arena, true);
    VEC_EACH (NodePair, pair, &written->pairs)
        *VEC_PUSH(w->arena, &named->pairs) = *pair;
    node_add_text(w->arena, named, "name", key->head.name);
    node_add(w->arena, node, "primary_key", named);
}

static Node *write_table(Writer *w, const Table *table)
{
    Node *node = node_map(w->arena, false);
    node_add_text(w->arena, node, "comment", table->head.comment);
    node_add_text(w->arena, node, "definition", table->head.definition);
    if (table->columns.count) {
        Node *columns = node_map(w->arena, false);
        VEC_EACH (Column *, column, &table->columns)
            node_add(w->arena, columns, (*column)->head.name, write_column(w, table, *column));
        node_add(w->arena, node, "columns", columns);
    }
    const Constraint *key = table_primary_key(table);
    if (key)
        write_primary_key(w, node, key);
    if (table->indexes.count) {
        Node *indexes = node_map(w->arena, false);
        VEC_EACH (Index *, index, &table->indexes)
            node_add(w->arena, indexes, (*index)->head.name, write_index(w, *index));
        node_add(w->arena, node, "indexes", indexes);
    }
    write_constraints(w, node, table, OBJECT_UNIQUE, "unique");
    write_constraints(w, node, table, OBJECT_CHECK, "checks");
    write_constraints(w, node, table, OBJECT_EXCLUDE, "exclude");
    write_constraints(w, node, table, OBJECT_FOREIGN_KEY, "foreign_keys");
    write_options(w, node, &table->head);
    return node;
}

// A constraint without a name is to stay without one: the convention must not give it any.
static Node *write_convention(Writer *w)
{
    VEC_EACH (Table *, table, &w->schema->tables)
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            if (!(*it)->head.name) {
                static const char *const words[] = { "primary_key", "foreign_key", "unique", "check" };
                Node *node = node_map(w->arena, true);
                for (size_t i = 0; i < COUNT_OF(words); i++)
                    node_add(w->arena, node, words[i], node_plain(w->arena, "null"));
                return node;
            }
    return NULL;
}

static Node *write_schema(Writer *w)
{
    Node *root = node_map(w->arena, false);
    node_add(w->arena, root, "naming_convention", write_convention(w));
    write_objects(w, root, true);
    Node *tables = node_map(w->arena, false);
    VEC_EACH (Table *, table, &w->schema->tables)
        node_add(w->arena, tables, name_join(w->arena, (*table)->head.schema, (*table)->head.name),
                 write_table(w, *table));
    node_add(w->arena, root, "tables", tables);
    write_objects(w, root, false);
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
    strbuf_putc(out, '\n');
}
