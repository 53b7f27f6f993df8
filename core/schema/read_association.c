#include "core/schema/read.h"

#include <string.h>

// many_to_many: a table of two foreign keys that are its primary key. Read after all tables, because its columns have
// the types of the keys that they refer to.

enum {
    K_BETWEEN,
    K_ON_DELETE,
    K_ON_UPDATE,
    K_DEFERRABLE,
    K_COLUMNS,
    K_MIXINS,
    K_UNIQUE,
    K_INDEXES,
    K_CHECKS,
    K_FOREIGN_KEYS,
    K_COMMENT,
    K_RENAMED_FROM,
    K_OPTIONS,
    K_NAME,
    K_COUNT
};
static const KeyInfo association_keys[K_COUNT] = {
    {"between",       "between",      "the two tables"                                      },
    { "on_delete",    "action",       "what becomes of the pair when one of them is deleted"},
    { "on_update",    "action",       "what becomes of it when a referenced key is changed" },
    { "deferrable",   "deferrable",   "when the foreign keys are checked"                   },
    { "columns",      "columns",      "more columns"                                        },
    { "mixins",       "names",        "mixins whose columns and keys it takes"              },
    { "unique",       "uniques",      "unique constraints by name"                          },
    { "indexes",      "indexes",      "indexes by name"                                     },
    { "checks",       "checks",       "check constraints by name"                           },
    { "foreign_keys", "foreign keys", "more foreign keys by name"                           },
    { "comment",      "text",         "a comment, kept in the database where it can"        },
    { "renamed_from", "names",        "the name it had: a rename, not a drop and a create"  },
    { "options",      "options",      "settings of one engine: {mysql: {engine: InnoDB}}"   },
    { "name",         "text",         "its name, in a list"                                 },
};
const KeyMap association_keys_map = { association_keys, K_COUNT };

typedef struct Side {
    const Node *at, *columns, *on_delete, *on_update;
    const Table *table;
} Side;

static const KeyInfo side_keys[] = {
    {"table",      "text",   "the table"                     },
    { "column",    "names",  "the column that refers to it"  },
    { "columns",   "names",  "the columns that refer to it"  },
    { "on_delete", "action", "as of the whole, for this side"},
    { "on_update", "action", "as of the whole, for this side"},
};
const KeyMap side_keys_map = { side_keys, COUNT_OF(side_keys) };

// One of the two tables of many_to_many, in its short form (a name) or as a mapping. False, with an issue
// added, unless that table exists and has a primary key.
static bool read_side(Reader *r, const Node *node, Side *side)
{
    enum { S_TABLE, S_COLUMN, S_COLUMNS, S_ON_DELETE, S_ON_UPDATE, S_COUNT };
    _Static_assert(COUNT_OF(side_keys) == S_COUNT, "each key has its place");
    const Node *got[S_COUNT] = { 0 };
    if (node->kind == NODE_MAP)
        read_keys(r, node, "a side of many_to_many", &side_keys_map, got, NULL);
    else
        got[S_TABLE] = node;
    side->at = got[S_TABLE] ? got[S_TABLE] : node;
    side->columns = got[S_COLUMNS] ? got[S_COLUMNS] : got[S_COLUMN];
    side->on_delete = got[S_ON_DELETE];
    side->on_update = got[S_ON_UPDATE];
    const char *schema, *name;
    if (!node_is_scalar(got[S_TABLE]) || !read_name(r, got[S_TABLE], "table", &schema, &name)) {
        read_issue(r, node_at(node), "a side of many_to_many names a table");
        return false;
    }
    side->table = find_table(r, schema, name);
    if (!side->table) {
        NameList names = { 0 };
        VEC_EACH (Table *, it, &r->schema->tables)
            *VEC_PUSH(r->scratch, &names) = name_join(r->arena, (*it)->head.schema, (*it)->head.name);
        read_suggest(read_issue(r, node_at(side->at), "table '%s' does not exist", node_string(side->at)),
                     node_string(side->at), names.items, names.count);
        return false;
    }
    if (!table_primary_key(side->table)) {
        Error *err = read_issue(r, node_at(side->at), "table '%s' has no primary key to refer to",
                                node_string(side->at));
        error_also(err, side->table->head.at, "the table is here");
        return false;
    }
    return true;
}

// user_id for the key `id` of `user`, or the names that the side gives.
static const char *column_name(TableReader *t, const Side *side, const NameList *given, size_t i,
                               const char *key)
{
    if (i < given->count)
        return given->items[i];
    return arena_printf(t->r->arena, "%s_%s", side->table->head.name, key);
}

// What the model says that `object` was called before, and what it is called.
static NameList names_of(const Reader *r, const Object *object)
{
    NameList names = { 0 };
    *VEC_PUSH(r->arena, &names) = object->name;
    VEC_EACH (const Rename, it, r->renames)
        if (it->kind == object->kind && same_text(it->to, object->name) &&
            same_text(it->schema, object->schema) && same_text(it->table, object->table))
            *VEC_PUSH(r->arena, &names) = it->from;
    return names;
}

// A column that is called after its side is renamed with it.
static void follow_side(TableReader *t, const Side *side, const Column *target, const Column *column)
{
    const NameList tables = names_of(t->r, &side->table->head), keys = names_of(t->r, &target->head);
    VEC_EACH (const char *, table, &tables)
        VEC_EACH (const char *, key, &keys) {
            const char *from = arena_printf(t->r->arena, "%s_%s", *table, *key);
            if (strcmp(from, column->head.name) != 0)
                note_rename(t->r, (Rename){ .kind = OBJECT_COLUMN,
                                            .schema = column->head.schema,
                                            .table = column->head.table,
                                            .from = from,
                                            .to = column->head.name,
                                            .at = column->head.at });
        }
}

