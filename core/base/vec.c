#include "core/base/vec.h"

#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONS 1
#endif
#endif
#ifdef POISONS
#include <sanitizer/asan_interface.h>
#endif

void vec_grow(Arena *arena, void **items, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity) {
        memset((char *)*items + count * item_size, 0, item_size);
        return;
    }
    // Of large items, as the parts of a key, there is mostly one
    size_t wider = *capacity ? *capacity * 2 : item_size > 48 ? 1 : 4;
    void *moved = arena_alloc(arena, wider * item_size);
    if (count) {
        memcpy(moved, *items, count * item_size);
#ifdef POISONS
        ASAN_POISON_MEMORY_REGION(*items, *capacity * item_size);
#endif
    }
    *items = moved;
    *capacity = wider;
}

bool names_equal(const NameList *a, const NameList *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    return true;
}

bool names_have(const NameList *list, const char *name)
{
    VEC_EACH (const char *, it, list)
        if (strcmp(*it, name) == 0)
            return true;
    return false;
}
