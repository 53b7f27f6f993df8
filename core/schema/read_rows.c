// The rows of `data:`. Whatever a value is wrong in by its look is told here, with its place; whether the engine takes it
// for its column, the engine says when it compares.
#include <stdlib.h>
#include <string.h>

#include "core/base/base64.h"
#include "core/dialect/rows.h"
#include "core/schema/read_data.h"
#include "core/yaml/emit.h"

// ---- Values

static bool is_json(const DataReader *d, const Column *column)
{
    const char *portable = d->r->dialect->type_portable(d->r->scratch, column->type);
    return portable && (strcmp(portable, "json") == 0 || strcmp(portable, "jsonb") == 0);
}

static bool is_truth(const DataReader *d, const Column *column)
{
    const char *portable = d->r->dialect->type_portable(d->r->scratch, column->type);
    return portable && strcmp(portable, "boolean") == 0;
}

static bool is_array(const Column *column)
{
    size_t n = strlen(column->type);
    return n > 2 && strcmp(column->type + n - 2, "[]") == 0;
}

// A document on one line: a line end in a JSON text stands between its parts only.
static const char *json_text(Arena *arena, const Node *node)
{
    StrBuf spread, out;
    strbuf_init(&spread, arena);
    strbuf_init(&out, arena);
    emit_json(&spread, node);
    for (const char *p = spread.text; *p;) {
        size_t n = strcspn(p, "\n");
        strbuf_put(&out, p, n);
        p += n;
        p += *p ? strspn(p, "\n ") : 0;
    }
    return out.text;
}

static void put_element(StrBuf *out, const char *text)
{
    strbuf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            strbuf_putc(out, '\\');
        strbuf_putc(out, *text);
    }
    strbuf_putc(out, '"');
}

// {"a","b",NULL}, as an array is written in a text
static void put_array(StrBuf *out, const Node *list)
{
    strbuf_putc(out, '{');
    for (unsigned i = 0; i < list->count; i++) {
        const Node *item = node_item(list, i);
        if (i)
            strbuf_putc(out, ',');
        if (item->kind == NODE_LIST)
            put_array(out, item);
        else if (node_is_null(item))
            strbuf_puts(out, "NULL");
        else
            put_element(out, node_string(item));
    }
    strbuf_putc(out, '}');
}

static void check_bytes(DataReader *d, const Column *column, const Node *node)
{
    size_t n;
    if (base64_decode(d->r->scratch, node_string(node), &n))
        return;
    Error *err = read_issue(d->r, node_at(node), "the value of column '%s' is not base64", column->head.name);
    error_hint(err, "Bytes are written in a model as base64, as the program base64 writes them.");
}

// By the type, or by the values of an enum.
static void check_text(DataReader *d, const Column *column, const Node *node)
{
    Reader *r = d->r;
    const char *text = node_string(node);
    const char *expected = default_mismatch(r->scratch, r->dialect, column->type, text);
    const EnumType *type = column->enum_type;
    if (expected)
        read_issue(r, node_at(node), "column '%s' is %s, which %s '%s' is not", column->head.name, expected,
                   node->quoted ? "the text" : "the value", text);
    else if (type && !names_have(&type->values, text))
        read_suggest(
            read_issue(r, node_at(node), "'%s' is not a value of column '%s'", text, column->head.name), text,
            type->values.items, type->values.count);
}

static const Column *referred_column(const Reader *r, const DataSet *set, const Column *column,
                                     const Table *referred)
{
    VEC_EACH (Constraint *, key, &set->table->constraints) {
        if ((*key)->head.kind != OBJECT_FOREIGN_KEY || !(*key)->referred_table ||
            find_table(r, (*key)->referred_schema, (*key)->referred_table) != referred)
            continue;
        const Constraint *primary = table_primary_key(referred);
        for (size_t i = 0; i < (*key)->parts.count; i++) {
            if (!(*key)->parts.items[i].column ||
                strcmp((*key)->parts.items[i].column, column->head.name) != 0)
                continue;
            const char *name = i < (*key)->referred_columns.count    ? (*key)->referred_columns.items[i]
                               : primary && i < primary->parts.count ? primary->parts.items[i].column
                                                                     : NULL;
            return name ? find_column(r, referred, name) : NULL;
        }
    }
    return NULL;
}

