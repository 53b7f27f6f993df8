#include "core/schema/read.h"

#include <string.h>
#include <strings.h>

enum {
    K_NAME,
    K_TYPE,
    K_ENUM,
    K_NULLABLE,
    K_DEFAULT,
    K_PRIMARY_KEY,
    K_AUTOINCREMENT,
    K_UNIQUE,
    K_INDEX,
    K_CHECK,
    K_REFERENCES,
    K_ON_DELETE,
    K_ON_UPDATE,
    K_DEFERRABLE,
    K_MATCH,
    K_UNCHECKED,
    K_GENERATED,
    K_STORED,
    K_IDENTITY,
    K_COLLATION,
    K_COMMENT,
    K_RENAMED_FROM,
    K_OPTIONS,
    K_LINT,
    K_COUNT
};

static const KeyInfo column_keys[K_COUNT] = {
    {"name",           "text",            "its name, in a list"                                           },
    { "type",          "type",            "a portable type, one of types:, or the engine's own"           },
    { "enum",          "names",           "the values that it may have"                                   },
    { "nullable",      "truth",           "whether it may be NULL (default: true, but in a primary key)"  },
    { "default",       "default",         "a value, or {sql: an expression}"                              },
    { "primary_key",   "truth",           "whether it is in the primary key"                              },
    { "autoincrement", "truth",           "whether the engine numbers its rows"                           },
    { "unique",        "key at column",   "true, a name, or a mapping: a unique constraint of this column"},
    { "index",         "index at column", "true, a name, or a mapping: an index of this column"           },
    { "check",         "check at column", "a condition that its values meet"                              },
    { "references",    "reference",       "the column it refers to: user.id"                              },
    { "on_delete",     "action",          "what becomes of the row when the referenced one is deleted"    },
    { "on_update",     "text",            "what becomes of it when the referenced key is changed"         },
    { "deferrable",    "deferrable",      "when the foreign key is checked"                               },
    { "match",         "text",            "full, partial or simple"                                       },
    { "unchecked",     "truth",           "the referenced table need not exist"                           },
    { "generated",     "text",            "the expression that computes it"                               },
    { "stored",        "truth",           "whether a generated column is stored"                          },
    { "identity",      "identity",        "always, by default, or a mapping with the sequence's options"  },
    { "collation",     "text",            "how its texts are compared"                                    },
    { "comment",       "text",            "a comment, kept in the database where it can"                  },
    { "renamed_from",  "names",           "the name it had: a rename, not a drop and a create"            },
    { "options",       "options",         "settings of one engine: {mysql: {engine: InnoDB}}"             },
    { "lint",          "lint",            "rules of lint that are allowed here: {allow: [RULE]}"          },
};
const KeyMap column_keys_map = { column_keys, K_COUNT };

static const KeyInfo identity_keys[] = {
    {"mode",       "words always, by default", "always, or by default"                        },
    { "start",     "number",                   "the first number"                             },
    { "increment", "number",                   "the step"                                     },
    { "minimum",   "number",                   "the least number"                             },
    { "maximum",   "number",                   "the greatest number"                          },
    { "cache",     "number",                   "how many numbers a session takes at once"     },
    { "cycle",     "truth",                    "whether it begins again after the last number"},
    { "sql",       "text",                     "the sequence options as SQL"                  },
};
const KeyMap identity_keys_map = { identity_keys, COUNT_OF(identity_keys) };

