#include "core/schema/read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    K_COLUMNS,
    K_MIXINS,
    K_PRIMARY_KEY,
    K_UNIQUE,
    K_INDEXES,
    K_CHECKS,
    K_FOREIGN_KEYS,
    K_EXCLUDE,
    K_MIXIN_COUNT,
    K_COMMENT = K_MIXIN_COUNT,
    K_RENAMED_FROM,
    K_OPTIONS,
    K_DEFINITION,
    K_NAME,
    K_LINT,
    K_COUNT
};
static const KeyInfo table_keys[K_COUNT] = {
    {"columns",       "columns",      "its columns, in their order"                         },
    { "mixins",       "names",        "mixins whose columns and keys it takes"              },
    { "primary_key",  "primary key",  "the columns of the primary key"                      },
    { "unique",       "uniques",      "unique constraints by name"                          },
    { "indexes",      "indexes",      "indexes by name"                                     },
    { "checks",       "checks",       "check constraints by name"                           },
    { "foreign_keys", "foreign keys", "foreign keys by name"                                },
    { "exclude",      "excludes",     "exclusion constraints by name (PostgreSQL)"          },
    { "comment",      "text",         "a comment, kept in the database where it can"        },
    { "renamed_from", "names",        "the name it had: a rename, not a drop and a create"  },
    { "options",      "options",      "settings of one engine: {mysql: {engine: InnoDB}}"   },
    { "definition",   "text",         "the whole CREATE VIRTUAL TABLE statement (SQLite)"   },
    { "name",         "text",         "its name, in a list"                                 },
    { "lint",         "lint",         "rules of lint that are allowed here: {allow: [RULE]}"},
};
const KeyMap table_keys_map = { table_keys, K_COUNT };
const KeyMap mixin_keys_map = { table_keys, K_MIXIN_COUNT };

// A mixin is a map of columns, or has the keys of a table.
static bool is_table_shaped(const Node *value)
{
    bool any = false;
    for (unsigned i = 0; i < value->count; i++) {
        size_t k = 0;
        while (k < K_MIXIN_COUNT && strcmp(node_string(node_pair(value, i)->key), table_keys[k].name) != 0)
            k++;
        if (k == K_MIXIN_COUNT)
            return false;
        // a column of that name would have a type in it, or be one
        const Node *inside = node_pair(value, i)->value;
        if (inside->kind == NODE_SCALAR ||
            (node_get(inside, "type") && node_get(inside, "type")->kind == NODE_SCALAR && k != K_COLUMNS))
            return false;
        any = true;
    }
    return any;
}

void read_mixin_defs(Reader *r, const EntryList *mixins)
{
    VEC_EACH (Entry, entry, mixins) {
        const Node *value = entry->value;
        if (node_is_null(entry->key) || node_is_null(value))
            continue;
        if (value->kind != NODE_MAP) {
            read_issue(r, node_at(value), "mixin '%s' must be a mapping of columns", node_string(entry->key));
            continue;
        }
        *VEC_PUSH(r->scratch, &r->mixins) = (Mixin){ entry->key, value, false };
    }
}

static void apply_mixins(TableReader *t, const Node *node);

// Maps by name are taken as they appear, not for values by dialect: a column may be called `mysql`.
static void read_parts_of_table(TableReader *t, const Node *map, const Node **got)
{
    for (size_t k = 0; k < K_MIXIN_COUNT; k++)
        if (k != K_MIXINS && k != K_PRIMARY_KEY)
            got[k] = node_get(map, table_keys[k].name);
    read_columns(t, got[K_COLUMNS]);
    apply_mixins(t, got[K_MIXINS]);
    read_primary_key(t, got[K_PRIMARY_KEY]);
    read_uniques(t, got[K_UNIQUE]);
    read_indexes(t, got[K_INDEXES]);
    read_checks(t, got[K_CHECKS], NULL);
    read_foreign_keys(t, got[K_FOREIGN_KEYS]);
    read_excludes(t, got[K_EXCLUDE]);
}

