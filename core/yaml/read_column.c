// Columns, and what may be said at a column about keys, checks and indexes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/strbuf.h"
#include "core/yaml/read_internal.h"

static const char *const column_keys[] = {
    "type",         "nullable",   "default",   "primary_key",  "unique",  "index",
    "check",        "references", "on_delete", "on_update",    "match",   "deferrable",
    "generated",    "stored",     "identity",  "collation",    "comment", "autoincrement",
    "renamed_from", "options",    "not_valid", "not_enforced", NULL
};

static void put_identity_option(StrBuf *out, const char *keyword, const char *value)
{
    if (value)
        strbuf_printf(out, "%s%s %s", out->length ? " " : "", keyword, value);
}

static void read_identity(ModelReader *r, Column *column, const Node *map)
{
    static const char *const keys[] = { "mode",    "start", "increment", "minimum",
                                        "maximum", "cache", "cycle",     NULL };
    const Node *node = for_dialect(r, node_get(map, "identity"));
    bool truth;
    if (!node || node_is_null(node))
        return;
    const char *mode = node->kind == NODE_SCALAR ? node->text
                       : node->kind == NODE_MAP  ? get_text(r, node, "mode")
                                                 : NULL;
    if (node->kind == NODE_SCALAR && node_truth(node, &truth)) {
        if (!truth)
            return;
        mode = "by default";
    }
    if (!mode || strcasecmp(mode, "by default") == 0 || strcasecmp(mode, "by_default") == 0)
        column->identity = IDENTITY_BY_DEFAULT;
    else if (strcasecmp(mode, "always") == 0)
        column->identity = IDENTITY_ALWAYS;
    else
        issues_add(r->issues, ERR_SCHEMA, node->at, "identity is always or by default");
    column->nullable = false;
    if (node->kind != NODE_MAP)
        return;
    reject_unknown(r, node, keys, "an identity", OBJECT_KIND_COUNT);
    StrBuf out;
    strbuf_init(&out, r->arena);
    put_identity_option(&out, "START WITH", get_text(r, node, "start"));
    put_identity_option(&out, "INCREMENT BY", get_text(r, node, "increment"));
    put_identity_option(&out, "MINVALUE", get_text(r, node, "minimum"));
    put_identity_option(&out, "MAXVALUE", get_text(r, node, "maximum"));
    put_identity_option(&out, "CACHE", get_text(r, node, "cache"));
    bool cycle = false;
    if (get_truth(r, node, "cycle", &cycle) && cycle)
        strbuf_puts(&out, out.length ? " CYCLE" : "CYCLE");
    column->identity_options = out.length ? out.text : NULL;
}

// true, or a name, or settings with a name.
static bool sugar(ModelReader *r, const Node *map, const char *key, const char **name, const Node **settings)
{
    const Node *node = for_dialect(r, node_get(map, key));
    bool truth;
    *name = NULL;
    *settings = NULL;
    if (!node || node_is_null(node))
        return false;
    if (node_truth(node, &truth))
        return truth;
    if (node->kind == NODE_SCALAR)
        *name = node->text;
    else if (node->kind == NODE_MAP) {
        *name = get_text(r, node, "name");
        *settings = node;
    } else
        issues_add(r->issues, ERR_SCHEMA, node->at, "%s is true, a name, or a map", key);
    return node->kind != NODE_LIST;
}

static void read_column_keys(ModelReader *r, Table *table, Column *column, const Node *map)
{
    const char *name;
    const Node *settings;
    if (sugar(r, map, "unique", &name, &settings)) {
        Constraint *key = add_constraint(r, table, OBJECT_UNIQUE, name, place_of(map, "unique"));
        add_part(r, &key->parts, column->head.name);
        if (settings) {
            read_head(r, settings, &key->head, table->head.name);
            key->deferral = read_deferral(r, settings);
        }
    }
    if (sugar(r, map, "index", &name, &settings)) {
        Index *index = index_new(r->arena, table, name);
        index->head.at = place_of(map, "index");
        add_part(r, &index->parts, column->head.name);
        if (settings) {
            read_options(r, settings, &index->head);
            get_truth(r, settings, "unique", &index->unique);
            index->method = get_text(r, settings, "method");
            index->where = get_text(r, settings, "where");
        }
        *VEC_PUSH(r->arena, &table->indexes) = index;
    }
    const Node *check = for_dialect(r, node_get(map, "check"));
    if (check && !node_is_null(check)) {
        bool settled = check->kind == NODE_MAP;
        Constraint *made =
            add_constraint(r, table, OBJECT_CHECK, settled ? get_text(r, check, "name") : NULL, check->at);
        made->column = column->head.name;
        made->expression = settled ? get_text(r, check, node_get(check, "check") ? "check" : "expression")
                                   : text_of(r, check, "check");
        if (settled)
            read_options(r, check, &made->head);
        if (!made->expression) {
            issues_add(r->issues, ERR_SCHEMA, check->at, "a check needs an expression");
            made->expression = "";
        }
    }
    read_reference(r, table, column->head.name, map);
}

