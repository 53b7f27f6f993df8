// Reading a model: each node is checked for its kind where it is read.
#include <stdio.h>
#include <string.h>

#include "core/schema/schema_read.h"
#include "tests/support/cmocka_arena.h"

static Schema read_for(Arena *arena, const Dialect *dialect, const char *text)
{
    Schema schema;
    RenameList renames = { 0 };
    Error err = { 0 };
    if (!schema_read_text(arena, "schema.yaml", (Text){ text, strlen(text) }, dialect, &schema, &renames,
                          &err)) {
        print_error("%u:%u: %s\n", err.at.line, err.at.column, err.message);
        fail();
    }
    return schema;
}

// The problems of a text, one a line: "line:column+length message [label] also line:column".
static const char *problems(Arena *arena, const Dialect *dialect, const char *text, size_t n)
{
    Schema schema;
    RenameList renames = { 0 };
    Error err = { 0 };
    StrBuf out;
    strbuf_init(&out, arena);
    if (schema_read_text(arena, "schema.yaml", (Text){ text, n }, dialect, &schema, &renames, &err))
        return "";
    for (const Error *each = &err; each; each = each->next) {
        strbuf_printf(&out, "%s%u:%u+%u %s", out.length ? "\n" : "", each->at.line, each->at.column,
                      each->at.length, each->message);
        if (each->label[0])
            strbuf_printf(&out, " [%s]", each->label);
        if (each->also.line)
            strbuf_printf(&out, " also %u:%u", each->also.line, each->also.column);
    }
    return out.text;
}

#define PROBLEMS(dialect, text, expected)                                                                    \
    assert_string_equal(problems(*state, &(dialect), (text), strlen(text)), (expected))

// Wherever a name is read: a mapping that is none of databases, or a list, is refused; one of databases is followed.
static void a_name_is_a_text_wherever_it_is_read(void **state)
{
    static const char *const forms[] = {
        "tables: {t: {columns: {a: {type: text, unique: {name: %s}}}}}",
        "tables: {t: {columns: {a: {type: text, index: {name: %s}}}}}",
        "tables: {t: {columns: {a: {type: text, index: [{name: %s}]}}}}",
        "tables: {t: {columns: {a: {type: text, check: {name: %s, expression: a > 1}}}}}",
        "tables: {t: {columns: {a: {type: text, primary_key: true, references: {table: t, column: a, name: "
        "%s}}}}}",
        "tables: {t: {columns: [{name: %s, type: text}]}}",
        "tables: {t: {columns: {a: text}, unique: [{name: %s, columns: [a]}]}}",
        "tables: {t: {columns: {a: text}, checks: [{name: %s, expression: a > 1}]}}",
        "tables: {t: {columns: {a: text}, indexes: [{name: %s, columns: [a]}]}}",
        "tables: {t: {columns: {a: text}, primary_key: {name: %s, columns: [a]}}}",
        "tables: {t: {columns: {a: {type: text, primary_key: true}}, foreign_keys: [{name: %s, columns: [a], "
        "references: t.a}]}}",
        "tables: [{name: %s, columns: {a: text}}]",
        "{tables: {t: {columns: {a: text}}}, views: [{name: %s, query: SELECT 1}]}",
        "types: [{name: %s, enum: [a]}]",
        "domains: {d: {base: text, checks: [{name: %s, expression: VALUE > 1}]}}",
        "tables: {t: {columns: {a: {type: {enum: [a], name: %s}}}}}",
    };
    static const char *const wrong[] = { "{odd: b}", "[b]", "{}", "[]" };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        for (size_t j = 0; j < COUNT_OF(wrong); j++) {
            const char *text = arena_printf(*state, forms[i], wrong[j]);
            if (!strstr(problems(*state, &postgresql_dialect, text, strlen(text)), "'name' must be a text"))
                fail_msg("%s: %s", text, problems(*state, &postgresql_dialect, text, strlen(text)));
        }
        const char *text = arena_printf(*state, forms[i], "{postgresql: b, default: c}");
        assert_string_equal(problems(*state, &postgresql_dialect, text, strlen(text)), "");
    }
}

static void what_hangs_on_a_table_finds_it_in_its_statement(void **state)
{
    Schema schema =
        read_for(*state, &postgresql_dialect,
                 "triggers: {a: CREATE TRIGGER a AFTER UPDATE OF x ON \"T t\" EXECUTE FUNCTION f()}\n"
                 "policies: {p: CREATE POLICY p ON s.t USING (true)}\n"
                 "rules: {r: CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING}\n");
    const Object *trigger = schema_object(&schema, OBJECT_TRIGGER, NULL, "T t", "a");
    const Object *policy = schema_object(&schema, OBJECT_POLICY, "s", "t", "p");
    const Object *rule = schema_object(&schema, OBJECT_RULE, NULL, "t", "r");
    assert_non_null(trigger);
    assert_non_null(policy);
    assert_non_null(rule);
    PROBLEMS(postgresql_dialect, "triggers: {a: CREATE TRIGGER a}",
             "1:12+1 the definition of trigger 'a' names no table");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_name_is_a_text_wherever_it_is_read),
        TEST(what_hangs_on_a_table_finds_it_in_its_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
