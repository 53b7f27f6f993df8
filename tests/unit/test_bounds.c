// No text of a model gets out of where it stands: what is said as a name, a word or a value is refused, or comes out as
// one token of SQL. Every option that a dialect lists is tried, and every other place that takes no SQL.
#include "tests/support/cmocka_arena.h"

#include <string.h>

#include "core/dialect/lex.h"
#include "core/dialect/shape.h"
#include "core/diff/diff.h"
#include "core/plan/plan.h"
#include "core/schema/schema_read.h"

// `victim` outside of quotes: it got out. A type is of as many words as it likes, but it ends nothing.
static const char *const values[] = {
    "x; DROP TABLE victim; --",
    "x'; victim; --",
    "x\\\"; victim; --",
    "x`; victim; --",
    "x) victim (",
    "*/ victim /*",
    "x\\nvictim",
    "x, victim",
    "x = victim",
    "\\\\'; victim",
    "'x' victim",
    "[x] victim",
    "$$ victim $$",
    "x -- y",
    "x /* y",
    "x victim",
};

static bool got_out(const Dialect *dialect, const char *sql, bool words)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, dialect->lex, true);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer))
        if (token.kind == TOKEN_BAD || token.kind == TOKEN_COMMENT || token_is(&token, ";") ||
            (!words && token_is(&token, "victim")))
            return true;
    return false;
}

static bool read_model(Arena *arena, const Dialect *dialect, const char *text, Schema *schema, Error *err)
{
    RenameList renames = { 0 };
    bool ok =
        schema_read_text(arena, "schema.yaml", (Text){ text, strlen(text) }, dialect, schema, &renames, err);
    if (ok)
        schema_sort(schema);
    return ok;
}

// The statements that lead from one model to the other; NULL: refused.
static const char *statements(Arena *arena, const Dialect *dialect, const char *from, const char *to)
{
    Schema have, want;
    Error err = { 0 };
    if (!read_model(arena, dialect, from, &have, &err) || !read_model(arena, dialect, to, &want, &err))
        return NULL;
    ChangeList changes = { 0 };
    const Schema *renamed = NULL;
    const RenameList renames = { 0 };
    PlanOptions options = { 0 };
    Plan plan = { 0 };
    if (!diff_schemas(arena, dialect, &have, &want, &renames, &changes, &renamed, &err) ||
        !plan_build(arena, dialect, renamed, &want, &changes, &renames, &options, &plan, &err))
        return NULL;
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Statement, statement, &plan.statements)
        strbuf_printf(&out, "%s\n", statement->sql);
    return out.text;
}

// `form` has one @ where the value stands, in double quotes. Returns how many ways lead out.
static unsigned try_form(const Dialect *dialect, const char *what, const char *form, bool words)
{
    unsigned found = 0;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        Arena *arena = arena_new();
        const char *at = strrchr(form, '@');
        const char *text = arena_printf(arena, "%.*s\"%s\"%s", (int)(at - form), form, values[i], at + 1);
        const char *plain = arena_printf(arena, "%.*s\"1\"%s", (int)(at - form), form, at + 1);
        const char *const pairs[][2] = {
            {"",     text },
            { plain, text },
            { text,  plain},
            { text,  ""   }
        };
        for (size_t k = 0; k < COUNT_OF(pairs); k++) {
            const char *sql = statements(arena, dialect, pairs[k][0], pairs[k][1]);
            if (sql && got_out(dialect, sql, words)) {
                print_error("%s: %s: %s\n", dialect->name, what, sql);
                found++;
                i = COUNT_OF(values);
                break;
            }
        }
        arena_free(arena);
    }
    return found;
}