// The settings of an identity, written in one fixed order, so that equal settings make equal texts.
static void read_identity_map(Reader *r, const Node *node, Column *column, const char *const *modes)
{
    enum { I_MODE, I_START, I_INCREMENT, I_MINIMUM, I_MAXIMUM, I_CACHE, I_CYCLE, I_OPTIONS, I_COUNT };
    _Static_assert(COUNT_OF(identity_keys) == I_COUNT, "each key has its place");
    static const char *const words[I_COUNT] = { NULL,       "START WITH", "INCREMENT BY", "MINVALUE",
                                                "MAXVALUE", "CACHE",      NULL,           NULL };
    const Node *got[I_COUNT];
    const char *numbers[I_COUNT] = { 0 };
    if (!read_keys(r, node, "an identity", &identity_keys_map, got, NULL))
        return;
    int mode = got[I_MODE] ? read_word(r, got[I_MODE], "mode", modes, 2) : 1;
    column->identity = mode == 0 ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
    StrBuf out;
    strbuf_init(&out, r->arena);
    for (size_t i = I_START; i <= I_CACHE; i++) {
        numbers[i] = read_number(r, got[i], identity_keys[i].name);
        if (numbers[i])
            strbuf_printf(&out, "%s%s %s", out.length ? " " : "", words[i], numbers[i]);
    }
    const CounterBounds bounds = { numbers[I_START], numbers[I_INCREMENT], numbers[I_MINIMUM],
                                   numbers[I_MAXIMUM] };
    check_counter(r, node, "the identity", &bounds);
    if (read_bool(r, got[I_CYCLE], "cycle", false))
        strbuf_puts(&out, out.length ? " CYCLE" : "CYCLE");
    const char *sql = read_text(r, got[I_OPTIONS], "sql");
    column->identity_options = sql ? sql : out.length ? out.text : NULL;
}

static void read_identity(Reader *r, const Node *node, Column *column)
{
    bool counts = false;
    static const char *const modes[] = { "always", "by default" };
    if (node_is_null(node) || (node_truth(node, &counts) && !counts))
        return;
    // node_is_null() is true of NULL
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    if (node->kind == NODE_MAP) {
        read_identity_map(r, node, column, modes);
        return;
    }
    int mode = counts ? 1 : read_word(r, node, "identity", modes, COUNT_OF(modes));
    column->identity = mode == 0 ? IDENTITY_ALWAYS : mode == 1 ? IDENTITY_BY_DEFAULT : IDENTITY_NONE;
}

static void put_enum_check(TableReader *t, const Column *column, const Node *at)
{
    Reader *r = t->r;
    StrBuf out;
    strbuf_init(&out, r->arena);
    r->dialect->put_identifier(&out, column->head.name);
    strbuf_puts(&out, " IN (");
    VEC_EACH (const char *, value, &column->enum_type->values) {
        if (value != column->enum_type->values.items)
            strbuf_puts(&out, ", ");
        r->dialect->put_literal(&out, *value);
    }
    strbuf_putc(&out, ')');
    add_check(t, at, out.text, column->head.name, true);
}

// Where the engine has no domains, a column of one takes over what it says.
static void inline_domain(TableReader *t, Column *column, const TypeDef *def, const Node *at)
{
    for (unsigned depth = 0; def && depth < NODE_DEPTH; def = def->base_def, depth++) {
        const DomainType *domain = (const DomainType *)(const void *)def->object;
        if (!column->default_sql)
            column->default_sql = domain->default_sql;
        if (!column->collation)
            column->collation = domain->collation;
        if (domain->not_null)
            column->nullable = false;
        VEC_EACH (Constraint *, check, &domain->checks)
            add_check(t, at, check_for_column(t->r, (*check)->expression, column->head.name),
                      column->head.name, false);
    }
}

static void read_use_of_type(TableReader *t, Column *column, const Node *node, const Node *at)
{
    TypeUse use = read_type(t->r, node, t->table->head.name, column->head.name);
    column->type = use.native ? use.native : "";
    column->enum_type = use.enum_type;
    bool emulated = use.enum_type && !(t->r->dialect->caps & (HAS_TYPES | HAS_ENUM_COLUMNS));
    if (emulated && use.enum_type->values.count)
        put_enum_check(t, column, at);
    inline_domain(t, column, use.domain, at);
}

// Where case is no difference (MySQL), it is none here; an engine that tells it apart refuses the rest itself.
static void check_enum_default(Reader *r, const Column *column, const Node *node)
{
    if (!column->enum_type || !node || node->kind != NODE_SCALAR || node_is_null(node) ||
        strchr(column->type, '['))
        return;
    const NameList *values = &column->enum_type->values;
    VEC_EACH (const char *, value, values)
        if (strcasecmp(*value, node_string(node)) == 0)
            return;
    Error *err = read_issue(r, node_at(node), "'%s' is not a value of the enum of column '%s'",
                            node_string(node), column->head.name);
    read_suggest(err, node_string(node), values->items, values->count);
}

