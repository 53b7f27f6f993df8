// random_schema.h -- a schema of every kind of object, made from a seed, with the names and texts that break writers.
//
// `make_schema(arena, dialect, seed)` gives the same schema for the same seed. What it holds keeps to what a reader of
// the model accepts for the dialect: references that dangle are the only thing that is wrong on purpose.
#ifndef TESTS_SUPPORT_RANDOM_SCHEMA_H
#define TESTS_SUPPORT_RANDOM_SCHEMA_H

#include <string.h>

#include "core/dialect/dialect.h"

typedef struct Maker {
    Arena *arena;
    const Dialect *dialect;
    Schema *schema;
    uint64_t state;
    unsigned serial;
} Maker;

static unsigned below(Maker *m, unsigned limit)
{
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return limit ? (unsigned)(m->state >> 33) % limit : 0;
}

static bool coin(Maker *m, unsigned one_in) { return below(m, one_in) == 0; }

static const char *const odd[] = {
    "plain",
    "Two Words",
    "a.b",
    "quo\"te",
    "it's",
    "back`tick",
    "back\\slash",
    "semi;colon",
    "*/ comment",
    "-- dash",
    "- item",
    "null",
    "~",
    "true",
    "No",
    "on",
    "y",
    "123",
    "1.5",
    "0x1F",
    "1e5",
    "2024-01-01",
    "<<",
    "=",
    ".inf",
    "? key",
    "key: value",
    "key:",
    "a #b",
    "#b",
    "&anchor",
    "*alias",
    "!tag",
    "|",
    ">",
    "%dir",
    "@at",
    "{a}",
    "[a]",
    "a, b",
    "a]",
    "{",
    " lead",
    "trail ",
    "tab\there",
    "\ttab",
    "new\nline",
    "\nfirst",
    "last\n",
    "last\n\n",
    "a\n\nb",
    "  two\n one",
    "cr\rhere",
    "crlf\r\n",
    "bell\a",
    "nel\xc2\x85",
    "ls\xe2\x80\xa8",
    "bom\xef\xbb\xbf",
    ("\xef\xbb\xbf" // in parentheses: else it would be a part of the hexadecimal escape
     "bom"),
    "größe",
    "日本",
    "\xf0\x9f\x98\x80",
    "bad\xff\xfeutf",
    "nbsp\xc2\xa0",
    "rtl\xe2\x80\xae",
    "default",
    "postgresql",
    "mysql",
    "sqlite",
    "name",
    "columns",
    "options",
    "sql",
    "---",
    "...",
    "--- x",
    "VALUE",
    "line one\n  line two\n\tline three",
    "ends in space \nnext",
    "blank\n   \nline",
    "a\n ",
    "f(integer, text)",
    "f(a.b)",
    "(",
    ")",
    "a(b",
    "{table}",
};

static const char *text(Maker *m)
{
    if (coin(m, 40))
        return arena_printf(m->arena, "%0*u", 2000 + (int)below(m, 9000), below(m, 10));
    return odd[below(m, COUNT_OF(odd))];
}

// A name that no other object has, whatever the case; sometimes nothing but odd.
static const char *name(Maker *m)
{
    const char *base = text(m);
    size_t limit = m->dialect->max_identifier;
    if (limit && strlen(base) > limit / 2)
        base = "long";
    return coin(m, 2) ? arena_printf(m->arena, "%s%u", base, m->serial++)
                      : arena_printf(m->arena, "n%u%s", m->serial++, base);
}

static const char *one_of(Maker *m, const char *const *words, unsigned count)
{
    return words[below(m, count)];
}
#define ONE_OF(m, ...)                                                                                       \
    one_of((m), (const char *const[]){ __VA_ARGS__ },                                                        \
           (unsigned)(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)))

static void add_options(Maker *m, Object *object)
{
    for (size_t i = 0; i < m->dialect->option_count; i++) {
        const OptionInfo *info = &m->dialect->options[i];
        if (!(info->kinds & KIND_BIT(object->kind)) || !coin(m, 8))
            continue;
        // a table whose columns may come from elsewhere is not checked: keep to those that are
        if (strcmp(info->key, "inherits") == 0 || strcmp(info->key, "of_type") == 0)
            continue;
        const char *value = info->kind == OPTION_SWITCH   ? "true"
                            : info->kind == OPTION_NUMBER ? "42"
                                                          : text(m);
        option_set(m->arena, &object->options, info->key, value);
    }
}

static void add_head(Maker *m, Object *object)
{
    if (coin(m, 6))
        object->comment = text(m);
    if (coin(m, 3))
        add_options(m, object);
}

