// A diagram in blocks: mermaid refuses more than 50,000 characters, and nobody can read hundreds of boxes.
#include "core/picture/internal.h"

enum { MOST_CHARACTERS = 45000 };

// The tables along their links: neighbours[first[i]] to neighbours[first[i + 1]] are those of table i.
typedef struct Neighbours {
    size_t *first, *neighbours;
} Neighbours;

static Neighbours find_neighbours(const Picture *picture)
{
    size_t count = picture->tables.count;
    Neighbours out = {
        arena_alloc(picture->arena, (count + 2) * sizeof(size_t)),
        arena_alloc(picture->arena, (2 * picture->links.count + 1) * sizeof(size_t)),
    };
    VEC_EACH (PictureLink, link, &picture->links) {
        out.first[link->child + 1]++;
        out.first[link->parent + 1]++;
    }
    for (size_t i = 1; i <= count; i++)
        out.first[i] += out.first[i - 1];
    size_t *next = arena_alloc(picture->arena, (count + 1) * sizeof(size_t));
    memcpy(next, out.first, count * sizeof(size_t));
    VEC_EACH (PictureLink, link, &picture->links) {
        out.neighbours[next[link->child]++] = link->parent;
        out.neighbours[next[link->parent]++] = link->child;
    }
    return out;
}

// Appends the tables that are linked with `start`, nearest first.
static void add_group(const Picture *picture, const Neighbours *links, bool *taken, size_t start,
                      PictureBlock *order)
{
    size_t next = order->count;
    *VEC_PUSH(picture->arena, order) = start;
    taken[start] = true;
    for (; next < order->count; next++) {
        size_t table = order->items[next];
        for (size_t i = links->first[table]; i < links->first[table + 1]; i++) {
            size_t other = links->neighbours[i];
            if (taken[other])
                continue;
            taken[other] = true;
            *VEC_PUSH(picture->arena, order) = other;
        }
    }
}

// Group after group, by the table of each that has the most links; those without any come last.
static void order_tables(const Picture *picture, PictureBlock *order)
{
    size_t count = picture->tables.count;
    const Neighbours links = find_neighbours(picture);
    bool *taken = arena_alloc(picture->arena, count + 1);
    for (;;) {
        size_t best = count, most = 0;
        for (size_t i = 0; i < count; i++) {
            size_t degree = links.first[i + 1] - links.first[i];
            if (!taken[i] && degree > most) {
                best = i;
                most = degree;
            }
        }
        if (best == count)
            break;
        add_group(picture, &links, taken, best, order);
    }
    for (size_t i = 0; i < count; i++)
        if (!taken[i])
            *VEC_PUSH(picture->arena, order) = i;
}

// What a table may add to a block: itself, its foreign keys, and an empty box for the other end of each.
static size_t *measure(const Picture *picture)
{
    size_t *size = arena_alloc(picture->arena, (picture->tables.count + 1) * sizeof(*size));
    StrBuf text;
    strbuf_init(&text, picture->arena);
    for (size_t i = 0; i < picture->tables.count; i++) {
        strbuf_clear(&text);
        picture_put_entity(picture, i, &text);
        size[i] = text.length;
    }
    enum { AROUND_A_LINK = 64, ESCAPED = 5 }; // an escaped character takes as many bytes
    VEC_EACH (PictureLink, link, &picture->links) {
        size_t label = ESCAPED * strlen(picture_link_label(picture->arena, link)) + AROUND_A_LINK;
        size[link->child] += label + ESCAPED * strlen(picture->tables.items[link->parent].title);
    }
    return size;
}

void picture_split(const Picture *picture, PictureBlocks *out)
{
    PictureBlock order = { 0 };
    order_tables(picture, &order);
    const size_t *size = measure(picture);
    size_t most = picture->options.most_tables, used = 0;
    PictureBlock *block = NULL;
    VEC_EACH (size_t, table, &order) {
        bool full = block && (used + size[*table] > MOST_CHARACTERS || (most && block->count >= most));
        if (!block || full) {
            block = VEC_PUSH(picture->arena, out);
            used = 0;
        }
        *VEC_PUSH(picture->arena, block) = *table;
        used += size[*table];
    }
    if (!out->count)
        (void)VEC_PUSH(picture->arena, out);
}
