// arena.h -- memory that lives as long as one command.
//
// main makes an arena, hands it down as the first parameter and frees it at the end; nothing in between is freed.
// Loops with heavy scratch make a second, local arena. Allocation does not fail: without memory the process says
// so and ends with status 70, so callers need no NULL checks.
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include "core/base/base.h"

typedef struct Arena Arena;

// A new, empty arena. It never fails: without memory the process ends with status 70. The caller frees it.
Arena *arena_new(void) MUST_USE;
void arena_free(Arena *arena); // NULL is allowed

// Zeroed memory, aligned for any type.
void *arena_alloc(Arena *arena, size_t size) MUST_USE __attribute__((malloc, alloc_size(2)));

// How memory that must come from malloc fails: says so and ends the process with status 70.
void out_of_memory(void) __attribute__((noreturn));

// All that `from` gave out lives as long as `arena` from now on; `from` is gone.
void arena_adopt(Arena *arena, Arena *from);

// Bytes handed out so far: what a test of bounded memory looks at.
size_t arena_used(const Arena *arena);

char *arena_strdup(Arena *arena, const char *text) MUST_USE; // NULL gives NULL
// Copies of text in the arena, NUL-terminated. They live as long as it does, and are never NULL.
char *arena_strndup(Arena *arena, const char *text, size_t n) MUST_USE;
char *arena_printf(Arena *arena, const char *fmt, ...) MUST_USE PRINTF_LIKE(2, 3);

#define ARENA_NEW(arena, T) ((T *)arena_alloc((arena), sizeof(T)))

#endif
