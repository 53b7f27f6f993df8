#include "core/db/watchdog.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#include "core/base/clock.h"

enum { TICK_MS = 250, DOUBTS = 2 }; // so many looks in a row that find the session idle, or nobody at all

struct Watchdog {
    WatchdogOptions options;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    atomic_bool has_cut;
    // under the mutex
    int64_t since; // when waiting began, in ms; 0: nobody waits
    bool stopping, beating;
    unsigned beat_every;
    int64_t beat_at;
};

static int64_t whole_ms(void) { return (int64_t)now_ms(); }

static void cut(Watchdog *dog)
{
    if (!atomic_exchange(&dog->has_cut, true))
        dog->options.cut(dog->options.payload);
}

// Looks after whoever waits too long; `doubts` and `looked_at` are of the wait that began at `of`.
typedef struct Wait {
    int64_t of, looked_at;
    int doubts;
} Wait;

// Called under the mutex, as `cut` is: who waits cannot go on, and close what is being cut, meanwhile.
static void look_after(Watchdog *dog, Wait *wait)
{
    if (dog->since != wait->of)
        *wait = (Wait){ .of = dog->since, .looked_at = dog->since };
    if (!dog->since || whole_ms() - wait->looked_at < dog->options.patience_ms)
        return;
    pthread_mutex_unlock(&dog->mutex);
    SessionLook look = dog->options.look(dog->options.payload);
    pthread_mutex_lock(&dog->mutex);
    wait->looked_at = whole_ms();
    if (dog->since != wait->of) // it was answered meanwhile
        return;
    wait->doubts = look == LOOK_BUSY ? 0 : wait->doubts + 1;
    if (look == LOOK_GONE || wait->doubts >= DOUBTS)
        cut(dog);
}

static void beat(Watchdog *dog)
{
    if (!dog->beat_every || whole_ms() < dog->beat_at)
        return;
    dog->beating = true;
    pthread_mutex_unlock(&dog->mutex);
    bool ok = dog->options.beat(dog->options.payload);
    pthread_mutex_lock(&dog->mutex);
    dog->beating = false;
    dog->beat_at = whole_ms() + dog->beat_every;
    pthread_cond_broadcast(&dog->changed);
    if (!ok)
        cut(dog);
}

static void *keep_watch(void *payload)
{
    Watchdog *dog = payload;
    Wait wait = { 0 };
    pthread_mutex_lock(&dog->mutex);
    while (!dog->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TICK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&dog->changed, &dog->mutex, &until);
        if (dog->stopping)
            break;
        beat(dog);
        if (!atomic_load(&dog->has_cut))
            look_after(dog, &wait);
    }
    pthread_mutex_unlock(&dog->mutex);
    return NULL;
}

Watchdog *watchdog_start(Arena *arena, const WatchdogOptions *options)
{
    Watchdog *dog = ARENA_NEW(arena, Watchdog);
    dog->options = *options;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&dog->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&dog->mutex, NULL);
    sigset_t all, before; // signals are somebody else's
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&dog->thread, NULL, keep_watch, dog) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok ? dog : NULL;
}

void watchdog_stop(Watchdog *dog)
{
    if (!dog)
        return;
    pthread_mutex_lock(&dog->mutex);
    dog->stopping = true;
    pthread_cond_broadcast(&dog->changed);
    pthread_mutex_unlock(&dog->mutex);
    pthread_join(dog->thread, NULL);
    pthread_cond_destroy(&dog->changed);
    pthread_mutex_destroy(&dog->mutex);
}

static void set_since(Watchdog *dog, int64_t since)
{
    if (!dog)
        return;
    pthread_mutex_lock(&dog->mutex);
    dog->since = since;
    pthread_mutex_unlock(&dog->mutex);
}

void watchdog_waits(Watchdog *dog) { set_since(dog, whole_ms()); }

void watchdog_answered(Watchdog *dog) { set_since(dog, 0); }

void watchdog_beat(Watchdog *dog, unsigned every_ms)
{
    if (!dog)
        return;
    pthread_mutex_lock(&dog->mutex);
    dog->beat_every = every_ms;
    dog->beat_at = whole_ms() + every_ms;
    while (dog->beating)
        pthread_cond_wait(&dog->changed, &dog->mutex);
    pthread_mutex_unlock(&dog->mutex);
}

bool watchdog_has_cut(const Watchdog *dog) { return dog && atomic_load(&dog->has_cut); }
