// `data:` -- which rows a table shall have. Here an entry as a whole; its rows are read by read_rows.c.
#include <string.h>
#include <strings.h>

#include "core/schema/read_data.h"

enum { K_KEY, K_MODE, K_OWNS, K_COLUMNS, K_ROWS, K_FILE, K_NULL, K_COUNT };
static const KeyInfo keys[K_COUNT] = {
    [K_KEY] = {"key",      "texts",      "the columns that a row is known by; default: the primary key"},
    [K_MODE] = { "mode",    "text",       "insert, upsert (default) or sync"                            },
    [K_OWNS] = { "owns",    "text",       "sync: a condition for the rows that are the model's"         },
    [K_COLUMNS] = { "columns", "data_rules", "columns that are set once (initial) or left alone (ignore)"  },
    [K_ROWS] = { "rows",    "data_rows",  "the rows"                                                    },
    [K_FILE] = { "file",    "text",       "a file of rows: .csv, .tsv or .jsonl"                        },
    [K_NULL] = { "null",    "text",       "the text in the file that means NULL"                        },
};
const KeyMap data_keys_map = { keys, K_COUNT };

static const Table *table_named(Reader *r, const Node *key)
{
    const char *schema = NULL, *name = NULL;
    if (!read_name(r, key, "table", &schema, &name))
        return NULL;
    const Table *table = find_table(r, schema, name);
    if (table)
        return table;
    NameList names = { 0 };
    VEC_EACH (Table *, it, &r->schema->tables)
        *VEC_PUSH(r->scratch, &names) = name_join(r->arena, (*it)->head.schema, (*it)->head.name);
    Error *err =
        read_issue(r, node_at(key), "data of a table that the model does not have: '%s'", node_string(key));
    read_suggest(err, node_string(key), names.items, names.count);
    if (!err->label[0])
        error_hint(err, "Declare the table under 'tables:'.");
    return NULL;
}

const Column *read_data_column(DataReader *d, const Table *table, const Node *key)
{
    Reader *r = d->r;
    const Column *column = find_column(r, table, node_string(key));
    if (column && column->generated) {
        read_issue(r, node_at(key), "column '%s' is generated: it takes no value", column->head.name);
        return NULL;
    }
    if (column)
        return column;
    NameList names = { 0 };
    VEC_EACH (Column *, it, &table->columns)
        *VEC_PUSH(r->scratch, &names) = (*it)->head.name;
    Error *err =
        read_issue(r, node_at(key), "table '%s' has no column '%s'", table->head.name, node_string(key));
    error_also(err, table->head.at, "the table is here");
    read_suggest_column(err, node_string(key), &names);
    return NULL;
}

// ---- The key

static bool same_columns(const NameList *key, const PartList *parts)
{
    if (key->count != parts->count)
        return false;
    VEC_EACH (Part, part, parts)
        if (!part->column || part->length || !names_have(key, part->column))
            return false;
    return key->count > 0;
}

// Rows are known by their key, so no two may have the same: it is the primary key or a unique one.
static bool is_unique(const Table *table, const NameList *key)
{
    size_t at = 0;
    for (const PartList *parts; (parts = table_next_key(table, &at));)
        if (same_columns(key, parts))
            return true;
    return false;
}

// The columns by which rows are recognised: those of `key:`, or the primary key. They must be unique in the
// table, or two rows could not be told apart.
static bool read_key(DataReader *d, const Node *entry, const Node *node)
{
    Reader *r = d->r;
    const Table *table = d->set->table;
    const Constraint *primary = table_primary_key(table);
    if (node_is_null(node)) {
        if (!primary) {
            Error *err =
                read_issue(r, node_at(entry), "table '%s' has no primary key: say which key its rows have",
                           table->head.name);
            error_hint(err, "As in key: code, or key: [role, permission].");
            return false;
        }
        VEC_EACH (Part, part, &primary->parts)
            *VEC_PUSH(r->arena, &d->key) = part->column;
        return true;
    }
    NameList given = read_names(r, node, "key");
    for (size_t i = 0; i < given.count; i++) {
        const Node *at = node->kind == NODE_LIST ? node_item(node, (unsigned)i) : node;
        const Column *column = read_data_column(d, table, at);
        if (!column)
            return false;
        *VEC_PUSH(r->arena, &d->key) = column->head.name;
    }
    if (is_unique(table, &d->key))
        return true;
    Error *err = read_issue(r, node_at(node),
                            "the key of these rows is neither the primary key nor a unique key of '%s'",
                            table->head.name);
    error_also(err, table->head.at, "the table is here");
    error_hint(err, "Declare it unique: two rows with the same key could not be told apart.");
    return false;
}

// ---- Rules of columns

static void read_rule(DataReader *d, const NodePair *pair)
{
    static const char *const words[] = { "ignore", "initial" };
    Reader *r = d->r;
    const Column *column = read_data_column(d, d->set->table, pair->key);
    int word = read_word(r, pair->value, "the rule of a column", words, COUNT_OF(words));
    if (!column || word < 0)
        return;
    if (names_have(&d->key, column->head.name)) {
        read_issue(r, node_at(pair->value), "column '%s' is of the key: it is always compared",
                   column->head.name);
        return;
    }
    d->rules[data_place(d->set->table, column)] = word == 0 ? DATA_IGNORED : DATA_INITIAL;
}

