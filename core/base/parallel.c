#define _GNU_SOURCE
#include "core/base/parallel.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

enum {
    MOST_THREADS = 8,
    PORTION = 32 // things that a thread takes at once
};

typedef struct Pool {
    atomic_size_t next;
    size_t count;
    ParallelWork *work;
    void *payload;
} Pool;

typedef struct Worker {
    pthread_t thread;
    Pool *pool;
    Arena *arena;
} Worker;

bool thread_start(pthread_t *out, void *(*run)(void *payload), void *payload)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // the thread inherits it
    bool started = pthread_create(out, NULL, run, payload) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void work_on(Pool *pool, Arena *arena)
{
    for (size_t first; (first = atomic_fetch_add(&pool->next, PORTION)) < pool->count;)
        for (size_t i = first; i < first + PORTION && i < pool->count; i++)
            pool->work(arena, pool->payload, i);
}

static void *run_worker(void *payload)
{
    Worker *worker = payload;
    work_on(worker->pool, worker->arena);
    return NULL;
}

// The processors that this process may use.
static size_t processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof(set), &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

void parallel_each(Arena *arena, size_t count, size_t worth, ParallelWork *work, void *payload)
{
    Pool pool = { .count = count, .work = work, .payload = payload };
    Worker workers[MOST_THREADS];
    size_t started = 0, wanted = worth ? count / worth : 0;
    if (wanted > MOST_THREADS)
        wanted = MOST_THREADS;
    if (wanted > 1 && wanted > processors())
        wanted = processors();
    while (started + 1 < wanted) { // this thread is the last of them
        Worker *worker = &workers[started];
        *worker = (Worker){ .pool = &pool, .arena = arena_new() };
        if (!thread_start(&worker->thread, run_worker, worker)) {
            arena_free(worker->arena);
            break;
        }
        started++;
    }
    work_on(&pool, arena);
    for (size_t i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
        arena_adopt(arena, workers[i].arena);
    }
}
