// Comments that suppress findings: ours, squawk's and Atlas's, with dates, reasons and mistakes.
#include "tests/support/project_kit.h"

#include "core/lint/lint.h"

#define HEAD "-- cmigrate: revision a1\n-- cmigrate: dialect postgresql\n"

// "line code reason|-" of each finding of the two rules that see a text alone, and of the X ones.
static const char *findings(Kit *kit, const char *text)
{
    Script *script = ARENA_NEW(kit->arena, Script);
    ScriptList scripts = { 0 };
    Graph graph = { 0 };
    Error err = { 0 };
    RevisionList selected = { 0 };
    const LintSettings settings = { .fail_on = LINT_ERROR };
    StrBuf out;
    if (!script_read_text(kit->arena, "s.sql", (Text){ text, strlen(text) }, script, &err))
        fail_msg("%u: %s", err.at.line, err.message);
    *VEC_PUSH(kit->arena, &scripts) = script;
    assert_true(graph_build(kit->arena, &scripts, &graph, &err));
    *VEC_PUSH(kit->arena, &selected) = graph.revisions.items[0];
    Lint lint = { .arena = kit->arena,
                  .settings = &settings,
                  .graph = &graph,
                  .dialect = &postgresql_dialect,
                  .variables = &(NameList){ 0 } };
    if (!lint_run(&lint, &selected, &err))
        fail_msg("%s", err.message);
    lint_end(&lint);
    strbuf_init(&out, kit->arena);
    VEC_EACH (LintFinding, it, &lint.findings)
        if (strcmp(it->rule->code, "D105") == 0 || strcmp(it->rule->code, "D107") == 0 ||
            it->rule->code[0] == 'X')
            strbuf_printf(&out, "%s%u %s %s", out.length ? ", " : "", it->at.line, it->rule->code,
                          it->suppressed ? it->suppressed : "-");
    return out.text;
}
#define IS(text, want) assert_string_equal(findings(kit, HEAD text), want)

static void the_next_statement_alone_is_meant(void **state)
{
    Kit *kit = *state;
    IS("-- cmigrate: upgrade\nTRUNCATE t;\n-- cmigrate: allow truncate it is a cache\nTRUNCATE t;\nTRUNCATE "
       "u;\n",
       "4 D105 -, 6 D105 it is a cache, 7 D105 -");
    IS("-- cmigrate: upgrade\n-- cmigrate: allow d105, DELETE-WITHOUT-WHERE both\nDELETE FROM t;\n",
       "4 X101 -, 5 D107 both");
}

static void the_head_allows_for_the_script(void **state)
{
    Kit *kit = *state;
    IS("-- cmigrate: allow-all truncate D107 caches only\n-- cmigrate: upgrade\nTRUNCATE t;\nDELETE FROM "
       "t;\n",
       "5 D105 caches only, 6 D107 caches only");
}

static void dates_end_an_allowance(void **state)
{
    Kit *kit = *state;
    IS("-- cmigrate: upgrade\n-- cmigrate: allow truncate until 2999-01-31 for long\nTRUNCATE t;\n",
       "5 D105 for long");
    IS("-- cmigrate: upgrade\n-- cmigrate: allow truncate until 2020-01-31 for long\nTRUNCATE t;\n",
       "4 X101 -, 5 D105 -");
    IS("-- cmigrate: upgrade\n-- cmigrate: allow truncate until soon\nTRUNCATE t;\n", "4 X102 -, 5 D105 -");
}

static void mistakes_are_told(void **state)
{
    Kit *kit = *state;
    IS("-- cmigrate: upgrade\n-- cmigrate: allow trunkate\nTRUNCATE t;\n", "4 X102 -, 5 D105 -");
    IS("-- cmigrate: upgrade\n-- cmigrate: allow truncate\nSELECT 1;\n", "4 X101 -");
    IS("-- cmigrate: upgrade\n-- cmigrate: allow\nTRUNCATE t;\n", "4 X102 -, 5 D105 -");
}

static void other_tools_comments_are_understood(void **state)
{
    Kit *kit = *state;
    IS("-- cmigrate: upgrade\n-- atlas:nolint\nTRUNCATE t;\nTRUNCATE u;\n", "5 D105 , 6 D105 -");
    IS("-- cmigrate: upgrade\n-- squawk-ignore ban-truncate-cascade, truncate\nTRUNCATE t;\n", "5 D105 ");
    IS("-- cmigrate: upgrade\n-- squawk-ignore no-such-rule\nTRUNCATE t;\n", "5 D105 -");
    IS("-- squawk-ignore-file\n-- cmigrate: upgrade\nTRUNCATE t;\nDELETE FROM t;\n", "5 D105 , 6 D107 ");
}

static void what_is_in_a_string_is_no_comment(void **state)
{
    Kit *kit = *state;
    IS("-- cmigrate: upgrade\nSELECT '\n-- atlas:nolint\n';\nTRUNCATE t;\n", "7 D105 -");
}

static void rules_have_many_names(void **state)
{
    (void)state;
    assert_ptr_equal(lint_rule("D105"), lint_rule("Truncate"));
    assert_ptr_equal(lint_rule("ban-truncate-cascade"), lint_rule("d106"));
    assert_null(lint_rule(""));
    assert_null(lint_rule("truncat"));
    assert_null(lint_rule("truncate "));
    assert_string_equal(lint_group(lint_rule("X101")), "lint");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIT_TEST(the_next_statement_alone_is_meant),
        KIT_TEST(the_head_allows_for_the_script),
        KIT_TEST(dates_end_an_allowance),
        KIT_TEST(mistakes_are_told),
        KIT_TEST(other_tools_comments_are_understood),
        KIT_TEST(what_is_in_a_string_is_no_comment),
        cmocka_unit_test(rules_have_many_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
