#include "core/schema/read.h"

#include <string.h>

// PRIMARY KEY, UNIQUE, EXCLUDE, CHECK and indexes; foreign keys are in read_reference.c.

static const char *fill_table(TableReader *t, const char *name)
{
    // in a mixin, a name must differ from table to table
    if (!name || !t->mixin_depth || !strstr(name, "{table}"))
        return name;
    const NameFacts facts = { .table = t->table->head.name };
    return convention_name(t->r->arena, t->r->dialect, name, &facts);
}

const char *read_own_name(TableReader *t, const Node *key, bool *given)
{
    *given = key != NULL;
    return node_is_null(key) ? NULL : fill_table(t, read_text(t->r, key, "name"));
}

const char *name_by_convention(TableReader *t, NamedKind kind, NameFacts facts)
{
    facts.table = t->table->head.name;
    return convention_name(t->r->arena, t->r->dialect, t->r->names.patterns[kind], &facts);
}

static Constraint *add_constraint(TableReader *t, ObjectKind kind, const char *name, const Node *at)
{
    Constraint *constraint = constraint_new(t->r->arena, t->table, kind, name);
    constraint->head.at = node_at(at);
    *VEC_PUSH(t->r->arena, &t->table->constraints) = constraint;
    return constraint;
}

enum {
    K_NAME,
    K_COLUMNS,
    K_INCLUDE,
    K_NULLS_DISTINCT,
    K_METHOD,
    K_WHERE,
    K_DEFERRABLE,
    K_COMMENT,
    K_RENAMED_FROM,
    K_OPTIONS,
    K_COUNT
};
static const KeyInfo key_keys[K_COUNT] = {
    {"name",            "text",       "its name, in a list"                               },
    { "columns",        "parts",      "its columns"                                       },
    { "include",        "names",      "columns that its index carries besides"            },
    { "nulls_distinct", "truth",      "whether two NULLs differ (default: true)"          },
    { "method",         "text",       "the index method"                                  },
    { "where",          "text",       "the rows that it is for"                           },
    { "deferrable",     "deferrable", "when it is checked"                                },
    { "comment",        "text",       "a comment, kept in the database where it can"      },
    { "renamed_from",   "names",      "the name it had: a rename, not a drop and a create"},
    { "options",        "options",    "settings of one engine: {mysql: {engine: InnoDB}}" },
};
const KeyMap key_keys_map = { key_keys, K_COUNT };

// What PRIMARY KEY, UNIQUE and EXCLUDE have in common. `value` is a list of columns, one column, or a mapping.
static void read_key_body(TableReader *t, Constraint *key, const Node *value)
{
    Reader *r = t->r;
    const Node *got[K_COUNT] = { 0 };
    const FlatOptions flat = { key->head.kind, &key->head.options };
    if (value->kind == NODE_MAP)
        read_keys(r, value, arena_printf(r->scratch, "a %s", object_kinds[key->head.kind].word),
                  &key_keys_map, got, &flat);
    else
        got[K_COLUMNS] = value;
    if (got[K_COLUMNS])
        key->parts = (PartList){ 0 };
    read_part_list(t, got[K_COLUMNS], &key->parts);
    key->include = read_names(r, got[K_INCLUDE], "include");
    VEC_EACH (const char *, name, &key->include)
        use_column(t, got[K_INCLUDE], *name);
    key->nulls_not_distinct = !read_bool(r, got[K_NULLS_DISTINCT], "nulls_distinct", true);
    key->method = read_text(r, got[K_METHOD], "method");
    key->where = read_text(r, got[K_WHERE], "where");
    key->deferral = read_deferral(r, got[K_DEFERRABLE]);
    read_comment(r, got[K_COMMENT], &key->head);
    read_renamed(r, got[K_RENAMED_FROM], &key->head);
    read_options(r, got[K_OPTIONS], key->head.kind, &key->head.options);
    if (key->parts.count == 0)
        error_hint(read_issue(r, node_at(value), "a %s needs columns", object_kinds[key->head.kind].word),
                   "As in [name, mail].");
}

static void name_key(TableReader *t, Constraint *key, NamedKind kind, const Node *name)
{
    bool given;
    key->head.name = read_own_name(t, name, &given);
    if (given)
        return;
    key->named_by_convention = true;
    key->head.name = name_by_convention(t, kind, (NameFacts){ .parts = &key->parts });
}

