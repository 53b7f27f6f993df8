// Other programs: what they print comes back whole, and what goes wrong is told.
#include "tests/support/cmocka_arena.h"

#include <string.h>

#include "core/base/process.h"

static ProcessResult run(Arena *arena, const char *script)
{
    Error err = { 0 };
    ProcessResult result;
    if (!process_run(arena, (const char *const[]){ "sh", "-c", script, NULL }, NULL, 0, &result, &err))
        fail_msg("%s", err.message);
    return result;
}

static void both_outputs_and_the_status_come_back(void **state)
{
    ProcessResult result = run(*state, "echo out; echo err >&2; exit 3");
    assert_int_equal(result.status, 3);
    assert_string_equal(result.out.p, "out\n");
    assert_string_equal(result.err.p, "err\n");
}

static void neither_output_waits_for_the_other(void **state)
{
    ProcessResult result = run(*state, "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero");
    assert_int_equal(result.out.n, 300000);
    assert_int_equal(result.err.n, 300000);
}

static void arguments_arrive_as_they_are_and_input_is_empty(void **state)
{
    Arena *arena = *state;
    Error err = { 0 };
    ProcessResult result;
    const char *const argv[] = { "sh", "-c", "cat; printf '%s' \"$1\"; pwd", "sh", "a b; $(exit 9)", NULL };
    assert_true(process_run(arena, argv, "/", 0, &result, &err));
    assert_string_equal(result.out.p, "a b; $(exit 9)/\n");
}

static void a_signal_is_a_status_as_a_shell_tells_it(void **state)
{
    assert_int_equal(run(*state, "kill -9 $$").status, 137);
}

static void a_program_that_is_missing_and_one_that_prints_too_much_are_errors(void **state)
{
    Arena *arena = *state;
    Error err = { 0 };
    ProcessResult result;
    assert_false(
        process_run(arena, (const char *const[]){ "no-such-program", NULL }, NULL, 0, &result, &err));
    assert_string_equal(err.message, "cannot run 'no-such-program': No such file or directory");
    assert_false(process_run(arena, (const char *const[]){ "yes", NULL }, NULL, 1000, &result, &err));
    assert_string_equal(err.message, "'yes' printed more than 1000 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_outputs_and_the_status_come_back),
        TEST(neither_output_waits_for_the_other),
        TEST(arguments_arrive_as_they_are_and_input_is_empty),
        TEST(a_signal_is_a_status_as_a_shell_tells_it),
        TEST(a_program_that_is_missing_and_one_that_prints_too_much_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