static void read_column(ModelReader *r, Table *table, const Node *key, const Node *node, NameList *primary,
                        SourcePos *primary_at)
{
    Column *column = column_new(r->arena, table, key->text);
    column->head.at = key->at;
    column->nullable_implied = true;
    *VEC_PUSH(r->arena, &table->columns) = column;
    if (node->kind == NODE_SCALAR) {
        if (!node_is_null(node))
            read_column_type(r, table, column, node);
        return;
    }
    if (for_dialect(r, node) != node) { // id: {default: integer, postgresql: bigint}
        read_column_type(r, table, column, node);
        return;
    }
    if (!expect_map(r, node, "a column"))
        return;
    reject_unknown(r, node, column_keys, "a column", OBJECT_COLUMN);
    column->nullable_implied = !get_truth(r, node, "nullable", &column->nullable);
    read_column_type(r, table, column, node_get(node, "type"));
    read_head(r, node, &column->head, table->head.name);
    if (node_get(node, "default"))
        column->default_sql = read_default(r, node_get(node, "default"), column->type);
    column->generated = get_text(r, node, "generated");
    get_truth(r, node, "stored", &column->stored);
    column->collation = get_text(r, node, "collation");
    read_identity(r, column, node);
    bool truth;
    if (get_truth(r, node, "autoincrement", &truth))
        column->autoincrement = truth;
    if (get_truth(r, node, "primary_key", &truth) && truth) {
        *VEC_PUSH(r->arena, primary) = column->head.name;
        *primary_at = place_of(node, "primary_key");
    }
    read_column_keys(r, table, column, node);
}

static bool is_integer(const ModelReader *r, const char *type)
{
    static const char *const integers[] = { "integer", "bigint", "smallint" };
    for (size_t i = 0; i < COUNT_OF(integers); i++) {
        const char *wrong = NULL, *native = r->dialect->type_native(r->arena, integers[i], &wrong);
        if (native && strcasecmp(native, type) == 0)
            return true;
    }
    return false;
}

// As in SQLAlchemy: a key of one integer column numbers its rows, unless something else gives its value.
void number_key(ModelReader *r, const Table *table, const Node *columns)
{
    const Constraint *key = table_primary_key(table);
    if (!key || key->parts.count != 1 || !key->parts.items[0].column ||
        !(r->dialect->caps & INTEGER_KEYS_COUNT))
        return;
    Column *column = table_column(table, key->parts.items[0].column);
    if (!column || column->default_sql || column->generated || column->identity != IDENTITY_NONE ||
        !is_integer(r, column->type))
        return;
    const Node *said = node_get(columns, column->head.name);
    if (said && said->kind == NODE_MAP && node_get(said, "autoincrement"))
        return;
    VEC_EACH (Constraint *, other, &table->constraints)
        if ((*other)->head.kind == OBJECT_FOREIGN_KEY &&
            parts_have_column(&(*other)->parts, column->head.name))
            return;
    column->autoincrement = true;
}

void read_columns(ModelReader *r, Table *table, const Node *columns)
{
    NameList primary = { 0 };
    SourcePos at = { 0 };
    PairList pairs = { 0 };
    node_pairs(r->arena, columns, &pairs);
    VEC_EACH (const NodePair *, pair, &pairs)
        if (!table_column(table, (*pair)->key->text))
            read_column(r, table, (*pair)->key, (*pair)->value, &primary, &at);
    if (primary.count) {
        Constraint *key = add_constraint(r, table, OBJECT_PRIMARY_KEY, NULL, at);
        VEC_EACH (const char *, name, &primary)
            add_part(r, &key->parts, *name);
    }
}
