// The law of the model's file: what is written and read again is the same schema, whatever names and texts it holds.
// Schemas are made at random, from a seed that a failure prints, of all kinds and with hostile names, for every dialect.
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/model/field.h"
#include "core/yaml/schema_read.h"
#include "core/yaml/schema_write.h"
#include "tests/support/cmocka_arena.h"

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
    "\xef\xbb\xbf"
    "bom",
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
    } else if (coin(m, 6)) {
        column->identity = coin(m, 2) ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
        column->identity_options = coin(m, 2)
                                       ? NULL
                                       : ONE_OF(m, "START WITH 10", "START WITH 10 INCREMENT BY -5 CYCLE",
                                                "CYCLE", "odd", "CACHE 7");
        column->nullable = false;
    } else if (coin(m, 6)) {
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
    part.opclass = coin(m, 3) ? text(m) : NULL;
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
    sequence->owned_by = coin(m, 4) ? text(m) : NULL;
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
    if (kind == OBJECT_GRANT || kind == OBJECT_DEFAULT_PRIVILEGE || kind == OBJECT_CAST)
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
    else if (object_kinds[kind].verbatim)
        object->definition =
            ONE_OF(m, "CREATE X", "CREATE FUNCTION f() AS $$\n  BEGIN\n\tRETURN ' ';  \n  END\n$$",
                   " CREATE\n Y", "CREATE 'a\r\nb'");
    if (kind == OBJECT_TRIGGER || kind == OBJECT_POLICY || kind == OBJECT_RULE) {
        object->table = name(m);
        if (coin(m, 3)) { // the same name on another table
            Object *twin = object_new(m->arena, kind, schema, name(m), called);
            twin->definition = "CREATE Z";
            *VEC_PUSH(m->arena, &m->schema->objects) = twin;
        }
    }
    *VEC_PUSH(m->arena, &m->schema->objects) = object;
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
        if (object_kinds[kind].yaml && kind != OBJECT_TABLE && coin(&m, 2))
            make_object(&m, (ObjectKind)kind);
    schema_sort(m.schema);
    return m.schema;
}

// Equality ----------------------------------------------------------------------------------------------------------

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

// Spaces and case of a type's words are no difference to SQLite, where the model's own spelling is taken for it.
static bool same_spelling(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        if (!*a)
            return true;
    }
}

static const char *differing_field(const Object *a, const Object *b)
{
    FieldTable table = object_fields(a->kind);
    for (size_t i = 0; i < table.count; i++) {
        const Field *field = &table.fields[i];
        const char *x = (const char *)a + field->offset, *y = (const char *)b + field->offset;
        bool equal = true;
        switch (field->kind) {
        case FIELD_TEXT:
        case FIELD_NAME:
        case FIELD_SQL:
            equal = same(*(const char *const *)(const void *)x, *(const char *const *)(const void *)y);
            break;
        case FIELD_TYPE: {
            const char *p = *(const char *const *)(const void *)x, *q = *(const char *const *)(const void *)y;
            equal = p == q || (p && q && same_spelling(p, q));
            break;
        }
        case FIELD_BOOL: equal = *(const bool *)x == *(const bool *)y; break;
        case FIELD_INT: equal = *(const int *)(const void *)x == *(const int *)(const void *)y; break;
        case FIELD_NAMES:
            equal = names_equal((const NameList *)(const void *)x, (const NameList *)(const void *)y);
            break;
        case FIELD_PARTS:
            equal = parts_equal((const PartList *)(const void *)x, (const PartList *)(const void *)y);
            break;
        }
        if (!equal)
            return field->key;
    }
    return NULL;
}

static const char *difference(const Object *a, const Object *b)
{
    if (!same(a->schema, b->schema))
        return "schema";
    if (!same(a->table, b->table))
        return "table";
    if (!same(a->name, b->name))
        return "name";
    if (!same(a->comment, b->comment))
        return "comment";
    if (!same(a->definition, b->definition))
        return "definition";
    if (!options_equal(&a->options, &b->options))
        return "options";
    if (a->kind == OBJECT_CHECK &&
        !same(((const Constraint *)(const void *)a)->column, ((const Constraint *)(const void *)b)->column))
        return "column of check";
    return differing_field(a, b);
}

