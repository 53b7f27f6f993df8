#define _GNU_SOURCE
#include "core/base/parallel.h"

#include <sched.h>
#include <signal.h>

enum { MOST_THREADS = 8 };

typedef struct Pool {
    pthread_mutex_t mutex;
    bool empty; // under the mutex
    ParallelTake *take;
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

// How many were worked on; 0: there are no more.
static size_t work_on_some(Pool *pool, Arena *arena)
{
    void *things[PARALLEL_PORTION];
    size_t count = 0;
    pthread_mutex_lock(&pool->mutex);
    if (!pool->empty)
        count = pool->take(arena, pool->payload, things);
    pool->empty |= count < PARALLEL_PORTION;
    pthread_mutex_unlock(&pool->mutex);
    for (size_t i = 0; i < count; i++)
        pool->work(arena, pool->payload, things[i]);
    return count;
}

static void *run_worker(void *payload)
{
    Worker *worker = payload;
    while (work_on_some(worker->pool, worker->arena))
        ;
    return NULL;
}

// The processors that this process may use.
static size_t processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof(set), &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

void parallel_each(Arena *arena, size_t worth, ParallelTake *take, ParallelWork *work, void *payload)
{
    Pool pool = { .mutex = PTHREAD_MUTEX_INITIALIZER, .take = take, .work = work, .payload = payload };
    Worker workers[MOST_THREADS];
    size_t started = 0, done = 0, count;
    while (done < worth && (count = work_on_some(&pool, arena)) > 0)
        done += count;
    size_t wanted = pool.empty ? 0 : processors();
    while (started + 1 < wanted && started < MOST_THREADS) { // this thread is one of them
        Worker *worker = &workers[started];
        *worker = (Worker){ .pool = &pool, .arena = arena_new() };
        if (!thread_start(&worker->thread, run_worker, worker)) {
            arena_free(worker->arena);
            break;
        }
        started++;
    }
    while (work_on_some(&pool, arena))
        ;
    for (size_t i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
        arena_adopt(arena, workers[i].arena);
    }
    pthread_mutex_destroy(&pool.mutex);
}
