// cmocka_arena.h -- cmocka, and a fixture that gives each test an arena in *state: a failing assertion longjmps past
// cleanup, so memory belongs to the fixture.
#ifndef TESTS_SUPPORT_CMOCKA_ARENA_H
#define TESTS_SUPPORT_CMOCKA_ARENA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"

static inline int arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static inline int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

#endif