// A model with one object of the kind, and an option of it; NULL: what is SQL anyway.
static const char *form_of(Arena *arena, ObjectKind kind, const char *option)
{
    switch ((int)kind) {
    case OBJECT_TABLE: return arena_printf(arena, "tables: {t: {columns: {a: integer}, %s: @}}\n", option);
    case OBJECT_COLUMN:
        return arena_printf(arena, "tables: {t: {columns: {a: {type: string(9), %s: @}, b: text}}}\n",
                            option);
    case OBJECT_PRIMARY_KEY:
        return arena_printf(
            arena, "tables: {t: {columns: {a: integer}, primary_key: {columns: [a], %s: @}}}\n", option);
    case OBJECT_UNIQUE:
        return arena_printf(
            arena, "tables: {t: {columns: {a: integer}, unique: {u: {columns: [a], %s: @}}}}\n", option);
    case OBJECT_CHECK:
        return arena_printf(
            arena, "tables: {t: {columns: {a: integer}, checks: {c: {expression: a > 1, %s: @}}}}\n", option);
    case OBJECT_EXCLUDE:
        return arena_printf(
            arena,
            "tables: {t: {columns: {a: integer}, exclude: {e: {method: gist, columns: [{column: "
            "a, with: \"=\"}], %s: @}}}}\n",
            option);
    case OBJECT_INDEX:
        return arena_printf(arena, "tables: {t: {columns: {a: text}, indexes: {i: {columns: [a], %s: @}}}}\n",
                            option);
    case OBJECT_FOREIGN_KEY:
        return arena_printf(arena,
                            "tables: {t: {columns: {a: {type: integer, primary_key: true}, b: integer}, "
                            "foreign_keys: {f: {columns: [b], references: t.a, %s: @}}}}\n",
                            option);
    case OBJECT_VIEW: return arena_printf(arena, "views: {v: {query: select 1 as a, %s: @}}\n", option);
    case OBJECT_SEQUENCE: return arena_printf(arena, "sequences: {s: {%s: @}}\n", option);
    case OBJECT_EXTENSION: return arena_printf(arena, "extensions: {e: {%s: @}}\n", option);
    case OBJECT_DOMAIN: return arena_printf(arena, "domains: {d: {base: text, %s: @}}\n", option);
    case OBJECT_TRIGGER:
        return arena_printf(
            arena,
            "tables: {t: {columns: {a: integer}}}\ntriggers: {g: {table: t, definition: \"create "
            "trigger g before insert on t for each row set @x = 1\", %s: @}}\n",
            option);
    case OBJECT_EVENT:
        return arena_printf(
            arena, "events: {e: {definition: create event e on schedule every 1 day do set @x = 1, %s: @}}\n",
            option);
    case OBJECT_FUNCTION:
        return arena_printf(
            arena, "functions: {f: {definition: create function f() returns int return 1, %s: @}}\n", option);
    default: return NULL;
    }
}

// An option that is a list (key=value, ...) may have several items, and each stands for itself.
static unsigned try_options(const Dialect *dialect)
{
    unsigned found = 0;
    Arena *arena = arena_new();
    for (size_t i = 0; i < dialect->option_count; i++) {
        const OptionInfo *option = &dialect->options[i];
        for (int kind = 0; kind < OBJECT_KIND_COUNT && option->kind != OPTION_SQL; kind++) {
            const char *form = option->kinds & KIND_BIT(kind) ? form_of(arena, kind, option->key) : NULL;
            if (form)
                found +=
                    try_form(dialect, arena_printf(arena, "%s of a %s", option->key, object_kinds[kind].word),
                             form, strchr(option->help, '=') != NULL);
        }
    }
    arena_free(arena);
    return found;
}

static unsigned try_places(const Dialect *dialect)
{
    static const char *const types[] = {
        "tables: {t: {columns: {a: {type: @}}}}\n",
        "types: {e: {base: @}}\ntables: {t: {columns: {a: e}}}\n",
        "types: {e: {composite: {x: @}}}\n",
        "tables: {t: {columns: {a: integer}}}\nsequences: {s: {type: @}}\n",
    };
    static const char *const forms[] = {
        "tables: {t: {columns: {a: {type: text, collation: @}}}}\n",
        "tables: {t: {columns: {a: {type: text, default: @}}}}\n",
        "tables: {t: {columns: {a: {type: integer, default: @}}}}\n",
        "tables: {t: {columns: {a: {type: boolean, default: @}}}}\n",
        "tables: {t: {columns: {a: {type: date, default: @}}}}\n",
        "tables: {t: {columns: {a: {type: binary(9), default: @}}}}\n",
        "tables: {t: {columns: {a: {type: text, comment: @}}}}\n",
        "tables: {t: {columns: {a: {type: integer, identity: @}}}}\n",
        "tables: {t: {columns: {a: {type: integer, identity: {start: @}}}}}\n",
        "tables: {t: {columns: {a: {type: integer, identity: {mode: always, cache: @}}}}}\n",
        "tables: {t: {columns: {a: {type: integer, identity: {mode: always, minimum: @, maximum: 9}}}}}\n",
        "tables: {t: {columns: {a: {enum: [a, @]}}}}\n",
        "types: {e: {enum: [@]}}\ntables: {t: {columns: {a: e}}}\n",
        "types: {e: {base: text, collation: @}}\ntables: {t: {columns: {a: e}}}\n",
        "types: {e: {base: text, default: @}}\ntables: {t: {columns: {a: e}}}\n",
        "types: {e: {composite: {x: {type: text, collation: @}}}}\n",
        "tables: {t: {comment: @, columns: {a: integer}}}\n",
        "tables: {t: {columns: {a: text}, indexes: {i: {columns: [{column: a, collation: @}]}}}}\n",
        "tables: {t: {columns: {a: text}, indexes: {i: {columns: [{column: a, opclass: @}]}}}}\n",
        "tables: {t: {columns: {a: text}, indexes: {i: {columns: [{column: a, order: @}]}}}}\n",
        "tables: {t: {columns: {a: text}, indexes: {i: {columns: [{column: a, nulls: @}]}}}}\n",
        "tables: {t: {columns: {a: text}, indexes: {i: {columns: [{column: a, length: @}]}}}}\n",
        "tables: {t: {columns: {a: text}, indexes: {i: {columns: [a], method: @}}}}\n",
        "tables: {t: {columns: {a: text}, indexes: {i: {columns: [a], include: [@]}}}}\n",
        "tables: {t: {columns: {a: text}, unique: {i: {columns: [a], method: @}}}}\n",
        "tables: {t: {columns: {a: text}, unique: {i: {columns: [a], deferrable: @}}}}\n",
        "tables: {t: {columns: {a: integer}, exclude: {e: {method: @, columns: [{column: a, with: "
        "'='}]}}}}\n",
        "tables: {t: {columns: {a: integer}, exclude: {e: {method: gist, columns: [{column: a, with: "
        "@}]}}}}\n",
        "tables: {t: {columns: {a: {type: integer, primary_key: true}, b: {type: integer, references: t.a, "
        "on_delete: @}}}}\n",
        "tables: {t: {columns: {a: {type: integer, primary_key: true}, b: {type: integer, references: t.a, "
        "match: @}}}}\n",
        "tables: {t: {columns: {a: {type: integer, references: @, unchecked: true}}}}\n",
        "views: {v: {query: select 1, columns: [@]}}\n",
        "views: {v: {query: select 1, comment: @}}\n",
        "sequences: {s: {start: @}}\n",
        "sequences: {s: {increment: @}}\n",
        "sequences: {s: {minimum: @}}\n",
        "sequences: {s: {cache: @}}\n",
        "sequences: {s: {comment: @}}\n",
        "tables: {t: {columns: {a: integer}}}\nsequences: {s: {owned_by: @}}\n",
        "extensions: [@]\n",
        "schemas: [@]\n",
    };
    unsigned found = 0;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        found += try_form(dialect, types[i], types[i], true);
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        found += try_form(dialect, forms[i], forms[i], false);
    return found;
}

