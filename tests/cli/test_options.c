#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/options/options.h"

typedef struct Values {
    bool flag;
    unsigned count;
    const char *text, *choice;
    NameList list;
} Values;

static const char *const choices[] = { "text", "json", NULL };
static const Opt opts[] = {
    {.name = "flag",     .letter = 'f', .kind = OPT_FLAG, .offset = offsetof(Values, flag) },
    { .name = "count",  .letter = 'v', .kind = OPT_COUNT, .offset = offsetof(Values, count) },
    { .name = "text",
     .letter = 't',
     .kind = OPT_TEXT,
     .offset = offsetof(Values, text),
     .value_name = "T",
     .env = "CMIGRATE_TEST_TEXT" },
    { .name = "format",
     .kind = OPT_CHOICE,
     .offset = offsetof(Values, choice),
     .value_name = "F",
     .choices = choices },
    { .name = "list", .letter = 'l', .kind = OPT_LIST, .offset = offsetof(Values, list), .value_name = "L" },
    { 0           },
};

typedef struct Parsed {
    Arena *arena;
    Values values;
    NameList args;
    Error err;
    bool ok;
} Parsed;

#define PARSE(...) parse((const char *[]){ "cmigrate", __VA_ARGS__, NULL })

static Parsed parse(const char **words)
{
    Parsed p = { .arena = arena_new() };
    int argc = 0;
    char *argv[32];
    for (; words[argc]; argc++)
        argv[argc] = arena_strdup(p.arena, words[argc]);
    const OptTable table = { opts, &p.values };
    p.ok = options_parse(p.arena, argc, argv, 0, &table, 1, &p.args, &p.err);
    return p;
}

static void values_are_taken_in_every_spelling(void **state)
{
    (void)state;
    Parsed p = PARSE("--text=a", "-l", "x", "-ly", "--list", "z", "-fvv", "arg");
    assert_true(p.ok);
    assert_string_equal(p.values.text, "a");
    assert_int_equal(p.values.list.count, 3);
    assert_string_equal(p.values.list.items[1], "y");
    assert_true(p.values.flag);
    assert_int_equal(p.values.count, 2);
    assert_string_equal(p.args.items[0], "arg");
    arena_free(p.arena);
}

static void a_number_behind_a_dash_is_an_argument(void **state)
{
    (void)state;
    Parsed p = PARSE("-1", "-3:current", "--", "--flag");
    assert_true(p.ok);
    assert_int_equal(p.args.count, 3);
    assert_string_equal(p.args.items[2], "--flag");
    assert_false(p.values.flag);
    arena_free(p.arena);
}

static void a_value_may_look_like_an_option(void **state)
{
    (void)state;
    Parsed p = PARSE("-t", "--flag", "--text", "-1");
    assert_true(p.ok);
    assert_string_equal(p.values.text, "-1");
    assert_false(p.values.flag);
    arena_free(p.arena);
}

static void an_unknown_option_names_the_nearest(void **state)
{
    (void)state;
    Parsed p = PARSE("--lits", "x");
    assert_false(p.ok);
    assert_int_equal(p.err.code, ERR_USAGE);
    assert_string_equal(p.err.hint, "Did you mean '--list'?");
    arena_free(p.arena);
}

static void nothing_is_abbreviated(void **state)
{
    (void)state;
    Parsed p = PARSE("--fla");
    assert_false(p.ok);
    arena_free(p.arena);
}

static void a_missing_value_a_value_for_a_flag_and_a_wrong_choice_are_refused(void **state)
{
    (void)state;
    Parsed a = PARSE("--text"), b = PARSE("--flag=yes"), c = PARSE("--format", "jsno"), d = PARSE("-t");
    assert_false(a.ok || b.ok || c.ok || d.ok);
    assert_non_null(strstr(c.err.hint, "'json'"));
    arena_free(a.arena);
    arena_free(b.arena);
    arena_free(c.arena);
    arena_free(d.arena);
}

static void a_long_option_with_one_dash_is_explained(void **state)
{
    (void)state;
    Parsed p = PARSE("-list");
    assert_true(p.ok); // -l with the value "ist", as getopt has it
    assert_string_equal(p.values.list.items[0], "ist");
    Parsed q = PARSE("-format");
    assert_false(q.ok == true && q.values.choice);
    arena_free(p.arena);
    arena_free(q.arena);
}

static void the_environment_fills_in_what_was_not_given(void **state)
{
    (void)state;
    Values values = { 0 };
    Error err = { 0 };
    const OptTable table = { opts, &values };
    setenv("CMIGRATE_TEST_TEXT", "from outside", 1);
    assert_true(options_from_environment(&table, &err));
    assert_string_equal(values.text, "from outside");
    values.text = "given";
    assert_true(options_from_environment(&table, &err));
    assert_string_equal(values.text, "given");
    setenv("CMIGRATE_TEST_TEXT", "", 1);
    values.text = NULL;
    assert_true(options_from_environment(&table, &err));
    assert_null(values.text);
}

static void the_command_is_found_behind_common_options(void **state)
{
    (void)state;
    char *argv[] = { (char[]){ "cmigrate" }, (char[]){ "--text" },  (char[]){ "upgrade" },
                     (char[]){ "-v" },       (char[]){ "migrate" }, NULL };
    assert_int_equal(options_find_word(5, argv, opts), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_taken_in_every_spelling),
        cmocka_unit_test(a_number_behind_a_dash_is_an_argument),
        cmocka_unit_test(a_value_may_look_like_an_option),
        cmocka_unit_test(an_unknown_option_names_the_nearest),
        cmocka_unit_test(nothing_is_abbreviated),
        cmocka_unit_test(a_missing_value_a_value_for_a_flag_and_a_wrong_choice_are_refused),
        cmocka_unit_test(a_long_option_with_one_dash_is_explained),
        cmocka_unit_test(the_environment_fills_in_what_was_not_given),
        cmocka_unit_test(the_command_is_found_behind_common_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