// Reads the parts of a mixin as if they were written in the table. `busy` finds a mixin that includes itself.
static void apply_mixin(TableReader *t, const Node *name)
{
    Reader *r = t->r;
    Mixin *mixin = NULL;
    NameList known = { 0 };
    VEC_EACH (Mixin, it, &r->mixins) {
        if (strcmp(node_string(it->key), node_string(name)) == 0)
            mixin = it;
        *VEC_PUSH(r->scratch, &known) = node_string(it->key);
    }
    if (!mixin) {
        Error *err = read_issue(r, node_at(name), "unknown mixin '%s'", node_string(name));
        read_suggest(err, node_string(name), known.items, known.count);
        if (!known.count)
            error_hint(err, "Mixins are declared under 'mixins:', beside 'tables:'.");
        return;
    }
    if (mixin->busy) {
        read_issue(r, node_at(name), "mixin '%s' mixes itself in", node_string(name));
        return;
    }
    mixin->busy = true;
    t->mixin_depth++;
    const Node *got[K_COUNT] = { 0 };
    const bool shaped = is_table_shaped(mixin->value);
    if (shaped)
        read_keys(r, mixin->value, "a mixin", &mixin_keys_map, got, NULL);
    if (shaped)
        read_parts_of_table(t, mixin->value, got);
    else
        read_columns(t, mixin->value);
    t->mixin_depth--;
    mixin->busy = false;
}

static void apply_mixins(TableReader *t, const Node *node)
{
    if (node_is_null(node))
        return;
    if (node->kind == NODE_SCALAR)
        apply_mixin(t, node);
    if (node->kind == NODE_MAP)
        read_issue(t->r, node_at(node), "'mixins' must be a list of names");
    for (unsigned i = 0; node->kind == NODE_LIST && i < node->count && read_visit(t->r, node); i++) {
        const Node *item = read_pick(t->r, node_item(node, i));
        if (node_is_scalar(item))
            apply_mixin(t, item);
        else if (!node_is_null(item))
            read_issue(t->r, node_at(item), "'mixins' must be a list of names");
    }
}

void read_rest_of_table(TableReader *t, const Node *value)
{
    const Node *got[K_COUNT] = { 0 };
    if (read_keys(t->r, value, "a table", &mixin_keys_map, got, NULL))
        read_parts_of_table(t, value, got);
}

static void read_table_body(TableReader *t, const Node *value)
{
    Reader *r = t->r;
    Table *table = t->table;
    const Node *got[K_COUNT];
    const FlatOptions flat = { OBJECT_TABLE, &table->head.options };
    if (!read_keys(r, value, arena_printf(r->scratch, "table '%s'", table->head.name), &table_keys_map, got,
                   &flat))
        return;
    read_comment(r, got[K_COMMENT], &table->head);
    read_renamed(r, got[K_RENAMED_FROM], &table->head);
    read_options(r, got[K_OPTIONS], OBJECT_TABLE, &table->head.options);
    read_lint(r, got[K_LINT], &table->head);
    table->head.definition = read_text(r, got[K_DEFINITION], "definition");
    table->is_virtual = table->head.definition != NULL;
    read_parts_of_table(t, value, got);
    if (!table->columns.count && !got[K_COLUMNS] && !got[K_MIXINS] && !table->head.options.count &&
        !table->is_virtual) {
        Error *err = read_issue(r, table->head.at, "table '%s' has no columns", table->head.name);
        error_hint(err, "As in columns: {id: {type: integer, primary_key: true}}.");
    }
}

// Makes the primary key of columns that say `primary_key`, and checks that it is the same one where the table
// has a primary key of its own.
static void finish_key(TableReader *t)
{
    Reader *r = t->r;
    Constraint *key = table_primary_key(t->table);
    if (!key && t->key.count) {
        key = constraint_new(r->arena, t->table, OBJECT_PRIMARY_KEY, NULL);
        key->head.at = node_at(t->key_at);
        key->parts = t->key;
        key->named_by_convention = true;
        if (!(r->dialect->caps & KEYS_HAVE_NO_NAME))
            key->head.name = name_by_convention(t, NAMED_PRIMARY_KEY, (NameFacts){ .parts = &key->parts });
        *VEC_PUSH(r->arena, &t->table->constraints) = key;
        return;
    }
    bool same = !t->key.count || (key && key->parts.count == t->key.count);
    VEC_EACH (Part, part, &t->key)
        same = same && parts_have_column(&key->parts, part->column);
    if (!same) {
        Error *err = read_issue(r, key->head.at, "the primary key of table '%s' is declared twice",
                                t->table->head.name);
        error_also(err, node_at(t->key_at), "and differently here");
        error_hint(err, "Keep one of them: primary_key: true at its columns, or the list of the table.");
    }
}

// Can a column be numbered that says so? SQLite numbers a primary key of one column alone.
static void check_counts(Reader *r, SourcePos at, const Column *column, const Constraint *key)
{
    const char *fault = NULL;
    if (key_family(r, column) == KEY_TEXT)
        fault = "a text";
    else if (!(r->dialect->caps & INTEGER_KEYS_COUNT) &&
             (!key || key->parts.count != 1 || !parts_have_column(&key->parts, column->head.name)))
        fault = "not the primary key";
    if (fault)
        error_hint(read_issue(r, at, "column '%s' is %s and cannot be numbered", column->head.name, fault),
                   "As in id: {type: integer, primary_key: true, autoincrement: true}.");
}

