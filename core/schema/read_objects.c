#include "core/schema/read.h"

#include <string.h>

// What stands beside tables: views, sequences, schemas, extensions, and all that is SQL verbatim.

static void common(Reader *r, Object *object, const Node *comment, const Node *renamed_from,
                   const Node *options)
{
    read_comment(r, comment, object);
    read_renamed(r, renamed_from, object);
    read_options(r, options, object->kind, &object->options);
}

// SQL as it is kept: without the final semicolon and what is blank around it.
static const char *statement_text(Reader *r, const Node *node, const char *what)
{
    const char *text = read_text(r, node, what);
    if (!text)
        return NULL;
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t\r\n;", text[n - 1]))
        n--;
    return text[n] ? arena_strndup(r->arena, text, n) : text;
}

static const KeyInfo view_keys[] = {
    {"name",          "text",    "its name, in a list"                               },
    { "query",        "text",    "the SELECT"                                        },
    { "columns",      "names",   "the names of its columns"                          },
    { "materialized", "truth",   "whether its rows are kept (PostgreSQL)"            },
    { "with_no_data", "truth",   "it is made without rows"                           },
    { "recursive",    "truth",   "WITH RECURSIVE"                                    },
    { "indexes",      "indexes", "indexes of a materialized view"                    },
    { "comment",      "text",    "a comment, kept in the database where it can"      },
    { "renamed_from", "names",   "the name it had: a rename, not a drop and a create"},
    { "options",      "options", "settings of one engine: {mysql: {engine: InnoDB}}" },
};
const KeyMap view_keys_map = { view_keys, COUNT_OF(view_keys) };

// A view as its query or as a mapping. Its indexes are read with a table of the same name, without checking
// columns: only the engine knows those.
static void read_view(Reader *r, Object *object, const Node *value)
{
    enum {
        K_NAME,
        K_QUERY,
        K_COLUMNS,
        K_MATERIALIZED,
        K_WITH_NO_DATA,
        K_RECURSIVE,
        K_INDEXES,
        K_COMMENT,
        K_RENAMED_FROM,
        K_OPTIONS,
        K_COUNT
    };
    _Static_assert(COUNT_OF(view_keys) == K_COUNT, "each key has its place");
    View *view = (View *)(void *)object;
    const Node *got[K_COUNT] = { 0 };
    const FlatOptions flat = { OBJECT_VIEW, &object->options };
    if (value->kind == NODE_SCALAR)
        got[K_QUERY] = value;
    else
        read_keys(r, value, arena_printf(r->scratch, "view '%s'", object->name), &view_keys_map, got, &flat);
    view->query = statement_text(r, got[K_QUERY], "query");
    view->columns = read_names(r, got[K_COLUMNS], "columns");
    view->materialized = read_bool(r, got[K_MATERIALIZED], "materialized", false);
    view->with_no_data = read_bool(r, got[K_WITH_NO_DATA], "with_no_data", false);
    view->recursive = read_bool(r, got[K_RECURSIVE], "recursive", false);
    common(r, object, got[K_COMMENT], got[K_RENAMED_FROM], got[K_OPTIONS]);
    if (!view->query || !*view->query)
        error_hint(read_issue(r, object->at, "view '%s' has no query", object->name),
                   "As in %s: SELECT id FROM person.", object->name);
    // a view's indexes are read as a table's, but its columns are not known
    TableReader t = { .r = r, .table = table_new(r->arena, object->schema, object->name) };
    read_indexes(&t, node_get(value, "indexes"));
    view->indexes = t.table->indexes;
}

static const KeyInfo sequence_keys[] = {
    {"name",          "text",    "its name, in a list"                               },
    { "type",         "type",    "the type of its numbers"                           },
    { "start",        "number",  "the first number"                                  },
    { "increment",    "number",  "the step"                                          },
    { "minimum",      "number",  "the least number"                                  },
    { "maximum",      "number",  "the greatest number"                               },
    { "cache",        "number",  "how many numbers a session takes at once"          },
    { "cycle",        "truth",   "whether it begins again after the last number"     },
    { "owned_by",     "text",    "the column that it is dropped with"                },
    { "comment",      "text",    "a comment, kept in the database where it can"      },
    { "renamed_from", "names",   "the name it had: a rename, not a drop and a create"},
    { "options",      "options", "settings of one engine: {mysql: {engine: InnoDB}}" },
};
const KeyMap sequence_keys_map = { sequence_keys, COUNT_OF(sequence_keys) };

