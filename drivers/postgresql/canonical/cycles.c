// Views and functions that use each other: CREATE OR REPLACE can lead there, but no order of CREATE does. The scratch place
// shows it: each of them was refused for want of the next.
#include <string.h>

#include "drivers/postgresql/canonical/canonical.h"

static bool is_created(const Canonical *c, const Object *object)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->candidates[i].object == object)
            return c->candidates[i].created;
    return false;
}

static bool is_routine(ObjectKind kind) { return kind == OBJECT_FUNCTION || kind == OBJECT_PROCEDURE; }

// relation "s.v" does not exist, function s.f(integer) does not exist: the name before the arguments, in its parts.
static bool name_lacked(Arena *arena, const char *message, NameList *parts)
{
    const char *quote = strchr(message, '"');
    bool quoted = quote && (strncmp(message, "relation ", 9) == 0 || strncmp(message, "type ", 5) == 0);
    const char *start = quoted ? quote + 1 : strchr(message, ' '),
               *end = quoted ? strrchr(message, '"') : strpbrk(message, "(");
    if (!quoted && start && !end)
        end = strstr(start + 1, " does not exist");
    if (!start || !end || end <= start)
        return false;
    start += quoted ? 0 : 1;
    return name_split(arena, arena_strndup(arena, start, (size_t)(end - start)), parts) && parts->count;
}

static bool lies_in(const Canonical *c, const Object *object, const char *here)
{
    VEC_EACH (const SchemaName, name, &c->schemas)
        if (strcmp(name->here, here) == 0)
            return same_text(object->schema, name->there);
    return false;
}

// What the message misses, among the new views and functions.
static Object *lacked(const Maker *m, const Error *refused)
{
    NameList parts = { 0 };
    bool routine = strcmp(refused->native, "42883") == 0;
    if ((!routine && strcmp(refused->native, "42P01") != 0 && strcmp(refused->native, "42704") != 0) ||
        !name_lacked(m->arena, refused->message, &parts))
        return NULL;
    VEC_EACH (Object *, it, &m->c->order) {
        const char *types, *name = (*it)->name;
        if (is_routine((*it)->kind) != routine || (!routine && (*it)->kind != OBJECT_VIEW))
            continue;
        if (routine)
            name = pg_routine_split(m->arena, name, &types);
        if (strcmp(name, parts.items[parts.count - 1]) == 0 &&
            (parts.count == 1 || lies_in(m->c, *it, parts.items[0])))
            return *it;
    }
    return NULL;
}

void canonical_note_lack(Maker *m, size_t group, const Error *refused)
{
    Object *object = m->c->order.items[group];
    if (!m->c->only_tries || m->c->temporary || (object->kind != OBJECT_VIEW && !is_routine(object->kind)))
        return;
    Object *on = lacked(m, refused);
    if (on)
        *VEC_PUSH(m->arena, &m->lacks) = (Lack){ object, on };
}

static Object *next_of(const Maker *m, const Object *object)
{
    VEC_EACH (const Lack, lack, &m->lacks)
        if (lack->object == object)
            return lack->on;
    return NULL;
}

static bool leads_back(const Maker *m, const Object *first)
{
    const Object *at = first;
    for (size_t i = 0; at && i <= m->lacks.count; i++) {
        if (!is_created(m->c, at))
            return false;
        at = next_of(m, at);
        if (at == first)
            return true;
    }
    return false;
}

static bool refuse_cycle(const Maker *m, const Object *first, Error *err)
{
    const Object *at = next_of(m, first);
    if (at == first) {
        error_at(err, ERR_SCHEMA, first->at, "%s '%s' reads itself, so it cannot be created",
                 object_kinds[first->kind].word, first->name);
        return error_hint(err, "Remove the reference to itself.");
    }
    StrBuf way;
    strbuf_init(&way, m->arena);
    for (; at != first; at = next_of(m, at))
        strbuf_printf(&way, "%s '%s', which uses ", object_kinds[at->kind].word, at->name);
    error_at(err, ERR_SCHEMA, first->at, "%s '%s' uses %s%s '%s': none of them can be created first",
             object_kinds[first->kind].word, first->name, way.text, object_kinds[first->kind].word,
             first->name);
    return error_hint(err, "Remove one of these references.");
}

// Of several, the one that the model has first is named.
bool canonical_refuse_cycles(const Maker *m, Error *err)
{
    const Object *first = NULL;
    VEC_EACH (const Lack, lack, &m->lacks)
        if (leads_back(m, lack->object) && (!first || lack->object->at.line < first->at.line))
            first = lack->object;
    return !first || refuse_cycle(m, first, err);
}