static void nothing_gets_out_in_sqlite(void **state)
{
    (void)state;
    assert_int_equal(try_options(&sqlite_dialect) + try_places(&sqlite_dialect), 0);
}

static void nothing_gets_out_in_postgresql(void **state)
{
    (void)state;
    assert_int_equal(try_options(&postgresql_dialect) + try_places(&postgresql_dialect), 0);
}

static void nothing_gets_out_in_mysql(void **state)
{
    (void)state;
    assert_int_equal(try_options(&mysql_dialect) + try_places(&mysql_dialect), 0);
}

static void shapes_are_told_from_what_breaks_them(void **state)
{
    static const char *const
        types[] = { "varchar(9) charset latin1",   "numeric(10, -2)",  "s.\"T t\"(4)[]", "\"char\"",
                    "timestamp(3) with time zone", "enum('a;', \"b\")" },
        *const no_types[] = { "text; x", "text, x int", "text -- x", "text /* x */", "int) x",
                              "int(1",   "int(1; 2)",   "int = 1",   "text 'x" },
        *const classes[] = { "text_ops", "s.\"t;\"", "gin_trgm_ops (siglen = 32)" },
        *const no_classes[] = { "a b", "a)", "a (", "a (1) b", "a; b", "", "a.", "a -- b" },
        *const operators[] = { "=", "&&", "-|-", "OPERATOR(s.=)", "WITHOUT OVERLAPS", "PERIOD" },
        *const no_operators[] = { "= x", "=)", "=;", "x", "OPERATOR(=", "PERIOD x", "WITHOUT", "= -- x" };
    (void)state;
    const Dialect *const d = &postgresql_dialect;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        assert_true(shape_is_type(i == 0 || i == 5 ? &mysql_dialect : d, types[i]));
    for (size_t i = 0; i < COUNT_OF(no_types); i++)
        assert_false(shape_is_type(d, no_types[i]));
    for (size_t i = 0; i < COUNT_OF(classes); i++)
        assert_true(shape_is_operator_class(d, classes[i]));
    for (size_t i = 0; i < COUNT_OF(no_classes); i++)
        assert_false(shape_is_operator_class(d, no_classes[i]));
    for (size_t i = 0; i < COUNT_OF(operators); i++)
        assert_true(shape_is_operator(d, operators[i]));
    for (size_t i = 0; i < COUNT_OF(no_operators); i++)
        assert_false(shape_is_operator(d, no_operators[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_told_from_what_breaks_them),
        cmocka_unit_test(nothing_gets_out_in_sqlite),
        cmocka_unit_test(nothing_gets_out_in_postgresql),
        cmocka_unit_test(nothing_gets_out_in_mysql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