// The column that a sequence goes with, in one spelling however it is quoted; the default schema is left out.
static const char *read_owner(Reader *r, const Node *node)
{
    const char *text = read_text(r, node, "owned_by"), *standard = r->dialect->default_schema;
    NameList parts = { 0 };
    if (!text)
        return NULL;
    if (!name_split(r->arena, text, &parts) || parts.count < 2 || parts.count > 3) {
        read_issue(r, node_at(node), "'owned_by' names no column: '%s', not TABLE.COLUMN", text);
        return NULL;
    }
    const char **last = &parts.items[parts.count - 1];
    const char *schema = parts.count > 2 && !same_text(parts.items[0], standard) ? parts.items[0] : NULL;
    return arena_printf(r->arena, "%s.%s", name_join(r->arena, schema, last[-1]),
                        name_join(r->arena, NULL, *last));
}

// A sequence. What the model does not give stays NULL, which means the engine's default.
static void read_sequence(Reader *r, Object *object, const Node *value)
{
    enum {
        K_NAME,
        K_TYPE,
        K_START,
        K_INCREMENT,
        K_MINIMUM,
        K_MAXIMUM,
        K_CACHE,
        K_CYCLE,
        K_OWNED_BY,
        K_COMMENT,
        K_RENAMED_FROM,
        K_OPTIONS,
        K_COUNT
    };
    _Static_assert(COUNT_OF(sequence_keys) == K_COUNT, "each key has its place");
    Sequence *sequence = (Sequence *)(void *)object;
    const Node *got[K_COUNT] = { 0 };
    const FlatOptions flat = { OBJECT_SEQUENCE, &object->options };
    if (!node_is_null(value))
        read_keys(r, value, arena_printf(r->scratch, "sequence '%s'", object->name), &sequence_keys_map, got,
                  &flat);
    if (got[K_TYPE])
        sequence->type = read_type(r, got[K_TYPE], NULL, NULL).native;
    sequence->start = read_number(r, got[K_START], "start");
    sequence->increment = read_number(r, got[K_INCREMENT], "increment");
    sequence->minimum = read_number(r, got[K_MINIMUM], "minimum");
    sequence->maximum = read_number(r, got[K_MAXIMUM], "maximum");
    const CounterBounds bounds = { sequence->start, sequence->increment, sequence->minimum,
                                   sequence->maximum };
    if (value)
        check_counter(r, value, arena_printf(r->scratch, "sequence '%s'", object->name), &bounds);
    sequence->cache = read_number(r, got[K_CACHE], "cache");
    sequence->cycle = read_bool(r, got[K_CYCLE], "cycle", false);
    sequence->owned_by = read_owner(r, got[K_OWNED_BY]);
    common(r, object, got[K_COMMENT], got[K_RENAMED_FROM], got[K_OPTIONS]);
}

static const KeyInfo plain_keys[] = {
    {"name",          "text",    "its name, in a list"                               },
    { "comment",      "text",    "a comment, kept in the database where it can"      },
    { "renamed_from", "names",   "the name it had: a rename, not a drop and a create"},
    { "options",      "options", "settings of one engine"                            },
};
const KeyMap plain_keys_map = { plain_keys, COUNT_OF(plain_keys) };

// Schemas and extensions: nothing but their head.
static void read_plain(Reader *r, Object *object, const Node *value)
{
    enum { K_NAME, K_COMMENT, K_RENAMED_FROM, K_OPTIONS, K_COUNT };
    _Static_assert(COUNT_OF(plain_keys) == K_COUNT, "each key has its place");
    const Node *got[K_COUNT] = { 0 };
    const FlatOptions flat = { object->kind, &object->options };
    if (!node_is_null(value))
        read_keys(r, value,
                  arena_printf(r->scratch, "%s '%s'", object_kinds[object->kind].word, object->name),
                  &plain_keys_map, got, &flat);
    common(r, object, got[K_COMMENT], got[K_RENAMED_FROM], got[K_OPTIONS]);
}

// The table decides the schema of what hangs on it, where it says one.
static void place_on_table(Reader *r, Object *object, const Node *node)
{
    const char *schema;
    if (node_is_null(node))
        return;
    // node_is_null() is true of NULL
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    if (node->kind != NODE_SCALAR) {
        read_issue(r, node_at(node), "'table' must be a name");
        return;
    }
    if (!read_name(r, node, "table", &schema, &object->table) || !schema)
        return;
    if (object->schema && strcmp(object->schema, schema) != 0)
        read_issue(r, node_at(node), "%s '%s' is of schema '%s', its table of '%s'",
                   object_kinds[object->kind].word, object->name, object->schema, schema);
    object->schema = schema;
}

