#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <unistd.h>

#include "cli/output/report.h"

typedef struct Fixture {
    Arena *arena;
    Report report;
    char path[64];
    char *text;
    size_t length;
} Fixture;

static int make(void **state)
{
    static Fixture f;
    f = (Fixture){ .arena = arena_new() };
    setlocale(LC_CTYPE, "C.UTF-8");
    strncat(f.path, "/tmp/cmigrate-report.XXXXXX", sizeof(f.path) - 1);
    int fd = mkstemp(f.path);
    assert_true(fd >= 0);
    static const char text[] =
        "tables:\n\tname: {type: strng(80)}\n  größe: {typ: text} # \x1b[31m\xe2\x80\xae\n";
    assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
    close(fd);
    f.report = (Report){ .arena = f.arena, .out = stdout, .err = open_memstream(&f.text, &f.length) };
    *state = &f;
    return 0;
}

static int destroy(void **state)
{
    Fixture *f = *state;
    fclose(f->report.err);
    free(f->text);
    unlink(f->path);
    arena_free(f->arena);
    return 0;
}

static void an_error_points_into_its_file(void **state)
{
    Fixture *f = *state;
    Error err = { 0 };
    error_at(&err, ERR_SCHEMA, (SourcePos){ .file = f->path, .line = 3, .column = 11, .length = 3 },
             "unknown key 'typ'");
    error_label(&err, "did you mean 'type'?");
    error_hint(&err, "first\nsecond");
    report_error(&f->report, &err);
    assert_string_equal(f->text, arena_printf(f->arena,
                                              "error: unknown key 'typ'\n"
                                              "  --> %s:3:11\n"
                                              "   |\n"
                                              " 3 |   größe: {typ: text} # \\x1b[31m\\u{202e}\n"
                                              "   |           ^^^ did you mean 'type'?\n"
                                              "   = hint: first\n"
                                              "           second\n",
                                              f->path));
}

static void a_tab_keeps_the_carets_in_their_place(void **state)
{
    Fixture *f = *state;
    Error err = { 0 };
    error_at(&err, ERR_SCHEMA, (SourcePos){ .file = f->path, .line = 2, .column = 15, .length = 5 },
             "unknown type");
    report_error(&f->report, &err);
    assert_non_null(strstr(f->text, " 2 |     name: {type: strng(80)}\n   |                  ^^^^^\n"));
}

static void several_problems_are_all_told(void **state)
{
    Fixture *f = *state;
    Error second = { .code = ERR_SCHEMA }, first = { .code = ERR_SCHEMA, .next = &second };
    strncat(first.message, "one", 10);
    strncat(second.message, "two", 10);
    report_error(&f->report, &first);
    assert_string_equal(f->text, "error: one\n\nerror: two\n\n2 problems\n");
}

static void a_servers_words_cannot_repaint_the_terminal(void **state)
{
    Fixture *f = *state;
    Error err = { 0 };
    error_set(&err, ERR_SQL, "no such column: \x1b[2J\r\x07\x9b");
    error_native(&err, "42703");
    error_detail(&err, "LINE 1: \x1b]0;x\x07");
    report_error(&f->report, &err);
    for (const char *c = f->text; *c; c++)
        assert_true(*c == '\n' || (unsigned char)*c >= ' ');
    assert_non_null(strstr(f->text, "(SQLSTATE 42703)"));
}

static void a_missing_file_or_line_is_no_reason_to_fail(void **state)
{
    Fixture *f = *state;
    Error err = { 0 };
    error_at(&err, ERR_SCHEMA, (SourcePos){ .file = "/nowhere/x.yaml", .line = 3, .column = 1 }, "wrong");
    error_label(&err, "here");
    report_error(&f->report, &err);
    err.at = (SourcePos){ .file = f->path, .line = 99, .column = 1 };
    report_error(&f->report, &err);
    err.at = (SourcePos){ .file = f->path, .line = 1, .column = 4000 };
    report_error(&f->report, &err);
    assert_non_null(strstr(f->text, "--> /nowhere/x.yaml:3:1"));
}

static void a_line_of_words_is_one_line_without_secrets_or_controls(void **state)
{
    Fixture *f = *state;
    char *text = NULL;
    size_t length;
    StrBuf words;
    strbuf_init(&words, f->arena);
    f->report.out = open_memstream(&text, &length);
    strbuf_init(&f->report.line, f->arena);
    strbuf_puts(&words, "a -> b, \x1b[31mred\nnext\tmysql://u:secret@h/d");
    report_words(&f->report, &words);
    strbuf_puts(&words, "b -> c, größe");
    report_words(&f->report, &words);
    f->report.json = true;
    report_words(&f->report, &words);
    fclose(f->report.out);
    assert_string_equal(text,
                        "a -> b, \\x1b[31mred\\x0anext\\x09mysql://u:******@h/d\nb -> c, gr\xc3\xb6\xc3\x9f"
                        "e\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_error_points_into_its_file, make, destroy),
        cmocka_unit_test_setup_teardown(a_tab_keeps_the_carets_in_their_place, make, destroy),
        cmocka_unit_test_setup_teardown(several_problems_are_all_told, make, destroy),
        cmocka_unit_test_setup_teardown(a_servers_words_cannot_repaint_the_terminal, make, destroy),
        cmocka_unit_test_setup_teardown(a_missing_file_or_line_is_no_reason_to_fail, make, destroy),
        cmocka_unit_test_setup_teardown(a_line_of_words_is_one_line_without_secrets_or_controls, make,
                                        destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
