#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/output/json.h"

static void members_and_items_get_their_commas(void **state)
{
    Json json;
    json_start(&json, *state);
    json_open(&json, '{');
    json_put_text(&json, "a", NULL);
    json_key(&json, "b");
    json_open(&json, '[');
    json_int(&json, 1);
    json_bool(&json, true);
    json_open(&json, '{');
    json_close(&json, '}');
    json_close(&json, ']');
    json_close(&json, '}');
    assert_string_equal(json.out.text, "{\"a\": null, \"b\": [1, true, {}]}");
}

static void strings_are_always_valid(void **state)
{
    Json json;
    json_start(&json, *state);
    json_bytes(&json, (Text){ "a\"\\\n\t\x01\x7f\0z", 9 });
    assert_string_equal(json.out.text, "\"a\\\"\\\\\\n\\t\\u0001\\u007f\\u0000z\"");
    json_start(&json, *state); // what could turn what is read round, or repaint a terminal
    json_text(&json, "\u202e\xc2\x9b\u200b\ufeff");
    assert_string_equal(json.out.text, "\"\\u202e\\u009b\\u200b\\ufeff\"");
}

static void broken_utf8_becomes_the_replacement_character(void **state)
{
    static const char *const broken[] = { "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                          "\xe2\x82" };
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        Json json;
        json_start(&json, *state);
        json_text(&json, broken[i]);
        for (const char *c = json.out.text; *c; c++)
            assert_true((unsigned char)*c < 0x80);
        assert_non_null(strstr(json.out.text, "\\ufffd"));
    }
    Json json;
    json_start(&json, *state);
    json_text(&json, "grün 𝄞");
    assert_string_equal(json.out.text, "\"grün 𝄞\"");
}

static int make(void **state)
{
    *state = arena_new();
    return 0;
}

static int destroy(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(members_and_items_get_their_commas, make, destroy),
        cmocka_unit_test_setup_teardown(strings_are_always_valid, make, destroy),
        cmocka_unit_test_setup_teardown(broken_utf8_becomes_the_replacement_character, make, destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