static const char *type(Maker *m)
{
    const char *const *portable = m->dialect->portable_types;
    unsigned count = 0;
    while (portable[count])
        count++;
    const char *wrong = NULL, *spelling = portable[below(m, count)];
    const char *native = coin(m, 5) ? NULL : m->dialect->type_native(m->arena, spelling, &wrong);
    return native ? native
                  : ONE_OF(m, "", "varchar(10)", "NUMERIC(10,2)", "string", "odd type 'x'", "Text",
                           "integer[]", "text");
}

static const char *expression(Maker *m)
{
    return coin(m, 2) ? text(m) : ONE_OF(m, "a > 0", "\"a\" <> ''", "lower(b)", "(1 + 2)");
}

static const char *default_of(Maker *m, const char *of_type)
{
    if (coin(m, 3))
        return m->dialect->default_literal(m->arena, of_type, text(m), coin(m, 2));
    return ONE_OF(m, "0", "'x'", "'it''s'", "'5'", "5", "-1.5", "CURRENT_TIMESTAMP", "true", "(1 + 1)",
                  "NULL", "'null'", "'true'", "''", "x'00'", "'a\\\\b'", "E'a\\nb'", "'a'::text");
}

// The reader refuses an identity of a text.
static bool may_be_identity(Maker *m, const Column *column)
{
    const char *portable = m->dialect->type_portable(m->arena, column->type);
    return !portable || (strcmp(portable, "text") != 0 && strncmp(portable, "string", 6) != 0 &&
                         strncmp(portable, "char", 4) != 0);
}

static Column *make_column(Maker *m, Table *table)
{
    Column *column = column_new(m->arena, table, name(m));
    column->type = type(m);
    column->nullable = coin(m, 2);
    if (coin(m, 4)) {
        column->generated = expression(m);
        column->stored = coin(m, 2);
    } else if (coin(m, 2)) {
        column->default_sql = default_of(m, column->type);
    } else if (coin(m, 6) && may_be_identity(m, column)) {
        column->identity = coin(m, 2) ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
        column->identity_options = coin(m, 2)
                                       ? NULL
                                       : ONE_OF(m, "START WITH 10", "START WITH 10 INCREMENT BY -5 CYCLE",
                                                "CYCLE", "odd", "CACHE 7");
        column->nullable = false;
    } else if (coin(m, 6) && may_be_identity(m, column) && (m->dialect->caps & INTEGER_KEYS_COUNT)) {
        column->autoincrement = true;
        column->nullable = (m->dialect->caps & KEYS_MAY_BE_NULL) && column->nullable;
    }
    if (coin(m, 8))
        column->collation = name(m);
    add_head(m, &column->head);
    *VEC_PUSH(m->arena, &table->columns) = column;
    return column;
}

static Part make_part(Maker *m, const Table *table)
{
    Part part = { 0 };
    if (coin(m, 4))
        part.expression = expression(m);
    else
        part.column = table->columns.items[below(m, (unsigned)table->columns.count)]->head.name;
    if (coin(m, 2))
        return part;
    part.collation = coin(m, 3) ? text(m) : NULL;
    part.opclass = coin(m, 3) ? "s.some_ops (a = 1)" : NULL;
    part.with_operator = coin(m, 3) ? "=" : NULL;
    part.length = coin(m, 3) ? below(m, 300) : 0;
    part.descending = coin(m, 2);
    bool least = (m->dialect->caps & NULLS_ARE_LEAST) != 0;
    if (coin(m, 3)) // not what the engine does by itself
        part.nulls_first = part.descending == least ? YES : NO;
    return part;
}

static void add_parts(Maker *m, const Table *table, PartList *parts)
{
    for (unsigned n = 1 + below(m, 3); n > 0; n--)
        *VEC_PUSH(m->arena, parts) =
            coin(m, 2) ? make_part(m, table) : (Part){ .column = table->columns.items[0]->head.name };
}

static Constraint *make_constraint(Maker *m, Table *table, ObjectKind kind)
{
    bool nameless = !(m->dialect->caps & NEEDS_CONSTRAINT_NAMES) && coin(m, 3);
    Constraint *made = constraint_new(m->arena, table, kind, nameless ? NULL : name(m));
    add_head(m, &made->head);
    *VEC_PUSH(m->arena, &table->constraints) = made;
    return made;
}