// {role.name: admin, role.tenant: acme}: all of one table, to which a foreign key of the column leads.
static bool read_reference(DataReader *d, const Column *column, const Node *map, DataValue *out)
{
    Reader *r = d->r;
    DataReference *reference = ARENA_NEW(r->arena, DataReference);
    for (unsigned i = 0; i < map->count; i++) {
        const NodePair *pair = node_pair(map, i);
        NameList parts = { 0 };
        if (!name_split(r->arena, node_string(pair->key), &parts) || parts.count < 2 || parts.count > 3) {
            Error *err = read_issue(r, node_at(pair->key), "'%s' is not a column of another table",
                                    node_string(pair->key));
            error_hint(
                err,
                "A row is referred to by its own key, as in {role.name: admin}; an expression is {sql: …}.");
            return false;
        }
        const Table *table =
            find_table(r, parts.count == 3 ? parts.items[0] : NULL, parts.items[parts.count - 2]);
        if (!table || (reference->table && table != reference->table)) {
            read_issue(r, node_at(pair->key),
                       table ? "one reference names two tables" : "table '%s' does not exist",
                       parts.items[parts.count - 2]);
            return false;
        }
        reference->table = table;
        const Node *name = node_like(r->scratch, pair->key, parts.items[parts.count - 1]);
        const Column *by = read_data_column(d, table, name);
        if (!by || !pair->value || pair->value->kind != NODE_SCALAR || node_is_null(pair->value)) {
            if (by)
                read_issue(r, node_at(pair->key), "a reference needs a value");
            return false;
        }
        *VEC_PUSH(r->arena, &reference->columns) = (Column *)(uintptr_t)by;
        *VEC_PUSH(r->arena, &reference->texts) = node_string(pair->value);
    }
    reference->result = reference->table ? referred_column(r, d->set, column, reference->table) : NULL;
    out->kind = DATA_REFERENCE;
    out->reference = reference;
    if (reference->result)
        return true;
    Error *err = read_issue(r, node_at(map), "no foreign key leads from column '%s' to table '%s'",
                            column->head.name, reference->table ? reference->table->head.name : "?");
    error_hint(err, "Declare it: references: %s.id", reference->table ? reference->table->head.name : "role");
    return false;
}

static bool read_sql(DataReader *d, const Node *node, DataValue *out)
{
    out->kind = DATA_SQL;
    out->text = read_text(d->r, node, "sql");
    return out->text != NULL;
}

// One value of a row, by its column's type: text, SQL, JSON, an array, or a reference to a row of another set.
// False after an issue.
static bool read_value(DataReader *d, const Column *column, const Node *node, DataValue *out)
{
    Reader *r = d->r;
    node = read_pick(r, node);
    if (!node)
        return true; // none for this engine
    *out = (DataValue){ .kind = DATA_NULL, .at = node_at(node) };
    if (node_is_null(node))
        return true;
    out->kind = DATA_TEXT;
    if (node->kind == NODE_SCALAR) {
        bool truth;
        out->text = node_string(node);
        out->quoted = node->quoted;
        if (is_truth(d, column) && !node->quoted && node_truth(node, &truth)) // yes, off
            out->text = truth ? "true" : "false";
        if (r->dialect->rows->is_binary(column->type))
            check_bytes(d, column, node);
        else
            check_text(d, column, node);
        return true;
    }
    if (node->kind == NODE_MAP && node->count == 1 &&
        strcmp(node_string(node_pair(node, 0)->key), "sql") == 0 && !is_json(d, column))
        return read_sql(d, node_pair(node, 0)->value, out);
    out->quoted = true;
    if (is_json(d, column)) {
        out->text = json_text(r->arena, node);
        return true;
    }
    if (node->kind == NODE_LIST && is_array(column)) {
        StrBuf text;
        strbuf_init(&text, r->arena);
        put_array(&text, node);
        out->text = text.text;
        return true;
    }
    if (node->kind == NODE_MAP)
        return read_reference(d, column, node, out);
    read_issue(r, node_at(node), "column '%s' takes one value, not a list", column->head.name);
    return false;
}

// ---- Rows