static void read_references(TableReader *t, Column *column, const Node **got)
{
    const ColumnReference nodes = { got[K_REFERENCES], got[K_ON_DELETE], got[K_ON_UPDATE],
                                    got[K_DEFERRABLE], got[K_MATCH],     got[K_UNCHECKED] };
    const FlatOptions flat = { OBJECT_COLUMN, &column->head.options };
    if (!node_is_null(nodes.references)) {
        read_column_reference(t, column, &nodes);
        return;
    }
    // MySQL's ON UPDATE CURRENT_TIMESTAMP is called so too
    if (got[K_ON_UPDATE] && read_flat(t->r, "on_update", got[K_ON_UPDATE], &flat))
        got[K_ON_UPDATE] = NULL;
    for (size_t k = K_ON_DELETE; k <= K_UNCHECKED; k++)
        if (!node_is_null(got[k]))
            error_hint(read_issue(t->r, node_at(got[k]),
                                  "'%s' needs 'references', which column '%s' does not have",
                                  column_keys[k].name, column->head.name),
                       "Add references: TABLE.COLUMN, or remove '%s'.", column_keys[k].name);
}

static void read_key(TableReader *t, const Column *column, const Node *node)
{
    if (!read_bool(t->r, node, "primary_key", false))
        return;
    if (!t->key_at)
        t->key_at = node;
    *VEC_PUSH(t->r->arena, &t->key) = (Part){ .column = column->head.name };
}

// All keys of a column in its long form. Keys that make a constraint or index of one column come last: they
// need its type.
static void read_column_map(TableReader *t, Column *column, const Node **got, const Node *at)
{
    Reader *r = t->r;
    const Node *type = got[K_TYPE];
    if (got[K_ENUM]) {
        Node *wrapped = node_map(r->scratch);
        // const goes: the map that is made here is only read
        // NOLINTNEXTLINE(performance-no-int-to-ptr)
        node_put(r->scratch, wrapped, "enum", (Node *)(uintptr_t)got[K_ENUM]);
        type = wrapped;
    }
    column->nullable = read_bool(r, got[K_NULLABLE], "nullable", true);
    column->collation = read_text(r, got[K_COLLATION], "collation");
    column->generated = read_text(r, got[K_GENERATED], "generated");
    column->stored = read_bool(r, got[K_STORED], "stored", false);
    read_use_of_type(t, column, type, at);
    const char *declared = type && type->kind == NODE_SCALAR ? node_string(type) : NULL;
    const char *default_sql = read_default(r, got[K_DEFAULT], column->type, declared);
    check_enum_default(r, column, got[K_DEFAULT]);
    if (default_sql || got[K_DEFAULT])
        column->default_sql = default_sql;
    read_identity(r, got[K_IDENTITY], column);
    if (column->identity != IDENTITY_NONE && key_family(r, column) == KEY_TEXT)
        error_hint(read_issue(r, node_at(got[K_IDENTITY]), "column '%s' is a text and cannot be an identity",
                              column->head.name),
                   "An identity is a whole number, as in {type: integer, identity: always}.");
    if (column->identity != IDENTITY_NONE && node_is_null(got[K_NULLABLE]))
        column->nullable = false;
    read_comment(r, got[K_COMMENT], &column->head);
    read_renamed(r, got[K_RENAMED_FROM], &column->head);
    read_options(r, got[K_OPTIONS], OBJECT_COLUMN, &column->head.options);
    read_lint(r, got[K_LINT], &column->head);
    if (column->generated && column->default_sql && got[K_DEFAULT])
        error_hint(read_issue(r, node_at(got[K_DEFAULT]),
                              "column '%s' is generated and cannot have a default", column->head.name),
                   "Remove one of the two.");
    if (column->stored && !column->generated)
        read_issue(r, node_at(got[K_STORED]), "'stored' needs 'generated', which column '%s' does not have",
                   column->head.name);
    read_key(t, column, got[K_PRIMARY_KEY]);
    read_column_unique(t, column, got[K_UNIQUE]);
    read_column_index(t, column, got[K_INDEX]);
    read_checks(t, got[K_CHECK], column);
    read_references(t, column, got);
}