// Objects that are nothing without their table: it is part of what they are called.
static bool needs_table(ObjectKind kind)
{
    return kind == OBJECT_TRIGGER || kind == OBJECT_POLICY || kind == OBJECT_RULE;
}

// Where the statement names the table: CREATE TRIGGER ... ON table, CREATE POLICY ... ON table, CREATE RULE ... ON event TO
// table, CREATE STATISTICS ... FROM table, which is the last FROM, for expressions may have their own.
static size_t place_of_table(const TokenList *tokens, ObjectKind kind)
{
    const char *const word = kind == OBJECT_RULE ? "TO" : kind == OBJECT_STATISTICS ? "FROM" : "ON";
    size_t found = tokens->count;
    for (size_t i = 0; i < tokens->count; i++)
        if (token_is(&tokens->items[i], word) && (found == tokens->count || kind == OBJECT_STATISTICS))
            found = i;
    return found;
}

// So that the statement alone is enough. False where it names none.
static bool find_table_in(Reader *r, Object *object)
{
    const char *const text = object->definition;
    const TokenList tokens = lex_all(r->scratch, (Text){ text, strlen(text) }, r->dialect->lex);
    const size_t i = place_of_table(&tokens, object->kind);
    const char *name = i + 1 < tokens.count ? token_name(r->arena, &tokens.items[i + 1]) : NULL;
    const char *schema = NULL;
    if (name && i + 3 < tokens.count && token_is(&tokens.items[i + 2], ".")) {
        schema = name;
        name = token_name(r->arena, &tokens.items[i + 3]);
    }
    if (!name || !name[0])
        return false;
    object->table = name;
    if (object->kind == OBJECT_STATISTICS)
        return true; // which may lie in another schema than its table
    if (schema && (r->dialect->caps & CAN_SCHEMAS) && !object->schema && !is_default_schema(r, schema))
        object->schema = schema;
    return true;
}

static const KeyInfo verbatim_keys[] = {
    {"name",          "text",    "its name, in a list"                               },
    { "table",        "text",    "the table that it is of"                           },
    { "definition",   "text",    "the whole CREATE statement"                        },
    { "comment",      "text",    "a comment, kept in the database where it can"      },
    { "renamed_from", "names",   "the name it had: a rename, not a drop and a create"},
    { "options",      "options", "settings of one engine"                            },
};
const KeyMap verbatim_keys_map = { verbatim_keys, COUNT_OF(verbatim_keys) };

// An object that is one SQL statement. A kind that belongs to a table must name it, beside the definition or
// in it.
static void read_verbatim(Reader *r, Object *object, const Node *value)
{
    enum { K_NAME, K_TABLE, K_DEFINITION, K_COMMENT, K_RENAMED_FROM, K_OPTIONS, K_COUNT };
    _Static_assert(COUNT_OF(verbatim_keys) == K_COUNT, "each key has its place");
    const Node *got[K_COUNT] = { 0 };
    const FlatOptions flat = { object->kind, &object->options };
    if (value->kind == NODE_SCALAR)
        got[K_DEFINITION] = value;
    else
        read_keys(r, value,
                  arena_printf(r->scratch, "%s '%s'", object_kinds[object->kind].word, object->name),
                  &verbatim_keys_map, got, &flat);
    place_on_table(r, object, got[K_TABLE]);
    object->definition = statement_text(r, got[K_DEFINITION], "definition");
    common(r, object, got[K_COMMENT], got[K_RENAMED_FROM], got[K_OPTIONS]);
    const char *const word = object_kinds[object->kind].word;
    if (!object->definition) {
        error_hint(read_issue(r, object->at, "%s '%s' has no definition", word, object->name),
                   "Its whole statement is the definition: {definition: \"CREATE ...\"}.");
    } else if ((needs_table(object->kind) || object->kind == OBJECT_STATISTICS) && !object->table &&
               !find_table_in(r, object)) {
        Error *err =
            read_issue(r, object->at, "the definition of %s '%s' names no table", word, object->name);
        error_hint(err, "As in %s: {table: TABLE, definition: \"CREATE ...\"}.", object->name);
    }
}

// Objects that are a statement, and have no name but a text.
static bool is_text_of_its_own(ObjectKind kind)
{
    return kind == OBJECT_GRANT || kind == OBJECT_DEFAULT_PRIVILEGE || kind == OBJECT_CAST;
}

