#include "core/diff/diff.h"

#include <string.h>

#include "core/diff/diff_internal.h"

static int compare_by_names(const Dialect *dialect, const Object *a, const Object *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int order = compare_names(dialect, a->schema, b->schema);
    if (!order)
        order = compare_names(dialect, a->table, b->table);
    return order ? order : compare_names(dialect, a->name, b->name);
}

// Of two of one name the one that is renamed to it comes first: it is compared with the model's.
static int compare_in_side(const Dialect *dialect, const Object *a, const Object *b)
{
    int order = compare_by_names(dialect, a, b);
    return order ? order : a->displaced - b->displaced;
}

// Merge sort: stable, and qsort takes no context.
static void sort_by_names(const Dialect *dialect, const Object **items, const Object **spare, size_t n)
{
    if (n < 2)
        return;
    bool sorted = true;
    for (size_t i = 1; i < n && sorted; i++)
        sorted = compare_in_side(dialect, items[i - 1], items[i]) <= 0;
    if (sorted)
        return;
    size_t half = n / 2;
    sort_by_names(dialect, items, spare, half);
    sort_by_names(dialect, items + half, spare, n - half);
    memcpy(spare, items, n * sizeof(*items));
    size_t a = 0, b = half;
    for (size_t i = 0; i < n; i++)
        items[i] = b >= n || (a < half && compare_in_side(dialect, spare[a], spare[b]) <= 0) ? spare[a++]
                                                                                             : spare[b++];
}

typedef struct Side {
    const Object **items;
    size_t count;
} Side;

static Side side_of(const Diff *diff, const Schema *schema)
{
    size_t n = schema->tables.count + schema->objects.count;
    Side side = { arena_alloc(diff->scratch, (n + 1) * sizeof(Object *)), n };
    const Object **spare = arena_alloc(diff->scratch, (n + 1) * sizeof(Object *));
    size_t i = 0;
    VEC_EACH (Table *, table, &schema->tables)
        side.items[i++] = &(*table)->head;
    VEC_EACH (Object *, object, &schema->objects)
        side.items[i++] = *object;
    sort_by_names(diff->dialect, side.items, spare, n);
    return side;
}

static const Table *as_table(const Object *object)
{
    return object && object->kind == OBJECT_TABLE ? (const Table *)(const void *)object : NULL;
}

static void diff_pair(const Diff *diff, const Object *have, const Object *want)
{
    if (have == want)
        return;
    if (have->kind == OBJECT_TABLE) {
        diff_table(diff, as_table(have), as_table(want));
        return;
    }
    unsigned facets = differing_facets(diff, have, want);
    if (facets)
        add_change(diff, CHANGE_ALTER, have, want, NULL, NULL)->facets = facets;
    if (have->kind == OBJECT_VIEW)
        diff_indexes(diff, &((const View *)(const void *)have)->indexes,
                     &((const View *)(const void *)want)->indexes, NULL, NULL);
}

static void merge(const Diff *diff)
{
    Side have = side_of(diff, diff->have), want = side_of(diff, diff->want);
    size_t h = 0, w = 0;
    while (h < have.count || w < want.count) {
        int order = h >= have.count   ? 1
                    : w >= want.count ? -1
                    : have.items[h] == want.items[w]
                        ? 0 // shared, see introspect_since
                        : compare_by_names(diff->dialect, have.items[h], want.items[w]);
        if (order < 0) {
            const Object *gone = have.items[h++];
            add_change(diff, CHANGE_DROP, gone, NULL, as_table(gone), NULL);
        } else if (order > 0) {
            const Object *made = want.items[w++];
            add_change(diff, CHANGE_CREATE, NULL, made, NULL, as_table(made));
        } else {
            diff_pair(diff, have.items[h++], want.items[w++]);
        }
    }
}

bool diff_schemas(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                  const RenameList *renames, ChangeList *out, const Schema **renamed, Error *err)
{
    return diff_schemas_asking(arena, dialect, have, want, renames, NULL, out, NULL, renamed, err);
}

bool diff_schemas_asking(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                         const RenameList *renames, const RenameOracle *oracle, ChangeList *out,
                         KeptNameList *kept, const Schema **renamed, Error *err)
{
    Arena *scratch = arena_new();
    ChangeList changes = { 0 };
    Diff diff = { .arena = arena,
                  .scratch = scratch,
                  .dialect = dialect,
                  .have = have,
                  .want = want,
                  .out = &changes,
                  .kept = kept };
    bool ok = apply_renames(&diff, have, renames, oracle, &diff.have, err);
    if (ok) {
        merge(&diff);
        *out = changes;
        *renamed = diff.have;
    }
    arena_free(scratch);
    return ok;
}