Column *read_column(TableReader *t, const Node *key, const Node *value)
{
    Reader *r = t->r;
    const bool given = value != NULL;
    value = read_pick(r, value);
    if (!value && given)
        return NULL; // not for this dialect
    if (node_is_null(key) && !(key && key->quoted)) {
        error_hint(read_issue(r, node_at(value), "a column needs a name"),
                   "The names are the keys of a mapping, no list: id: {type: integer}.");
        return NULL;
    }
    // without a key it has been refused: node_is_null() is true of NULL
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    Column *column = column_new(r->arena, t->table, node_string(key));
    const FlatOptions flat = { OBJECT_COLUMN, &column->head.options };
    const Node *got[K_COUNT] = { 0 };
    column->head.at = node_at(key);
    if (value && value->kind == NODE_MAP && !node_get(value, "sql")) {
        r->column = node_string(key);
        read_keys(r, value, NULL, &column_keys_map, got, &flat);
    } else if (!node_is_null(value)) {
        got[K_TYPE] = value;
    }
    if (node_is_null(got[K_TYPE]) && !got[K_ENUM]) {
        // a per-dialect type without one for us: the column does not exist here
        bool elsewhere = value && value->kind == NODE_MAP && node_get(value, "type") &&
                         !node_is_null(node_get(value, "type"));
        if (!elsewhere)
            error_hint(read_issue(r, node_at(key), "column '%s' has no type", node_string(key)),
                       node_lacks_blank(key) ? NODE_BLANK_HINT : "As in %s: {type: string(80)}.",
                       node_string(key));
        return NULL;
    }
    read_column_map(t, column, got, key);
    add_column(t, column, got[K_NULLABLE], got[K_AUTOINCREMENT]);
    return column;
}

void add_column(TableReader *t, Column *column, const Node *nullable, const Node *counts)
{
    *VEC_PUSH(t->r->arena, &t->table->columns) = column;
    *VEC_PUSH(t->r->scratch, &t->nullable) = nullable;
    *VEC_PUSH(t->r->scratch, &t->counts) = counts;
}

void read_columns(TableReader *t, const Node *node)
{
    EntryList entries = read_entries(t->r, node, "columns", false);
    const size_t own = t->mixin_depth ? t->own_columns : 0;
    VEC_EACH (Entry, entry, &entries) {
        bool overridden = false; // the table says it otherwise than its mixin
        for (size_t i = 0; i < own && entry->key; i++)
            overridden =
                overridden || strcmp(t->table->columns.items[i]->head.name, node_string(entry->key)) == 0;
        if (!overridden)
            (void)read_column(t, entry->key, entry->value);
    }
    if (!t->mixin_depth)
        t->own_columns = t->table->columns.count;
}

bool counts_by_itself(Arena *arena, const Dialect *dialect, const Table *table, const Column *column)
{
    static const char *const counting[] = { "integer", "bigint", "smallint" };
    const Constraint *key = table_primary_key(table);
    if (!(dialect->caps & INTEGER_KEYS_COUNT) || !key || key->parts.count != 1 ||
        !key->parts.items[0].column || strcmp(key->parts.items[0].column, column->head.name) != 0)
        return false;
    if (column->default_sql || column->generated || column->identity != IDENTITY_NONE)
        return false;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY && parts_have_column(&(*it)->parts, column->head.name))
            return false;
    for (size_t i = 0; i < COUNT_OF(counting); i++)
        if (strcmp(column->type, counting[i]) == 0)
            return true;
    const char *portable = dialect->type_portable(arena, column->type);
    for (size_t i = 0; i < COUNT_OF(counting); i++)
        if (strcmp(portable, counting[i]) == 0)
            return true;
    return false;
}
