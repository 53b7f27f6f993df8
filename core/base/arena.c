#include "core/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONS 1
#endif
#endif
#ifdef POISONS
#include <sanitizer/asan_interface.h>
enum { RED_ZONE = 16 };
#else
enum { RED_ZONE = 0 };
#endif

enum {
    ALIGNMENT = 16,
    FIRST_BLOCK = 8 * 1024, // cleared for an arena that holds little, and kept of one that is adopted
    LARGEST_BLOCK = 4 * 1024 * 1024,
    SMALL_ARENA = LARGEST_BLOCK, // up to here, what is unused of a huge page would be much of the whole
    HUGE_PAGE = 2 * 1024 * 1024
};

typedef struct Block {
    struct Block *next;
    size_t size; // of the bytes after this header
    size_t used;
    size_t mapped; // bytes to be unmapped; 0: from malloc
} Block;

struct Arena {
    Block *blocks; // the one in use first
    size_t next_size;
    size_t total;
};

void out_of_memory(void)
{
    fputs("error: out of memory\n", stderr);
    exit(70);
}

Arena *arena_new(void)
{
    Arena *arena = calloc(1, sizeof(*arena));
    if (!arena)
        out_of_memory();
    arena->next_size = FIRST_BLOCK;
    return arena;
}

void arena_free(Arena *arena)
{
    if (!arena)
        return;
    for (Block *block = arena->blocks; block;) {
        Block *next = block->next;
#ifdef POISONS
        ASAN_UNPOISON_MEMORY_REGION(block + 1, block->size);
#endif
        if (block->mapped)
            munmap(block, block->mapped);
        else
            free(block);
        block = next;
    }
    free(arena);
}

// A large model is tens of megabytes, and thousands of page faults are much of what it costs: such blocks ask for huge
// pages. Not under AddressSanitizer, which looks for pointers only in memory that malloc gave.
static Block *map_block(size_t size)
{
#ifdef POISONS
    (void)size;
    return NULL;
#else
    size_t whole = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    char *p = mmap(NULL, whole + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_PAGE - (uintptr_t)p % HUGE_PAGE) % HUGE_PAGE;
    if (before)
        munmap(p, before);
    munmap(p + before + whole, HUGE_PAGE - before);
    madvise(p + before, whole, MADV_HUGEPAGE);
    Block *block = (Block *)(void *)(p + before);
    block->mapped = whole;
    return block;
#endif
}

void arena_adopt(Arena *arena, Arena *from)
{
    Block **place = arena->blocks ? &arena->blocks->next : &arena->blocks; // after the one in use
    Block **last = &from->blocks; // the adopting one may have thousands
    while (*last)
        last = &(*last)->next;
    *last = *place;
    *place = from->blocks;
    arena->total += from->total;
    free(from);
}

// Doubles the size of each block up to a limit, so that an arena of n bytes costs log n allocations. Large
// arenas get pages of their own, which the kernel may give as huge pages.
static Block *add_block(Arena *arena, size_t at_least)
{
    size_t size = at_least > arena->next_size - sizeof(Block) ? at_least : arena->next_size - sizeof(Block);
    if (size > SIZE_MAX - sizeof(Block) - HUGE_PAGE)
        out_of_memory();
    // Fresh pages are zero already, so that alloc need not clear them
    Block *block = arena->total >= SMALL_ARENA && size + sizeof(Block) >= HUGE_PAGE
                       ? map_block(size + sizeof(Block))
                       : NULL;
    if (!block)
        block = calloc(1, sizeof(Block) + size);
    if (!block)
        out_of_memory();
    block->size = block->mapped ? block->mapped - sizeof(Block) : size;
    if (arena->next_size < LARGEST_BLOCK)
        arena->next_size *= 2;
#ifdef POISONS
    ASAN_POISON_MEMORY_REGION(block + 1, block->size);
#endif
    // A block made for one large thing goes after the block in use, which may still have room.
    if (arena->blocks && at_least > LARGEST_BLOCK) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *arena_alloc(Arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT - RED_ZONE)
        out_of_memory();
    size_t room = ((size ? size : 1) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + RED_ZONE;
    Block *block = arena->blocks;
    if (!block || block->size - block->used < room)
        block = add_block(arena, room);
    char *memory = (char *)(block + 1) + block->used;
    block->used += room;
    arena->total += room;
#ifdef POISONS
    ASAN_UNPOISON_MEMORY_REGION(memory, size ? size : 1);
#endif
    return memory;
}

size_t arena_used(const Arena *arena) { return arena->total; }

char *arena_strndup(Arena *arena, const char *text, size_t n)
{
    char *copy = arena_alloc(arena, n + 1);
    if (n)
        memcpy(copy, text, n);
    return copy;
}

char *arena_strdup(Arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(Arena *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *out = arena_alloc(arena, n < 0 ? 1 : (size_t)n + 1);
    if (n > 0)
        vsnprintf(out, (size_t)n + 1, fmt, again);
    va_end(again);
    return out;
}
