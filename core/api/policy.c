// What destroys data is not run unless the configuration, or the application, permits it.
#include "core/api/internal.h"
#include "core/lint/destructive.h"

static bool all_certain(const DestructiveList *list)
{
    VEC_EACH (const Destructive, it, list)
        if (it->uncertain)
            return false;
    return true;
}

// What the text does not tell is asked of the engine, in a scratch place. Where that cannot be had it stays uncertain, and is refused.
static void ask_engine(Cmigrate *m, Lint *how, const RevisionList *revisions, DestructiveList *out)
{
    Error ignored = { 0 };
    DestructiveList certain = { 0 };
    if (!m->db->driver->scratch || !db_scratch(m->db, m->scratch, &how->scratch, &ignored))
        return;
    if (lint_destructive(how, revisions, &certain, &ignored))
        *out = certain;
    db_close(how->scratch);
}

bool policy_permits(const void *payload, const MoveList *moves, Error *err)
{
    const Policy *policy = payload;
    Cmigrate *m = policy->m;
    if (m->config.destructive == DESTRUCTIVE_ALLOW || m->options.allow_destructive || !moves->count)
        return true;
    const Direction direction = moves->items[0].direction;
    Lint how = { .arena = m->scratch,
                 .dialect = m->db->dialect,
                 .graph = policy->graph,
                 .filter = &m->filter,
                 .direction = direction };
    RevisionList revisions = { 0 };
    DestructiveList list = { 0 };
    VEC_EACH (const Move, move, moves)
        *VEC_PUSH(m->scratch, &revisions) = move->revision;
    if (!lint_destructive(&how, &revisions, &list, err))
        return false;
    if (direction == UPGRADE && !all_certain(&list))
        ask_engine(m, &how, &revisions, &list);
    Issues issues = { .arena = m->scratch };
    VEC_EACH (const Destructive, it, &list) {
        Error *last = issues_add(&issues, ERR_USAGE, it->at, "%s %s data: %s", it->revision->id,
                                 it->uncertain ? "may destroy" : "destroys", it->message);
        error_hint(last, "Nothing was changed: the configuration says `destructive: %s`.",
                   m->config.destructive == DESTRUCTIVE_CONFIRM ? "confirm" : "refuse");
    }
    return issues_raise(&issues, err);
}