typedef struct Compared {
    const char *what;
    const Object *object;
} Compared;

static void compare(Compared *found, const Object *a, const Object *b)
{
    const char *what = b ? difference(a, b) : "is missing";
    if (what && !found->what)
        *found = (Compared){ what, a };
}

// One of the same kind and name; of those without a name, one that is equal.
static const Object *partner(const Table *table, const Constraint *of)
{
    const Object *any = NULL;
    VEC_EACH (Constraint *, it, &table->constraints) {
        const Object *other = &(*it)->head;
        if (other->kind != of->head.kind || !same(other->name, of->head.name))
            continue;
        any = other;
        if (!difference(&of->head, other))
            return other;
    }
    return any;
}

static void compare_tables(Compared *found, const Table *a, const Table *b)
{
    compare(found, &a->head, &b->head);
    if (a->columns.count != b->columns.count || a->constraints.count != b->constraints.count ||
        a->indexes.count != b->indexes.count)
        compare(found, &a->head, NULL);
    for (size_t i = 0; i < a->columns.count && !found->what; i++)
        compare(found, &a->columns.items[i]->head, &b->columns.items[i]->head);
    for (size_t i = 0; i < a->constraints.count && !found->what; i++)
        compare(found, &a->constraints.items[i]->head, partner(b, a->constraints.items[i]));
    for (size_t i = 0; i < a->indexes.count && !found->what; i++)
        compare(found, &a->indexes.items[i]->head, &b->indexes.items[i]->head);
}

static Compared compare_schemas(const Schema *a, const Schema *b)
{
    Compared found = { 0 };
    if (a->tables.count != b->tables.count || a->objects.count != b->objects.count)
        return (Compared){ "number of objects", &a->tables.items[0]->head };
    for (size_t i = 0; i < a->tables.count && !found.what; i++)
        compare_tables(&found, a->tables.items[i], b->tables.items[i]);
    for (size_t i = 0; i < a->objects.count && !found.what; i++)
        compare(&found, a->objects.items[i], b->objects.items[i]);
    return found;
}

// The law -------------------------------------------------------------------------------------------------------------

static void check_law(Arena *arena, const Dialect *dialect, uint64_t seed)
{
    const Schema *schema = make_schema(arena, dialect, seed);
    StrBuf first, again;
    strbuf_init(&first, arena);
    strbuf_init(&again, arena);
    schema_write_yaml(&first, schema);
    Schema back;
    RenameList renames = { 0 };
    Error err = { 0 };
    if (!schema_read_text(arena, "written.yaml", (Text){ first.text, first.length }, dialect, &back, &renames,
                          &err)) {
        print_error("%s, seed %llu: line %u: %s\n%.900s\n", dialect->name, (unsigned long long)seed,
                    err.at.line, err.message, first.text);
        fail();
    }
    Compared found = compare_schemas(schema, &back);
    if (found.what) {
        print_error("%s, seed %llu: %s of %s '%s'\n%.900s\n", dialect->name, (unsigned long long)seed,
                    found.what, object_kinds[found.object->kind].word, object_title(arena, found.object),
                    first.text);
        fail();
    }
    schema_write_yaml(&again, &back);
    assert_string_equal(first.text, again.text);
}

static void check_dialect(Dialect dialect)
{
    dialect.resolve = NULL; // the file alone, without what an engine implies
    for (uint64_t seed = 1; seed <= 300; seed++) {
        Arena *arena = arena_new();
        check_law(arena, &dialect, seed);
        arena_free(arena);
    }
}

static void what_is_written_for_sqlite_reads_back_as_the_same(void **state)
{
    (void)state;
    check_dialect(sqlite_dialect);
}

static void what_is_written_for_postgresql_reads_back_as_the_same(void **state)
{
    (void)state;
    check_dialect(postgresql_dialect);
}

static void what_is_written_for_mysql_reads_back_as_the_same(void **state)
{
    (void)state;
    check_dialect(mysql_dialect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_for_sqlite_reads_back_as_the_same),
        cmocka_unit_test(what_is_written_for_postgresql_reads_back_as_the_same),
        cmocka_unit_test(what_is_written_for_mysql_reads_back_as_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
