// Files of variables: every form that shells and docker know, and no value in what is said of a fault.
#include "tests/support/cmocka_arena.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/environment.h"

static bool read_text(Arena *arena, const char *text, VariableList *out, Error *err)
{
    char path[] = "/tmp/cmigrate-env-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    bool ok = env_file_read(arena, path, out, err);
    unlink(path);
    return ok;
}

static void every_form_of_a_value(void **state)
{
    static const char *const cases[][2] = {
        {"A=b",                            "b"              },
        { "A = b c  # comment",            "b c"            },
        { "export A=b#c",                  "b#c"            },
        { "A=",                            ""               },
        { "A='$x \"${y}\" \\n'",           "$x \"${y}\" \\n"},
        { "A=\"a\\n\\t\\\"\\\\\\$x\" # c", "a\n\t\"\\$x"    },
        { "A=\"two\nlines\"",              "two\nlines"     },
        { "# A=1\n\n  A=2\r\n",            "2"              },
        { "A=1\nA=2",                      "2"              },
        { "B=x\nA=${B}y${NOBODY:-z}$$",    "xyz$"           },
        { "\xef\xbb\xbf"
          "A=bom",                "bom"            },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        VariableList list = { 0 };
        Error err = { 0 };
        if (!read_text(*state, cases[i][0], &list, &err))
            fail_msg("%s: %s", cases[i][0], err.message);
        assert_string_equal(variable_value(&list, "A"), cases[i][1]);
    }
}

static void a_fault_names_its_line_and_no_value(void **state)
{
    static const char *const cases[][2] = {
        {"A=1\nsecret",        ":2: this is not NAME=VALUE"                  },
        { "1A=secret",         ":1: this is not NAME=VALUE"                  },
        { "A=\"secret\nmore",  ":1: this quote does not end"                 },
        { "A='secret' more",   ":1: something follows the closing quote"     },
        { "A=${secret",        ":1: '${' has no closing '}'"                 },
        { "A=secret${NOBODY}", ":1: the environment has no variable 'NOBODY'"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        VariableList list = { 0 };
        Error err = { 0 };
        assert_false(read_text(*state, cases[i][0], &list, &err));
        assert_int_equal(err.code, ERR_CONFIG);
        assert_non_null(strstr(err.message, cases[i][1]));
        assert_null(strstr(err.message, "secret"));
        assert_null(strstr(err.hint, "secret"));
    }
}

static void the_process_is_stronger(void **state)
{
    VariableList list = { 0 };
    Error err = { 0 };
    setenv("CMIGRATE_UNIT_A", "process", 1);
    assert_true(
        read_text(*state, "CMIGRATE_UNIT_A=file\nCMIGRATE_UNIT_B=1\nCMIGRATE_UNIT_B=2\n", &list, &err));
    assert_string_equal(variable_value(&list, "CMIGRATE_UNIT_A"), "process");
    variables_export(&list);
    assert_string_equal(getenv("CMIGRATE_UNIT_A"), "process");
    assert_string_equal(getenv("CMIGRATE_UNIT_B"), "2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_form_of_a_value),
        TEST(a_fault_names_its_line_and_no_value),
        TEST(the_process_is_stronger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