// Settles what depends on the primary key, which is not known before all columns are: NOT NULL and the
// automatic numbers of key columns.
static void finish_columns(TableReader *t)
{
    Reader *r = t->r;
    const Constraint *key = table_primary_key(t->table);
    for (size_t i = 0; i < t->table->columns.count; i++) {
        Column *column = t->table->columns.items[i];
        // each column that was read has put its nodes there
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
        const Node *nullable = t->nullable.items[i], *counts = t->counts.items[i];
        if (key && parts_have_column(&key->parts, column->head.name)) {
            bool says_null = !node_is_null(nullable) && column->nullable;
            if (says_null && !(r->dialect->caps & KEYS_MAY_BE_NULL))
                error_hint(read_issue(r, node_at(nullable),
                                      "column '%s' is part of the primary key and cannot be null",
                                      column->head.name),
                           "Remove nullable: true, or take the column out of the key.");
            column->nullable = says_null;
            column->nullable_implied = node_is_null(nullable);
        }
        column->autoincrement = node_is_null(counts)
                                    ? counts_by_itself(r->scratch, r->dialect, t->table, column)
                                    : read_bool(r, counts, "autoincrement", false);
        if (column->autoincrement && !node_is_null(counts))
            check_counts(r, node_at(counts), column, key);
        column->numbering_implied = column->autoincrement && node_is_null(counts);
        if (column->autoincrement && node_is_null(nullable) && !(r->dialect->caps & KEYS_MAY_BE_NULL))
            column->nullable = false;
    }
}

static int by_name(const void *a, const void *b)
{
    const Object *x = *(const Object *const *)a, *y = *(const Object *const *)b;
    const int order = strcasecmp(x->name, y->name);
    return order ? order : strcmp(x->name, y->name);
}

// Sorted, so that a table of thousands of columns is no long work.
static void check_columns_differ(const TableReader *t)
{
    const ColumnList *columns = &t->table->columns;
    const bool folds = (t->r->dialect->caps & (FOLDS_NAME_CASE | FOLDS_COLUMN_CASE)) != 0;
    if (columns->count < 2)
        return;
    const Object **sorted = arena_alloc(t->r->scratch, columns->count * sizeof(*sorted));
    for (size_t i = 0; i < columns->count; i++)
        sorted[i] = &columns->items[i]->head;
    qsort(sorted, columns->count, sizeof(*sorted), by_name);
    for (size_t i = 1; i < columns->count; i++) {
        const Object *a = sorted[i - 1], *b = sorted[i];
        if (folds ? strcasecmp(a->name, b->name) != 0 : strcmp(a->name, b->name) != 0)
            continue;
        const bool swapped =
            a->at.line > b->at.line || (a->at.line == b->at.line && a->at.column > b->at.column);
        const Object *first = swapped ? b : a, *again = swapped ? a : b;
        Error *err =
            read_issue(t->r, again->at, "table '%s' has two columns '%s'", t->table->head.name, again->name);
        error_also(err, first->at, "the other is here");
        error_hint(err, "Give one of them another name.");
    }
}

static void check_columns(TableReader *t)
{
    Reader *r = t->r;
    const ColumnList *columns = &t->table->columns;
    check_columns_differ(t);
    if (brings_columns(t->table))
        return;
    VEC_EACH (ColumnUse, use, &t->uses) {
        if (find_column(r, t->table, use->name))
            continue;
        NameList names = { 0 };
        VEC_EACH (Column *, column, columns)
            *VEC_PUSH(r->scratch, &names) = (*column)->head.name;
        Error *err = read_issue(r, node_at(use->node), "table '%s' has no column '%s'", t->table->head.name,
                                use->name);
        read_suggest_column(err, use->name, &names);
    }
}

void finish_table(TableReader *t)
{
    finish_key(t);
    finish_columns(t);
    check_columns(t);
    *VEC_PUSH(t->r->arena, &t->r->schema->tables) = t->table;
}

void read_table(Reader *r, const Node *key, const Node *value)
{
    const bool given = value != NULL;
    value = read_pick(r, value);
    if (!value && given)
        return;
    const char *schema, *name;
    if (!read_name(r, key, "table", &schema, &name))
        return;
    TableReader t = { .r = r, .table = table_new(r->arena, schema, name) };
    t.table->head.at = node_at(key);
    static const Node nothing = { .kind = NODE_MAP };
    read_table_body(&t, node_is_null(value) ? &nothing : value);
    finish_table(&t);
}