static void read_unique(TableReader *t, const Node *name, const Node *value, const Column *column)
{
    Constraint *unique = add_constraint(t, OBJECT_UNIQUE, NULL, node_is_null(name) ? value : name);
    if (column)
        *VEC_PUSH(t->r->arena, &unique->parts) = (Part){ .column = column->head.name };
    bool given;
    unique->head.name = read_own_name(t, name, &given); // before what hangs on it is read
    if (!column || value->kind == NODE_MAP)
        read_key_body(t, unique, value);
    name_key(t, unique, NAMED_UNIQUE, name);
}

void read_uniques(TableReader *t, const Node *node)
{
    EntryList entries = read_entries(t->r, node, "unique", true);
    // [a, b] of names alone is one key of two columns less often than two keys: it must say which
    VEC_EACH (Entry, entry, &entries) {
        const Node *value = read_pick(t->r, entry->value);
        if (!node_is_null(value))
            read_unique(t, entry->key, value, NULL);
    }
}

// true, a name, or a mapping; also a list of those.
void read_at_column(TableReader *t, const Column *column, const Node *node, ReadAtColumn *read)
{
    static const char *const falses[] = { "false", "False", "no", "off" }, *const trues[] = { "true", "True",
                                                                                              "yes", "on" };
    if (node_is_null(node))
        return;
    if (node->kind == NODE_LIST) {
        for (unsigned i = 0; i < node->count && read_visit(t->r, node); i++) {
            const Node *item = read_pick(t->r, node_item(node, i));
            if (item && item->kind == NODE_LIST)
                read_issue(t->r, node_at(item), "a list inside a list means nothing here");
            else
                read_at_column(t, column, item, read);
        }
        return;
    }
    if (node->kind == NODE_MAP) {
        read(t, read_name_key(t->r, node), node, column);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(trues); i++) {
        if (node_is_plain(node, falses[i]))
            return;
        if (node_is_plain(node, trues[i])) {
            read(t, NULL, node, column);
            return;
        }
    }
    read(t, node, node, column);
}

void read_column_unique(TableReader *t, const Column *column, const Node *node)
{
    read_at_column(t, column, node, read_unique);
}

void read_primary_key(TableReader *t, const Node *node)
{
    node = read_pick(t->r, node);
    if (node_is_null(node))
        return;
    Constraint *key = add_constraint(t, OBJECT_PRIMARY_KEY, NULL, node);
    if (t->key.count && node->kind == NODE_MAP)
        key->parts = t->key; // the columns may have said it already
    read_key_body(t, key, node);
    name_key(t, key, NAMED_PRIMARY_KEY, read_name_key(t->r, node));
    if (t->r->dialect->caps & KEYS_HAVE_NO_NAME) {
        key->head.name = NULL;
        key->named_by_convention = true;
    }
}

void read_excludes(TableReader *t, const Node *node)
{
    EntryList entries = read_entries(t->r, node, "exclude", false);
    VEC_EACH (Entry, entry, &entries) {
        const Node *value = read_pick(t->r, entry->value);
        if (node_is_null(value))
            continue;
        bool given;
        const char *name = read_own_name(t, entry->key, &given);
        Constraint *exclude = add_constraint(t, OBJECT_EXCLUDE, name, given ? entry->key : value);
        exclude->named_by_convention = !given;
        read_key_body(t, exclude, value);
    }
}

// Checks ----------------------------------------------------------------------------------------------------------

static unsigned checks_of_column(const Table *table, const char *column)
{
    unsigned count = 0;
    VEC_EACH (Constraint *, it, &table->constraints)
        count += (*it)->head.kind == OBJECT_CHECK && (*it)->named_by_convention && (*it)->column &&
                 strcmp((*it)->column, column) == 0;
    return count;
}

static void name_check(TableReader *t, Constraint *check)
{
    Arena *arena = t->r->arena;
    const char *name;
    if (check->column) {
        unsigned before = checks_of_column(t->table, check->column);
        name = before ? arena_printf(arena, "%s_%u", check->column, before + 1) : check->column;
    } else {
        name = arena_printf(arena, "%u", ++t->nameless_checks);
    }
    check->head.name = name_by_convention(t, NAMED_CHECK, (NameFacts){ .name = name });
    check->named_by_convention = check->head.name != NULL; // a convention of no names: then a name differs
}