static void make_key(Maker *m, Table *table, ObjectKind kind)
{
    Constraint *key = make_constraint(m, table, kind);
    if (kind == OBJECT_PRIMARY_KEY)
        *VEC_PUSH(m->arena, &key->parts) = (Part){ .column = table->columns.items[0]->head.name };
    else
        add_parts(m, table, &key->parts);
    if (kind == OBJECT_PRIMARY_KEY && (m->dialect->caps & KEYS_HAVE_NO_NAME)) {
        key->head.name = NULL;
    }
    if (kind == OBJECT_PRIMARY_KEY && !(m->dialect->caps & KEYS_MAY_BE_NULL))
        table->columns.items[0]->nullable = false;
    if (coin(m, 2))
        return;
    key->nulls_not_distinct = coin(m, 3);
    key->deferral = (Deferral)below(m, 3);
    if (coin(m, 4))
        *VEC_PUSH(m->arena, &key->include) = table->columns.items[0]->head.name;
    if (kind == OBJECT_EXCLUDE) {
        key->method = "gist";
        key->where = coin(m, 2) ? expression(m) : NULL;
    }
}

static void make_check(Maker *m, Table *table)
{
    Constraint *check = make_constraint(m, table, OBJECT_CHECK);
    check->expression = expression(m);
    check->not_valid = coin(m, 6);
    check->not_enforced = coin(m, 6);
    check->no_inherit = coin(m, 6);
    if (coin(m, 2))
        check->column = table->columns.items[below(m, (unsigned)table->columns.count)]->head.name;
}

