// What a change of a table loses and no query can tell beforehand: it is said above the statement and by `migrate`.
#include <strings.h>

#include "drivers/mysql/facts/narrowing.h"
#include "drivers/mysql/plan/rows.h"
#include "drivers/mysql/render/alter.h"

static const char *lost_by_options(Arena *arena, const Change *change)
{
    const char *table = change->want->name;
    const char *old = option_get(&change->have->options, "engine"),
               *new = option_get(&change->want->options, "engine");
    bool moves = new && !(old && strcasecmp(old, new) == 0);
    if (option_is(&change->have->options, "system_versioning") &&
        !option_is(&change->want->options, "system_versioning"))
        return arena_printf(arena, "table %s no longer keeps the history of its rows", table);
    if (moves && strcasecmp(new, "BLACKHOLE") == 0)
        return arena_printf(arena, "table %s keeps no rows", table);
    if (moves && (strcasecmp(new, "MEMORY") == 0 || strcasecmp(new, "HEAP") == 0))
        return arena_printf(arena, "table %s is kept in memory, which the server forgets when it stops",
                            table);
    return NULL;
}

// Without AUTO_INCREMENT both servers forget the next number: it is the one behind the greatest in the rows when it comes
// back, so numbers of rows that were deleted are given out again.
static const char *lost_counter(Arena *arena, const Change *change)
{
    const Column *have = as_column(change->have), *want = as_column(change->want);
    return have->autoincrement && !want->autoincrement
               ? arena_printf(arena, "column %s: numbers of deleted rows may be given again", want->head.name)
               : NULL;
}

static void mark_lost(Arena *arena, Step *step, const char *what)
{
    if (!what)
        return;
    step->risk.note = step->risk.loses_data && step->risk.note
                          ? arena_printf(arena, "%s; %s", step->risk.note, what)
                          : what;
    step->risk.loses_data = true;
}

void my_mark_losses(const StepGraph *graph, Step *step)
{
    Arena *arena = graph->arena;
    const Narrowing least = graph->options->allow_loss ? NARROWING_ASKED : NARROWING_UNKNOWN;
    const char *ignored;
    VEC_EACH (Change, it, &step->changes) {
        if (it->kind != CHANGE_ALTER)
            continue;
        if (it->have->kind == OBJECT_TABLE)
            mark_lost(arena, step, lost_by_options(arena, it));
        if (it->have->kind != OBJECT_COLUMN)
            continue;
        const Column *have = as_column(it->have), *want = as_column(it->want);
        mark_lost(arena, step, lost_counter(arena, it));
        if (my_narrowing(arena, my_for_mariadb(graph), have, want, "", &ignored) >= least)
            mark_lost(arena, step,
                      arena_printf(arena, "column %s: %s to %s%s", it->want->name, have->type, want->type,
                                   want->generated ? ", generated" : ""));
    }
}