void add_check(TableReader *t, const Node *at, const char *expression, const char *column, bool of_column)
{
    Constraint *check = constraint_new(t->r->arena, t->table, OBJECT_CHECK, NULL);
    check->head.at = node_at(at);
    check->expression = expression;
    check->column = column;
    check->of_column = of_column;
    name_check(t, check);
    *VEC_PUSH(t->r->arena, &t->table->constraints) = check;
}

static const KeyInfo check_keys[] = {
    {"name",          "text",    "its name, in a list"                               },
    { "expression",   "text",    "the condition"                                     },
    { "check",        "text",    "the condition"                                     },
    { "column",       "text",    "the column that it belongs to"                     },
    { "not_valid",    "truth",   "rows that exist are not checked (PostgreSQL)"      },
    { "not_enforced", "truth",   "it is not enforced"                                },
    { "no_inherit",   "truth",   "child tables do not inherit it (PostgreSQL)"       },
    { "comment",      "text",    "a comment, kept in the database where it can"      },
    { "renamed_from", "names",   "the name it had: a rename, not a drop and a create"},
    { "options",      "options", "settings of one engine: {mysql: {engine: InnoDB}}" },
};
const KeyMap check_keys_map = { check_keys, COUNT_OF(check_keys) };

// A check of a table, or of one column when `column` is given: as a text or as a mapping. It is only kept if
// it has an expression.
static void read_check(TableReader *t, const Node *name, const Node *value, const Column *column)
{
    enum {
        C_NAME,
        C_EXPRESSION,
        C_CHECK,
        C_COLUMN,
        C_NOT_VALID,
        C_NOT_ENFORCED,
        C_NO_INHERIT,
        C_COMMENT,
        C_RENAMED_FROM,
        C_OPTIONS,
        C_COUNT
    };
    _Static_assert(COUNT_OF(check_keys) == C_COUNT, "each key has its place");
    Reader *r = t->r;
    bool given;
    Constraint *check = constraint_new(r->arena, t->table, OBJECT_CHECK, read_own_name(t, name, &given));
    const Node *got[C_COUNT] = { 0 };
    const FlatOptions flat = { OBJECT_CHECK, &check->head.options };
    if (value->kind == NODE_MAP)
        read_keys(r, value, "a check", &check_keys_map, got, &flat);
    else
        got[C_EXPRESSION] = value;
    if (!got[C_EXPRESSION])
        got[C_EXPRESSION] = got[C_CHECK];
    check->head.at = node_at(given && !node_is_null(name) ? name : value);
    check->expression = read_text(r, got[C_EXPRESSION], "check");
    check->column = column ? column->head.name : read_text(r, got[C_COLUMN], "column");
    if (!column && check->column)
        use_column(t, got[C_COLUMN], check->column);
    check->not_valid = read_bool(r, got[C_NOT_VALID], "not_valid", false);
    check->not_enforced = read_bool(r, got[C_NOT_ENFORCED], "not_enforced", false);
    check->no_inherit = read_bool(r, got[C_NO_INHERIT], "no_inherit", false);
    read_comment(r, got[C_COMMENT], &check->head);
    read_renamed(r, got[C_RENAMED_FROM], &check->head);
    read_options(r, got[C_OPTIONS], OBJECT_CHECK, &check->head.options);
    if (!given)
        name_check(t, check);
    if (check->expression && check->expression[strspn(check->expression, " \t\r\n")])
        *VEC_PUSH(r->arena, &t->table->constraints) = check;
    else
        error_hint(read_issue(r, node_at(value), "a check needs an expression"),
                   "As in age_given: \"age >= 0\".");
}

void read_checks(TableReader *t, const Node *node, const Column *column)
{
    // at a column a mapping is one check; at a table it names several
    if (column && node && node->kind == NODE_MAP) {
        read_check(t, read_name_key(t->r, node), node, column);
        return;
    }
    EntryList entries = read_entries(t->r, node, "checks", true);
    VEC_EACH (Entry, entry, &entries) {
        const Node *value = read_pick(t->r, entry->value);
        if (!node_is_null(value))
            read_check(t, entry->key, value, column);
    }
}
