#include "cli/workflow/prove_heads.h"

#include <string.h>
#include <strings.h>

#include "cli/output/diff_print.h"
#include "cli/workflow/replay.h"
#include "core/diff/diff.h"
#include "core/prove/image.h"

typedef struct Outcome {
    Schema schema;
    Image rows;
} Outcome;

// Replays two heads in this order. False with *refused: the order cannot be run.
static bool replay_both(ProveRun *run, const Revision *first, const Revision *second, Outcome *out,
                        bool *refused, Error *err)
{
    Session *session = run->session;
    Db *scratch = NULL;
    Error why = { 0 };
    *refused = false;
    if (!replay_open(session, &run->project, &run->project.url, run->project.url_folder, &scratch, err))
        return false;
    bool ok = replay_to(session, &run->project, &run->graph, first->id, scratch, &why) &&
              replay_to(session, &run->project, &run->graph, second->id, scratch, &why);
    *refused = !ok && why.code == ERR_REVISION;
    if (*refused)
        *VEC_PUSH(session->arena, &run->heads_differ) =
            arena_printf(session->arena, "%s does not run after %s: %s", second->id, first->id, why.message);
    else if (!ok && err)
        *err = why;
    ok = ok && compare_read_database(session, &run->project, scratch, &out->schema, err) &&
         image_take(scratch, &out->schema, NULL, &out->rows, err);
    db_close(scratch);
    return ok || *refused;
}

// A value that a default computes (a moment, a random number) is another one in each replay.
static bool is_computed(const Column *column)
{
    const char *text = column->default_sql;
    return text && (strchr(text, '(') || strncasecmp(text, "current_", strlen("current_")) == 0);
}

static void note_rows(ProveRun *run, const char *orders, const TableChange *t)
{
    Arena *arena = run->session->arena;
    const char *table = (t->before ? t->before : t->after)->table->head.name;
    const char *key = t->missing_key ? t->missing_key : t->added_key;
    if (t->missing || t->added)
        *VEC_PUSH(arena, &run->heads_differ) =
            arena_printf(arena, "%s: table %s has other rows (%zu and %zu)%s%s", orders, table, t->missing,
                         t->added, key ? ", the first of them " : "", key ? key : "");
    for (size_t i = 0; i < t->columns.count; i++) {
        const ColumnChange *it = &t->columns.items[i];
        if (it->after && it->differs && !is_computed(it->before))
            *VEC_PUSH(arena, &run->heads_differ) =
                arena_printf(arena, "%s: column %s.%s has another value in %zu row%s%s%s", orders, table,
                             it->before->head.name, it->differs, it->differs == 1 ? "" : "s",
                             it->key ? ", the first " : "", it->key ? it->key : "");
    }
}

// Rows that the scripts insert or change. Tables and columns of one order only were told by the schemas.
static void compare_rows(ProveRun *run, const char *orders, const Image *one, const Image *other)
{
    ImageChanges changes = { 0 };
    image_compare(run->session->arena, one, other, false, NULL, &changes);
    VEC_EACH (const TableChange, it, &changes)
        if (it->before && it->after)
            note_rows(run, orders, it);
}

// An order that a statement refuses is the finding of replay_both() and not compared.
static bool replay_orders(ProveRun *run, const Revision *a, const Revision *b, Outcome *first,
                          Outcome *second, Error *err)
{
    Arena *arena = run->session->arena;
    Schema *one = &first->schema, *other = &second->schema;
    bool refused, also_refused;
    ChangeList changes = { 0 };
    RenameList none = { 0 };
    const Schema *renamed;
    if (!replay_both(run, a, b, first, &refused, err) || !replay_both(run, b, a, second, &also_refused, err))
        return false;
    if (refused || also_refused)
        return true;
    if (!diff_schemas(arena, one->dialect ? one->dialect : run->project.dialect, one, other, &none, &changes,
                      &renamed, err))
        return false;
    VEC_EACH (Change, it, &changes)
        *VEC_PUSH(arena, &run->heads_differ) =
            arena_printf(arena, "%s then %s, or the other way round: %s", a->id, b->id,
                         change_phrase(arena, run->project.dialect, it));
    compare_rows(run, arena_printf(arena, "%s then %s, or the other way round", a->id, b->id), &first->rows,
                 &second->rows);
    return true;
}

// Proves that two heads can be applied in either order.
static bool prove_pair(ProveRun *run, const Revision *a, const Revision *b, Error *err)
{
    Arena *arena = run->session->arena;
    Outcome *first = ARENA_NEW(arena, Outcome), *second = ARENA_NEW(arena, Outcome);
    bool ok = replay_orders(run, a, b, first, second, err);
    image_free(&first->rows);
    image_free(&second->rows);
    return ok;
}

bool prove_heads(ProveRun *run, Error *err)
{
    const RevisionList *heads = &run->graph.heads;
    for (size_t i = 0; i < heads->count; i++)
        for (size_t k = i + 1; k < heads->count; k++)
            if (!prove_pair(run, heads->items[i], heads->items[k], err))
                return false;
    run->heads_proved = true;
    return true;
}
