// The watchdog: cuts what is dead, and nothing else.
#include "tests/support/cmocka_arena.h"

#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "core/db/watchdog.h"

typedef struct World {
    _Atomic SessionLook look;
    atomic_int looks, cuts, beats;
    atomic_bool beats_well;
} World;

static SessionLook look(void *payload)
{
    World *world = payload;
    atomic_fetch_add(&world->looks, 1);
    return atomic_load(&world->look);
}

static void cut(void *payload) { atomic_fetch_add(&((World *)payload)->cuts, 1); }

static bool beat(void *payload)
{
    World *world = payload;
    atomic_fetch_add(&world->beats, 1);
    return atomic_load(&world->beats_well);
}

static Watchdog *start(Arena *arena, World *world)
{
    atomic_store(&world->beats_well, true);
    return watchdog_start(arena, &(WatchdogOptions){ 20, look, cut, beat, world });
}

static bool soon(atomic_int *number, int least)
{
    for (int i = 0; i < 500 && atomic_load(number) < least; i++)
        usleep(10000);
    return atomic_load(number) >= least;
}

static void who_is_busy_is_waited_for(void **state)
{
    World world = { .look = LOOK_BUSY };
    Watchdog *dog = start(*state, &world);
    watchdog_waits(dog);
    assert_true(soon(&world.looks, 4));
    watchdog_answered(dog);
    watchdog_stop(dog);
    assert_int_equal(world.cuts, 0);
}

static void a_session_that_is_gone_is_cut_at_once(void **state)
{
    World world = { .look = LOOK_GONE };
    Watchdog *dog = start(*state, &world);
    watchdog_waits(dog);
    assert_true(soon(&world.cuts, 1));
    assert_true(watchdog_has_cut(dog));
    watchdog_stop(dog);
    assert_int_equal(world.looks, 1);
}

static void silence_is_believed_the_second_time(void **state)
{
    static const SessionLook silent[] = { LOOK_IDLE, LOOK_UNREACHABLE };
    for (size_t i = 0; i < 2; i++) {
        World world = { .look = silent[i] };
        Watchdog *dog = start(*state, &world);
        watchdog_waits(dog);
        assert_true(soon(&world.cuts, 1));
        watchdog_stop(dog);
        assert_int_equal(world.looks, 2);
    }
}

static void nobody_is_looked_after_who_does_not_wait(void **state)
{
    World world = { .look = LOOK_GONE };
    Watchdog *dog = start(*state, &world);
    watchdog_waits(dog);
    watchdog_answered(dog);
    usleep(600000);
    watchdog_stop(dog);
    assert_int_equal(world.looks, 0);
}

static void a_beat_that_fails_cuts(void **state)
{
    World world = { .look = LOOK_BUSY };
    Watchdog *dog = start(*state, &world);
    watchdog_beat(dog, 10);
    assert_true(soon(&world.beats, 2));
    assert_int_equal(world.cuts, 0);
    atomic_store(&world.beats_well, false);
    assert_true(soon(&world.cuts, 1));
    watchdog_beat(dog, 0);
    int beats = atomic_load(&world.beats);
    usleep(400000);
    assert_int_equal(world.beats, beats);
    watchdog_stop(dog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_is_busy_is_waited_for),
        TEST(a_session_that_is_gone_is_cut_at_once),
        TEST(silence_is_believed_the_second_time),
        TEST(nobody_is_looked_after_who_does_not_wait),
        TEST(a_beat_that_fails_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