static void make_foreign_key(Maker *m, Table *table)
{
    const Table *target = m->schema->tables.items[below(m, (unsigned)m->schema->tables.count)];
    Constraint *key = make_constraint(m, table, OBJECT_FOREIGN_KEY);
    *VEC_PUSH(m->arena, &key->parts) = (Part){ .column = table->columns.items[0]->head.name };
    bool dangles = coin(m, 5);
    key->referred_schema = dangles ? NULL : target->head.schema;
    key->referred_table = dangles ? name(m) : target->head.name;
    if (!table_primary_key(target) || coin(m, 2))
        *VEC_PUSH(m->arena, &key->referred_columns) = dangles ? name(m) : target->columns.items[0]->head.name;
    key->on_delete =
        coin(m, 2) ? NULL : ONE_OF(m, "CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "SET NULL (a, B)");
    key->on_update = coin(m, 3) ? "CASCADE" : NULL;
    key->match = coin(m, 4) ? "FULL" : NULL;
    key->deferral = (Deferral)below(m, 3);
    key->not_valid = coin(m, 8);
}

static Index *make_index(Maker *m, const Table *table)
{
    Index *index = index_new(m->arena, table, name(m));
    if (coin(m, 3))
        *VEC_PUSH(m->arena, &index->parts) = (Part){ .column = table->columns.items[0]->head.name };
    else
        add_parts(m, table, &index->parts);
    if (coin(m, 3))
        index->head.name = arena_printf(m->arena, "ix_%s_%s_%u", table->head.name, "x", m->serial++);
    index->unique = coin(m, 4);
    index->method = coin(m, 4) ? "gin" : NULL;
    index->where = coin(m, 4) ? expression(m) : NULL;
    add_head(m, &index->head);
    return index;
}

static void make_table(Maker *m)
{
    const char *schema = (m->dialect->caps & CAN_SCHEMAS) && coin(m, 3) ? name(m) : NULL;
    Table *table = table_new(m->arena, schema, name(m));
    add_head(m, &table->head);
    for (unsigned n = 1 + below(m, 5); n > 0; n--)
        make_column(m, table);
    *VEC_PUSH(m->arena, &m->schema->tables) = table;
    if (coin(m, 2))
        make_key(m, table, OBJECT_PRIMARY_KEY);
    for (unsigned n = below(m, 3); n > 0; n--)
        make_key(m, table, OBJECT_UNIQUE);
    for (unsigned n = below(m, 3); n > 0; n--)
        make_check(m, table);
    for (unsigned n = below(m, 3); n > 0; n--)
        make_foreign_key(m, table);
    if (coin(m, 6))
        make_key(m, table, OBJECT_EXCLUDE);
    for (unsigned n = below(m, 3); n > 0; n--)
        *VEC_PUSH(m->arena, &table->indexes) = make_index(m, table);
}

static void fill_view(Maker *m, View *view)
{
    view->query =
        ONE_OF(m, "SELECT 1", " SELECT a\n   FROM b", "SELECT '\t'\n  -- x \n, 2", "SELECT \"q\", 'it''s'");
    view->materialized = coin(m, 4);
    view->recursive = coin(m, 6);
    if (coin(m, 4))
        *VEC_PUSH(m->arena, &view->columns) = text(m);
}

static void fill_sequence(Maker *m, Sequence *sequence)
{
    const char *wrong = NULL;
    sequence->type = coin(m, 3) ? m->dialect->type_native(m->arena, "bigint", &wrong) : NULL;
    sequence->start = coin(m, 2) ? "-100" : NULL;
    sequence->maximum = coin(m, 3) ? "9223372036854775807" : NULL;
    sequence->cycle = coin(m, 4);
    sequence->owned_by = coin(m, 4) ? name_join(m->arena, name(m), name(m)) : NULL;
}

static void fill_type(Maker *m, Object *object)
{
    if (object->kind == OBJECT_ENUM) {
        for (unsigned n = below(m, 4); n > 0; n--)
            *VEC_PUSH(m->arena, &((EnumType *)(void *)object)->values) = name(m);
    } else if (object->kind == OBJECT_DOMAIN) {
        DomainType *domain = (DomainType *)(void *)object;
        domain->base = type(m);
        domain->default_sql = coin(m, 3) ? default_of(m, domain->base) : NULL;
        domain->not_null = coin(m, 3);
        for (unsigned n = below(m, 3); n > 0; n--) {
            Constraint *check = object_new(m->arena, OBJECT_CHECK, object->schema, object->name, name(m));
            check->expression = expression(m);
            *VEC_PUSH(m->arena, &domain->checks) = check;
        }
    } else {
        const Table owner = { .head = { .name = object->name } };
        for (unsigned n = 1 + below(m, 3); n > 0; n--) {
            Column *attribute = column_new(m->arena, &owner, name(m));
            attribute->type = type(m);
            attribute->collation = coin(m, 3) ? text(m) : NULL;
            *VEC_PUSH(m->arena, &((CompositeType *)(void *)object)->attributes) = attribute;
        }
    }
}

static void make_object(Maker *m, ObjectKind kind)
{
    bool types = kind == OBJECT_ENUM || kind == OBJECT_DOMAIN || kind == OBJECT_COMPOSITE;
    if (types && !(m->dialect->caps & HAS_TYPES))
        return;
    const char *schema = (m->dialect->caps & CAN_SCHEMAS) && coin(m, 3) ? name(m) : NULL, *called = name(m);
    bool routine = kind == OBJECT_FUNCTION || kind == OBJECT_PROCEDURE || kind == OBJECT_AGGREGATE ||
                   kind == OBJECT_OPERATOR;
    if (object_kind_is_global(kind))
        schema = NULL;
    if (routine && strchr(called, '('))
        called = arena_printf(m->arena, "f%u(integer, \"s.t\")", m->serial++);
    Object *object = object_new(m->arena, kind, schema, NULL, called);
    add_head(m, object);
    if (types)
        fill_type(m, object);
    else if (kind == OBJECT_VIEW)
        fill_view(m, (View *)(void *)object);
    else if (kind == OBJECT_SEQUENCE)
        fill_sequence(m, (Sequence *)(void *)object);
    else if (object_kind_is_verbatim(kind))
        object->definition =
            ONE_OF(m, "CREATE X", "CREATE FUNCTION f() AS $$\n  BEGIN\n\tRETURN ' ';  \n  END\n$$",
                   " CREATE\n Y", "CREATE 'a\r\nb'");
    if (kind == OBJECT_TRIGGER || kind == OBJECT_POLICY || kind == OBJECT_RULE || kind == OBJECT_STATISTICS) {
        object->table = name(m);
        if (coin(m, 3)) { // the same name on another table
            Object *twin = object_new(m->arena, kind, schema, name(m), called);
            twin->definition = "CREATE Z";
            *VEC_PUSH(m->arena, &m->schema->objects) = twin;
        }
    }
    *VEC_PUSH(m->arena, &m->schema->objects) = object;
}

// There is one, without a name or a comment, where the engine knows settings of it.
static void make_database(Maker *m)
{
    if (strcmp(m->dialect->name, "mysql") != 0)
        return;
    Object *database = object_new(m->arena, OBJECT_DATABASE, NULL, NULL, DATABASE_NAME);
    option_set(m->arena, &database->options, "collation", "utf8mb4_bin");
    *VEC_PUSH(m->arena, &m->schema->objects) = database;
}

static Schema *make_schema(Arena *arena, const Dialect *dialect, uint64_t seed)
{
    Maker m = {
        .arena = arena, .dialect = dialect, .schema = ARENA_NEW(arena, Schema), .state = seed * 7919 + 17
    };
    m.schema->dialect = dialect;
    for (unsigned n = 1 + below(&m, 4); n > 0; n--)
        make_table(&m);
    for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        if (object_kinds[kind].yaml && kind != OBJECT_TABLE && coin(&m, 2)) {
            if (kind == OBJECT_DATABASE)
                make_database(&m);
            else
                make_object(&m, (ObjectKind)kind);
        }
    schema_sort(m.schema);
    return m.schema;
}

#endif