// A list's bare text: a name (extensions: [citext]) or, where the kind is SQL, the statement, which is its name too.
static const Node *key_of(Reader *r, ObjectKind kind, const Entry *entry, const Node *value)
{
    if (!node_is_null(entry->key) || (entry->key && entry->key->quoted))
        return entry->key;
    if (value->kind == NODE_SCALAR && (is_text_of_its_own(kind) || !object_kind_is_verbatim(kind)))
        return value;
    Error *err = read_issue(r, node_at(value), "a %s needs a name", object_kinds[kind].word);
    error_hint(err, "As in %s: {name: \"CREATE ...\"}, or - {name: ..., definition: ...}.",
               object_kinds[kind].yaml);
    return NULL;
}

// The first parenthesis that is not in double quotes; NULL: none.
static const char *arguments_of(const char *text)
{
    bool quoted = false;
    for (; *text; text++) {
        if (*text == '"')
            quoted = !quoted;
        else if (*text == '(' && !quoted)
            return text;
    }
    return NULL;
}

// schema.name; f(integer) with the types that tell it from others; table.name and schema.table.name of what hangs on a
// table, where the name alone comes twice.
static bool split_key(Reader *r, ObjectKind kind, const Node *key, bool on_table, const char **schema,
                      const char **name)
{
    const char *text = node_string(key);
    const char *arguments = object_kind_has_arguments(kind) ? arguments_of(text) : NULL;
    if (is_text_of_its_own(kind)) {
        *name = text;
        return true;
    }
    if (arguments && arguments != text) {
        const char *bare = arena_strndup(r->arena, text, (size_t)(arguments - text));
        if (!read_name(r, node_like(r->scratch, key, bare), object_kinds[kind].word, schema, name))
            return false;
        *name = arena_printf(r->arena, "%s%s", *name, arguments);
        return true;
    }
    NameList parts = { 0 };
    bool whole = name_split(r->arena, text, &parts);
    if (on_table && whole && parts.count > 1 && parts.count <= 3) {
        *name = parts.items[parts.count - 1];
        return true;
    }
    // A dot in its key could only be meant as part of the name.
    if (object_kind_is_global(kind) && parts.count > 1) {
        Error *err = read_issue(r, node_at(key), "'%s': a %s lies in no schema", node_string(key),
                                object_kinds[kind].word);
        error_hint(err, "Put a name with a dot in it in double quotes: '\"a.b\"'.");
        return false;
    }
    return read_name(r, key, object_kinds[kind].word, schema, name);
}

// What a model says of it for other engines only leaves nothing to be said here.
static void read_database(Reader *r, const Entry *entry)
{
    const Node *value = read_pick(r, entry->value);
    if (node_is_null(value))
        return;
    Object *database = object_new(r->arena, OBJECT_DATABASE, NULL, NULL, DATABASE_NAME);
    database->at = node_at(entry->key);
    if (value->kind != NODE_MAP) {
        Error *err = read_issue(r, node_at(value), "'database' must be a mapping");
        error_hint(err, "As in database: {options: {mysql: {collation: utf8mb4_unicode_ci}}}.");
        return;
    }
    read_plain(r, database, value);
    if (database->options.count)
        *VEC_PUSH(r->arena, &r->schema->objects) = database;
}

void read_object(Reader *r, ObjectKind kind, const Entry *entry)
{
    if (kind == OBJECT_DATABASE) {
        read_database(r, entry);
        return;
    }
    const Node *value = read_pick(r, entry->value);
    bool may_be_empty = kind == OBJECT_SCHEMA || kind == OBJECT_EXTENSION || kind == OBJECT_SEQUENCE;
    if (!value || (node_is_null(value) && !may_be_empty))
        return;
    const Node *key = key_of(r, kind, entry, value);
    const char *schema = NULL, *name = NULL;
    bool on_table = object_kind_is_verbatim(kind) && !node_is_null(node_get(value, "table"));
    if (!key || !split_key(r, kind, key, on_table, &schema, &name))
        return;
    Object *object = object_new(r->arena, kind, schema, NULL, name);
    object->at = node_at(key);
    if (kind == OBJECT_VIEW)
        read_view(r, object, value);
    else if (kind == OBJECT_SEQUENCE)
        read_sequence(r, object, key == value ? NULL : value);
    else if (object_kind_is_verbatim(kind))
        read_verbatim(r, object, value);
    else
        read_plain(r, object, key == value ? NULL : value);
    *VEC_PUSH(r->arena, &r->schema->objects) = object;
}
