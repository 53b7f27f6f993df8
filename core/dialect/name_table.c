#include "core/dialect/name_table.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/base/base.h"
#include "core/base/strbuf.h"

int compare_names(const Dialect *dialect, const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return dialect && dialect->caps & FOLDS_NAME_CASE ? strcasecmp(a, b) : strcmp(a, b);
}

bool same_name(const Dialect *dialect, const char *a, const char *b)
{
    return compare_names(dialect, a, b) == 0;
}

const char *placed_name(Arena *arena, const char *const *parts, size_t count)
{
    StrBuf text;
    strbuf_init(&text, arena);
    strbuf_put_list(&text, parts, count);
    return text.text;
}

NameTable name_table_new(Arena *arena, const Dialect *dialect, size_t count)
{
    size_t size = 8;
    while (size < count * 2)
        size *= 2;
    return (NameTable){ .dialect = dialect,
                        .names = arena_alloc(arena, (count + 1) * sizeof(char *)),
                        .heads = arena_alloc(arena, size * sizeof(size_t)),
                        .next = arena_alloc(arena, (count + 1) * sizeof(size_t)),
                        .mask = size - 1 };
}

// Names that are equal for any dialect have one chain.
static size_t *chain_of(const NameTable *table, const char *name)
{
    return &table->heads[hash_name(name ? name : "", true) & table->mask];
}

void name_table_enter(NameTable *table, size_t place, const char *name)
{
    table->names[place] = name;
    size_t *head = chain_of(table, name);
    table->next[place] = *head;
    *head = place + 1;
}

// The first place of the name in the chain from `entry`, which is a place + 1
static size_t in_chain(const NameTable *table, size_t entry, const char *name)
{
    while (entry && !same_name(table->dialect, table->names[entry - 1], name))
        entry = table->next[entry - 1];
    return entry ? entry - 1 : SIZE_MAX;
}

size_t name_table_first(const NameTable *table, const char *name)
{
    return in_chain(table, *chain_of(table, name), name);
}

size_t name_table_next(const NameTable *table, size_t place)
{
    return in_chain(table, table->next[place], table->names[place]);
}
