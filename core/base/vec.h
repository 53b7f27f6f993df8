// vec.h -- a growing array in an arena.
//
//     typedef VEC(Column *) ColumnList;
//     *VEC_PUSH(arena, &table->columns) = column;
//     VEC_EACH(Column *, c, &table->columns) use(*c);
//
// Growth moves the items: keep an index or a pointer to the item's target, never a pointer to the slot, across a
// push. Under AddressSanitizer the old storage is poisoned, so that such a pointer traps.
#ifndef CORE_BASE_VEC_H
#define CORE_BASE_VEC_H

#include "core/base/arena.h"

#define VEC(T)                                                                                               \
    struct {                                                                                                 \
        T *items;                                                                                            \
        size_t count;                                                                                        \
        size_t capacity;                                                                                     \
    }

// A zeroed slot at the end.
#define VEC_PUSH(arena, vec)                                                                                 \
    (vec_grow((arena), (void **)(void *)&(vec)->items, (vec)->count, &(vec)->capacity,                       \
              sizeof(*(vec)->items)),                                                                        \
     &(vec)->items[(vec)->count++])

#define VEC_EACH(T, it, vec) for (T *it = (vec)->items; it && it != (vec)->items + (vec)->count; it++)

// What VEC_PUSH calls: makes room for one more item of `item_size` zeroed bytes. Items may move, so no pointer
// to one outlives a push.
void vec_grow(Arena *arena, void **items, size_t count, size_t *capacity, size_t item_size);

typedef VEC(const char *) NameList;

// Are the same names in both, in the same order?
bool names_equal(const NameList *a, const NameList *b);
// Is the name in the list, letter by letter?
bool names_have(const NameList *list, const char *name);

#endif
