// parallel.h -- the same work on many things, on as many threads as pay.
//
// How many there are need not be known before: a thread that is free takes the next few, one thread at a time, and works
// on them while the others take theirs. What a thread allocates comes from an arena of its own, which the caller's arena
// adopts in the end, so nothing of it needs a lock. Signals stay with the thread that called.
#ifndef CORE_BASE_PARALLEL_H
#define CORE_BASE_PARALLEL_H

#include <pthread.h>

#include "core/base/arena.h"

enum { PARALLEL_PORTION = 32 }; // things that a thread takes at once

// Puts up to PARALLEL_PORTION things; how many. Less: there are no more, and it is not called again.
typedef size_t ParallelTake(Arena *arena, void *payload, void **things);
typedef void ParallelWork(Arena *arena, void *payload, void *thing);

// Returns when all of them are done. `worth`: how many the caller's own thread does before others are started for the rest.
void parallel_each(Arena *arena, size_t worth, ParallelTake *take, ParallelWork *work, void *payload);

// A thread that no signal is delivered to; false: there is none to be had.
bool thread_start(pthread_t *out, void *(*run)(void *payload), void *payload) MUST_USE;

#endif