static void read_rules(DataReader *d, const Node *node)
{
    if (node_is_null(node))
        return;
    if (node->kind != NODE_MAP) {
        read_issue(d->r, node_at(node), "'columns' must be a mapping, such as {rate: initial}");
        return;
    }
    for (unsigned i = 0; i < node->count; i++)
        read_rule(d, node_pair(node, i));
}

size_t data_place(const Table *table, const Column *column)
{
    size_t i = 0;
    while (table->columns.items[i] != column)
        i++;
    return i;
}

// ---- The entry

static void read_head(DataReader *d, const Node *const *got)
{
    static const char *const modes[] = { "insert", "upsert", "sync" };
    int mode = got[K_MODE] ? read_word(d->r, got[K_MODE], "mode", modes, COUNT_OF(modes)) : DATA_UPSERT;
    d->set->mode = mode < 0 ? DATA_UPSERT : (DataMode)mode;
    d->set->owns = read_text(d->r, got[K_OWNS], "owns");
    if (!d->set->owns)
        return;
    d->set->owns_at = node_at(got[K_OWNS]);
    if (d->set->mode != DATA_SYNC) {
        Error *err = read_issue(d->r, node_at(got[K_OWNS]), "'owns' is for mode: sync alone");
        error_hint(err, "Only there are rows deleted that are not declared.");
    }
}

// Rows mention few columns of a wide table: the set has those, in the order of the table.
static void pack_columns(DataReader *d)
{
    const Table *table = d->set->table;
    size_t count = table->columns.count;
    for (size_t i = 0; i < count; i++)
        if (d->used[i])
            *VEC_PUSH(d->r->arena, &d->set->columns) =
                (DataColumn){ table->columns.items[i], d->rules[i],
                              names_have(&d->key, table->columns.items[i]->head.name) };
    VEC_EACH (DataRow, row, &d->set->rows) {
        DataValue *packed = arena_alloc(d->r->arena, (d->set->columns.count + 1) * sizeof(DataValue));
        size_t k = 0;
        for (size_t i = 0; i < count; i++)
            if (d->used[i])
                packed[k++] = row->values[i];
        row->values = packed;
    }
}

static bool needs_value(const DataReader *d, const Column *column)
{
    const Constraint *primary = table_primary_key(d->set->table); // SQLite numbers it
    if (primary && parts_have_column(&primary->parts, column->head.name))
        return false;
    return !column->nullable && !column->default_sql && !column->generated && !column->autoincrement &&
           column->identity == IDENTITY_NONE && !names_have(&d->key, column->head.name);
}

// A row that is in the database already is changed, and needs no other values; one that is not cannot be inserted without them.
static void warn_of_missing(DataReader *d)
{
    Reader *r = d->r;
    const ColumnList *columns = &d->set->table->columns;
    for (size_t i = 0; i < columns->count; i++) {
        const char *name = columns->items[i]->head.name;
        SourcePos at = d->set->at;
        bool missing = d->set->file && !d->used[i];
        if (!needs_value(d, columns->items[i]))
            continue;
        for (size_t k = 0; k < d->set->rows.count && !missing; k++) {
            missing = d->set->rows.items[k].values[i].kind == DATA_ABSENT;
            at = d->set->rows.items[k].at;
        }
        if (missing)
            *VEC_PUSH(r->arena, &r->schema->warnings) = (Warning){
                .text = arena_printf(
                    r->arena,
                    "the row has no '%s', which cannot be null and has no default: it cannot be inserted",
                    name),
                .at = at
            };
    }
}

void read_data(Reader *r, const Node *key, const Node *value)
{
    const Node *got[K_COUNT] = { 0 };
    const Table *table = table_named(r, key);
    if (!table)
        return;
    VEC_EACH (DataSet *, it, &r->schema->data)
        if ((*it)->table == table) {
            Error *err =
                read_issue(r, node_at(key), "data of table '%s' is declared twice", node_string(key));
            error_also(err, (*it)->at, "the other is here");
            return;
        }
    DataSet *set = ARENA_NEW(r->arena, DataSet);
    size_t columns = table->columns.count + 1;
    *set = (DataSet){ .table = table, .at = node_at(key), .mode = DATA_UPSERT };
    DataReader d = { .r = r,
                     .set = set,
                     .used = arena_alloc(r->scratch, columns * sizeof(bool)),
                     .rules = arena_alloc(r->scratch, columns * sizeof(DataRule)) };
    const Node *rows = value;
    if (value && value->kind != NODE_LIST) {
        if (!read_keys(r, value, "data", &data_keys_map, got, NULL))
            return;
        rows = node_get(value, "rows"); // as it appears: a table may have a column `mysql`
    }
    if (!read_key(&d, key, got[K_KEY]))
        return;
    read_head(&d, got);
    read_rules(&d, value && value->kind == NODE_MAP ? node_get(value, "columns") : NULL);
    VEC_EACH (const char *, it, &d.key)
        d.used[data_place(table, find_column(r, table, *it))] = true;
    if (got[K_FILE] && !node_is_null(rows))
        read_issue(r, node_at(got[K_FILE]), "'file' and 'rows' both say which rows");
    if (got[K_FILE])
        read_data_file(&d, got[K_FILE], got[K_NULL] ? node_string(got[K_NULL]) : NULL);
    read_rows(&d, rows);
    warn_of_missing(&d);
    pack_columns(&d);
    *VEC_PUSH(r->arena, &r->schema->data) = set;
}
