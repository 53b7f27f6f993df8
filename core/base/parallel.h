// parallel.h -- the same work on many things, on as many threads as pay.
//
// The things are numbered; each is worked on once, by whichever thread is free, in no order. What a thread allocates
// comes from an arena of its own, which the caller's arena adopts in the end, so nothing of it needs a lock. Signals
// stay with the thread that called.
#ifndef CORE_BASE_PARALLEL_H
#define CORE_BASE_PARALLEL_H

#include <pthread.h>

#include "core/base/arena.h"

typedef void ParallelWork(Arena *arena, void *payload, size_t index);

// Returns when all of them are done. `worth`: how many things are worth a thread more; below that the caller's own
// thread does it all.
void parallel_each(Arena *arena, size_t count, size_t worth, ParallelWork *work, void *payload);

// A thread that no signal is delivered to; false: there is none to be had.
bool thread_start(pthread_t *out, void *(*run)(void *payload), void *payload) MUST_USE;

#endif
