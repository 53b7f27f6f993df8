// Which tables a picture shows: --only, --around and --distance.
#include <fnmatch.h>

#include "core/picture/internal.h"

// Whatever stands in one of the two forms of its name: user, app.user
static bool is_named(const PictureTable *table, const char *name)
{
    return same_text(table->title, name) || same_text(table->table->head.name, name);
}

static bool is_only(const Picture *picture, const PictureTable *table)
{
    const NameList *only = &picture->options.only;
    VEC_EACH (const char *, glob, only)
        if (fnmatch(*glob, table->title, 0) == 0 || fnmatch(*glob, table->table->head.name, 0) == 0)
            return true;
    return !only->count;
}

static bool unknown_table(const Picture *picture, const char *name, Error *err)
{
    NameList titles = { 0 };
    VEC_EACH (PictureTable, it, &picture->tables)
        *VEC_PUSH(picture->arena, &titles) = it->title;
    const char *near = nearest_word(name, titles.items, titles.count);
    error_set(err, ERR_USAGE, "there is no table '%s' to draw around", name);
    return near ? error_hint(err, "Did you mean '%s'?", near) : false;
}

// Breadth first from that table, one ring of links for each step.
static bool choose_around(const Picture *picture, bool *chosen, Error *err)
{
    const char *name = picture->options.around;
    size_t count = picture->tables.count;
    unsigned *distance = arena_alloc(picture->arena, (count + 1) * sizeof(*distance));
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        bool centre = is_named(&picture->tables.items[i], name);
        distance[i] = centre ? 1 : 0; // 0: not reached
        found |= centre;
    }
    if (!found)
        return unknown_table(picture, name, err);
    bool grows = true;
    for (unsigned step = 1; step <= picture->options.distance && grows; step++) {
        grows = false;
        VEC_EACH (PictureLink, link, &picture->links) {
            size_t ends[] = { link->child, link->parent };
            for (size_t e = 0; e < 2; e++)
                if (distance[ends[e]] == step && !distance[ends[1 - e]]) {
                    distance[ends[1 - e]] = step + 1;
                    grows = true;
                }
        }
    }
    for (size_t i = 0; i < count; i++)
        chosen[i] = chosen[i] && distance[i];
    return true;
}

// Moves what is left together, and gives links the new numbers.
static void keep_chosen(Picture *picture, const bool *chosen)
{
    size_t *number = arena_alloc(picture->arena, (picture->tables.count + 1) * sizeof(*number));
    size_t kept = 0, links = 0;
    for (size_t i = 0; i < picture->tables.count; i++) {
        number[i] = kept;
        if (chosen[i])
            picture->tables.items[kept++] = picture->tables.items[i];
    }
    for (size_t i = 0; i < picture->links.count; i++) {
        PictureLink link = picture->links.items[i];
        if (!chosen[link.child] || !chosen[link.parent])
            continue;
        link.child = number[link.child];
        link.parent = number[link.parent];
        picture->links.items[links++] = link;
    }
    picture->tables.count = kept;
    picture->links.count = links;
}

bool picture_choose(Picture *picture, Error *err)
{
    bool *chosen = arena_alloc(picture->arena, picture->tables.count + 1);
    for (size_t i = 0; i < picture->tables.count; i++)
        chosen[i] = is_only(picture, &picture->tables.items[i]);
    if (picture->options.around && !choose_around(picture, chosen, err))
        return false;
    keep_chosen(picture, chosen);
    return true;
}
