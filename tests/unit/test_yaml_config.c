// cmigrate.yaml: what it sets, what the environment fills in, and where its mistakes are.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/config/config_read.h"
#include "tests/support/cmocka_arena.h"

static bool read_config(Arena *arena, const char *text, const char *environment, Config *out, Error *err)
{
    char folder[] = "/tmp/cmigrate_config_XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *path = path_join(arena, folder, "cmigrate.yaml");
    *err = (Error){ 0 };
    assert_true(file_write(path, (Text){ text, strlen(text) }, true, err));
    bool ok = config_read(arena, path, environment, out, err);
    unlink(path);
    rmdir(folder);
    return ok;
}

static void everything_has_a_default(void **state)
{
    Config config;
    Error err;
    assert_true(read_config(*state, "# nothing\n", NULL, &config, &err));
    assert_null(config.url);
    assert_string_equal(config.directory, "migrations");
    assert_string_equal(config.version_table, "cmigrate_version");
    assert_int_equal(config.lock_timeout_ms, 60000);
    assert_string_equal(config.schema.items[0], "schema.yaml");
}

static void the_environment_fills_in(void **state)
{
    Config config;
    Error err;
    setenv("CMIGRATE_TEST_DB", "sqlite:///x.db", 1);
    unsetenv("CMIGRATE_TEST_NONE");
    assert_true(read_config(
        *state,
        "url: ${CMIGRATE_TEST_DB}\nschema: ['a', \"${CMIGRATE_TEST_NONE:-b}\"]\nlock_timeout: 500ms\n", NULL,
        &config, &err));
    assert_string_equal(config.url, "sqlite:///x.db");
    assert_int_equal(config.schema.count, 2);
    assert_string_equal(config.schema.items[1], "b");
    assert_int_equal(config.lock_timeout_ms, 500);
    assert_false(read_config(*state, "directory: ${CMIGRATE_TEST_NONE}\n", NULL, &config, &err));
    assert_int_equal(err.code, ERR_CONFIG);
    assert_int_equal(err.at.line, 1);
}

static void an_environment_is_laid_over_the_rest(void **state)
{
    static const char text[] =
        "url: sqlite:///a.db\ndirectory: d\nenvironments:\n  production: {url: 'sqlite:///p.db'}\n";
    Config config;
    Error err;
    assert_true(read_config(*state, text, "production", &config, &err));
    assert_string_equal(config.url, "sqlite:///p.db");
    assert_string_equal(config.directory, "d");
    assert_false(read_config(*state, text, "produktion", &config, &err));
    assert_string_equal(err.hint, "Did you mean 'production'?");
    assert_false(read_config(*state, text, "prod", &config, &err));
    assert_string_equal(err.hint, "Did you mean 'production'?");
}

static void a_mistake_is_placed(void **state)
{
    Config config;
    Error err;
    assert_false(read_config(*state, "url: sqlite://\nshema: x\nlock_timeout: soon\n", NULL, &config, &err));
    assert_int_equal(err.code, ERR_CONFIG);
    assert_int_equal(err.at.line, 2);
    assert_int_equal(err.at.column, 1);
    assert_string_equal(err.label, "did you mean 'schema'?");
    assert_non_null(err.next);
    assert_int_equal(err.next->at.line, 3);
    assert_false(read_config(*state, "url: [\n", NULL, &config, &err));
    assert_int_equal(err.code, ERR_CONFIG);
    assert_false(read_config(*state, "url: a\nurl: b\n", NULL, &config, &err));
    assert_int_equal(err.at.line, 2);
    assert_int_equal(err.also.line, 1);
}

static void durations_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned ms;
    } good[] = {
        {"60s",    60000 },
        { "500ms", 500   },
        { "2m",    120000},
        { "0",     0     },
        { "15",    15000 },
        { "1.5s",  1500  }
    };
    static const char *const bad[] = { "", "s", "-1s", "1 fortnight", "99999999999h", "1e999" };
    unsigned ms;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(duration_parse(good[i].text, &ms));
        assert_int_equal(ms, good[i].ms);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(duration_parse(bad[i], &ms));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_has_a_default),
        TEST(the_environment_fills_in),
        TEST(an_environment_is_laid_over_the_rest),
        TEST(a_mistake_is_placed),
        TEST(durations_have_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