// Adds the columns and the foreign key that refer to one side: a column for each part of its primary key, of
// the same type, none of them nullable.
static void add_side(TableReader *t, const Side *side, const Node **got, PartList *primary)
{
    Reader *r = t->r;
    const Constraint *referred = table_primary_key(side->table);
    NameList given = read_names(r, side->columns, "columns");
    Constraint *key = constraint_new(r->arena, t->table, OBJECT_FOREIGN_KEY, NULL);
    key->head.at = node_at(side->at);
    key->on_delete = read_action(r, side->on_delete ? side->on_delete : got[K_ON_DELETE], "on_delete");
    key->on_update = read_action(r, side->on_update ? side->on_update : got[K_ON_UPDATE], "on_update");
    key->deferral = read_deferral(r, got[K_DEFERRABLE]);
    key->referred_schema = side->table->head.schema;
    key->referred_table = side->table->head.name;
    key->named_by_convention = true;
    if (given.count && given.count != referred->parts.count)
        read_issue(r, node_at(side->columns), "the key of table '%s' has %zu columns, not %zu",
                   side->table->head.name, referred->parts.count, given.count);
    for (size_t i = 0; i < referred->parts.count; i++) {
        const char *name = referred->parts.items[i].column;
        const Column *target = find_column(r, side->table, name ? name : "");
        if (!target)
            continue;
        Column *column = column_new(r->arena, t->table, column_name(t, side, &given, i, name));
        column->head.at = node_at(side->at);
        column->type = target->type;
        column->enum_type = target->enum_type;
        column->collation = target->collation;
        column->nullable = false;
        add_column(t, column, NULL, NULL);
        if (i >= given.count)
            follow_side(t, side, target, column);
        *VEC_PUSH(r->arena, &key->parts) = (Part){ .column = column->head.name };
        *VEC_PUSH(r->arena, primary) = (Part){ .column = column->head.name };
        *VEC_PUSH(r->arena, &key->referred_columns) = target->head.name;
    }
    key->head.name = name_by_convention(t, NAMED_FOREIGN_KEY,
                                        (NameFacts){ .parts = &key->parts,
                                                     .referred_table = key->referred_table,
                                                     .referred_columns = &key->referred_columns });
    *VEC_PUSH(r->arena, &t->table->constraints) = key;
}

static void clash(Reader *r, const Node *between, const Table *table)
{
    for (size_t i = 1; i < table->columns.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(table->columns.items[i]->head.name, table->columns.items[j]->head.name) == 0) {
                Error *err = read_issue(r, node_at(between), "both sides would have a column '%s'",
                                        table->columns.items[i]->head.name);
                error_hint(err, "Name them: between: [{table: user, column: follower_id}, {table: user, "
                                "column: followed_id}].");
                return;
            }
}

// The association table itself: two foreign keys whose columns together are its primary key.
static void read_body(TableReader *t, const Node **got)
{
    Reader *r = t->r;
    const Node *between = got[K_BETWEEN];
    Side sides[2] = { 0 };
    bool known = true;
    for (size_t i = 0; i < 2; i++) {
        const Node *side = read_pick(r, node_item(between, i));
        known = side && read_side(r, side, &sides[i]) && known;
    }
    if (!known)
        return;
    Constraint *primary = constraint_new(r->arena, t->table, OBJECT_PRIMARY_KEY, NULL);
    primary->head.at = t->table->head.at;
    primary->named_by_convention = true;
    for (size_t i = 0; i < 2; i++)
        add_side(t, &sides[i], got, &primary->parts);
    clash(r, between, t->table);
    if (!(r->dialect->caps & KEYS_HAVE_NO_NAME))
        primary->head.name =
            name_by_convention(t, NAMED_PRIMARY_KEY, (NameFacts){ .parts = &primary->parts });
    *VEC_PUSH(r->arena, &t->table->constraints) = primary;
}

void read_association(Reader *r, const Node *key, const Node *value)
{
    const Node *got[K_COUNT];
    const char *schema, *name;
    value = read_pick(r, value);
    if (!value || !read_name(r, key, "table", &schema, &name) ||
        !read_keys(r, value, "many_to_many", &association_keys_map, got, NULL))
        return;
    if (!got[K_BETWEEN] || got[K_BETWEEN]->kind != NODE_LIST || got[K_BETWEEN]->count != 2) {
        Error *err = read_issue(r, node_at(got[K_BETWEEN] ? got[K_BETWEEN] : key),
                                "many_to_many '%s' needs two tables", name);
        error_hint(err, "As in user_group: {between: [user, group]}.");
        return;
    }
    TableReader t = { .r = r, .table = table_new(r->arena, schema, name) };
    t.table->head.at = node_at(key);
    read_comment(r, got[K_COMMENT], &t.table->head);
    read_renamed(r, got[K_RENAMED_FROM], &t.table->head);
    read_options(r, got[K_OPTIONS], OBJECT_TABLE, &t.table->head.options);
    read_body(&t, got);
    read_columns(&t, node_get(value, "columns"));
    Node *rest = node_map(r->scratch);
    for (size_t k = K_MIXINS; k <= K_FOREIGN_KEYS; k++)
        if (node_get(value, association_keys[k].name))
            node_put(r->scratch, rest, association_keys[k].name, node_get(value, association_keys[k].name));
    rest->file = value->file;
    if (rest->count)
        read_rest_of_table(&t, rest);
    finish_table(&t);
}