// One row. It is kept only if all of its values and its key are good, so that later messages do not repeat
// what was reported here.
static void read_row(DataReader *d, const Node *node, const char *environment)
{
    Reader *r = d->r;
    const Table *table = d->set->table;
    if (!node || node->kind != NODE_MAP) {
        Error *err = read_issue(r, node_at(node), "a row must be a mapping of columns");
        error_hint(err, "As in - {code: EUR, name: Euro}.");
        return;
    }
    DataRow row = { .values = arena_alloc(r->scratch, (table->columns.count + 1) * sizeof(DataValue)),
                    .environment = environment,
                    .at = node_at(node) };
    bool good = true;
    for (unsigned i = 0; i < node->count && read_visit(r, node); i++) {
        const NodePair *pair = node_pair(node, i);
        const Column *column = read_data_column(d, table, pair->key);
        size_t place = column ? data_place(table, column) : 0;
        good = column && read_value(d, column, pair->value, &row.values[place]) && good;
        if (column)
            d->used[place] = true;
    }
    VEC_EACH (const char *, key, &d->key) {
        const DataValue *value = &row.values[data_place(table, find_column(r, table, *key))];
        if (value->kind != DATA_ABSENT && value->kind != DATA_NULL)
            continue;
        Error *err = read_issue(r, node_at(node), "the row has no '%s', which is of its key", *key);
        error_hint(
            err,
            "Rows are known by their key. Where the server makes it, say key: with columns that rows have.");
        good = false;
    }
    if (good)
        *VEC_PUSH(r->arena, &d->set->rows) = row;
}

static void read_list(DataReader *d, const Node *node, const char *environment)
{
    if (node_is_null(node))
        return;
    if (node->kind != NODE_LIST) {
        error_hint(read_issue(d->r, node_at(node), "rows must be a list"), "As in rows: [{id: 1}, {id: 2}].");
        return;
    }
    for (unsigned i = 0; i < node->count; i++)
        read_row(d, node_item(node, i), environment);
}

static void read_environments(DataReader *d, const Node *node)
{
    static const KeyInfo names[] = {
        {"default",       "data_rows", "rows of every environment"   },
        { "environments", "data_rows", "rows of one environment more"}
    };
    static const KeyMap map = { names, COUNT_OF(names) };
    const Node *got[COUNT_OF(names)] = { 0 };
    if (!read_keys(d->r, node, "rows", &map, got, NULL))
        return;
    read_list(d, got[0], NULL);
    if (node_is_null(got[1]))
        return;
    if (got[1]->kind != NODE_MAP) {
        read_issue(d->r, node_at(got[1]), "'environments' must be a mapping of their names");
        return;
    }
    for (unsigned i = 0; i < got[1]->count; i++)
        read_list(d, node_pair(got[1], i)->value, node_string(node_pair(got[1], i)->key));
}

// ---- Rows used twice

typedef struct Keyed {
    const char *environment, *key;
    const DataRow *row;
} Keyed;

static int by_key(const void *a, const void *b)
{
    const Keyed *x = a, *y = b;
    int order = strcmp(x->environment, y->environment);
    order = order ? order : strcmp(x->key, y->key);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static const char *key_of(DataReader *d, const DataRow *row)
{
    StrBuf out;
    strbuf_init(&out, d->r->scratch);
    VEC_EACH (const char *, key, &d->key) {
        const DataValue *value =
            &row->values[data_place(d->set->table, find_column(d->r, d->set->table, *key))];
        strbuf_printf(&out, "%d:", (int)value->kind);
        strbuf_put_list(&out, &value->text, 1);
        strbuf_putc(&out, ':');
        if (value->reference)
            strbuf_put_list(&out, value->reference->texts.items, value->reference->texts.count);
        strbuf_putc(&out, ';');
    }
    return out.text;
}

static void check_twice(DataReader *d)
{
    const DataRowList *rows = &d->set->rows;
    Keyed *keyed = arena_alloc(d->r->scratch, (rows->count + 1) * sizeof(Keyed));
    for (size_t i = 0; i < rows->count; i++)
        keyed[i] = (Keyed){ rows->items[i].environment ? rows->items[i].environment : "",
                            key_of(d, &rows->items[i]), &rows->items[i] };
    qsort(keyed, rows->count, sizeof(Keyed), by_key);
    for (size_t i = 1; i < rows->count; i++)
        if (strcmp(keyed[i - 1].key, keyed[i].key) == 0 &&
            strcmp(keyed[i - 1].environment, keyed[i].environment) == 0)
            error_also(read_issue(d->r, keyed[i].row->at, "a row with this key is declared twice"),
                       keyed[i - 1].row->at, "the other is here");
}

void read_rows(DataReader *d, const Node *node)
{
    const bool is_row = node && node->kind == NODE_MAP && node->count &&
                        find_column(d->r, d->set->table, node_string(node_pair(node, 0)->key));
    if (node && node->kind == NODE_MAP && !is_row)
        read_environments(d, node);
    else
        read_list(d, node, NULL);
    check_twice(d);
}
