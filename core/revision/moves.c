#include "core/revision/target.h"

#include <stdlib.h>
#include <string.h>

// As long as it need be: with thousands of heads, each of thousands of moves has its own.
static void names_of(Arena *arena, const RevisionList *rows, NameList *out)
{
    *out = (NameList){ .items = arena_alloc(arena, (rows->count + 1) * sizeof(*out->items)) };
    out->capacity = rows->count + 1;
    VEC_EACH (Revision *, it, rows)
        out->items[out->count++] = (*it)->id;
}

// The rows of the version table on the way, and their names, which the moves before and after share.
typedef struct Rows {
    RevisionList now, spare;
    NameList names;
    unsigned *uses; // by order; on the way down
} Rows;

static Rows rows_of(Arena *arena, const RevisionList *current)
{
    Rows rows = { 0 };
    VEC_EACH (Revision *, it, current)
        *VEC_PUSH(arena, &rows.now) = *it;
    names_of(arena, current, &rows.names);
    return rows;
}

// Puts `added` where the first of the removed rows stood, so that the order of rows says something to people.
static void replace_rows(Arena *arena, Rows *rows, const RevisionList *removed, const RevisionList *added)
{
    RevisionList next = rows->spare;
    bool put = false;
    next.count = 0;
    VEC_EACH (Revision *, it, &rows->now) {
        if (!list_has(removed, *it)) {
            *VEC_PUSH(arena, &next) = *it;
            continue;
        }
        for (size_t i = 0; !put && i < added->count; i++)
            *VEC_PUSH(arena, &next) = added->items[i];
        put = true;
    }
    for (size_t i = 0; !put && i < added->count; i++)
        *VEC_PUSH(arena, &next) = added->items[i];
    rows->spare = rows->now;
    rows->now = next;
}

// Going up: the rows that the revision has as parents or dependencies are implied by it from now on.
static void rows_up(Arena *arena, Rows *rows, Revision *revision)
{
    RevisionList removed = { 0 }, added = { 0 };
    VEC_EACH (Revision *, it, &rows->now)
        if (list_has(&revision->parents, *it) || list_has(&revision->depends_on, *it))
            *VEC_PUSH(arena, &removed) = *it;
    *VEC_PUSH(arena, &added) = revision;
    replace_rows(arena, rows, &removed, &added);
}

// How many of what has run name each as parent or dependency.
static unsigned *count_uses(Arena *arena, const Graph *graph, const RevisionSet *applied)
{
    unsigned *uses = arena_alloc(arena, (graph->revisions.count + 1) * sizeof(*uses));
    VEC_EACH (Revision *, it, &graph->revisions) {
        if (!set_has(applied, *it))
            continue;
        VEC_EACH (Revision *, parent, &(*it)->parents)
            uses[(*parent)->order]++;
        VEC_EACH (Revision *, other, &(*it)->depends_on)
            uses[(*other)->order]++;
    }
    return uses;
}

static void release(Arena *arena, Rows *rows, const RevisionList *named, RevisionList *out)
{
    VEC_EACH (Revision *, it, named)
        if (--rows->uses[(*it)->order] == 0 && !list_has(&rows->now, *it))
            *VEC_PUSH(arena, out) = *it;
}

// Going down: what it implied comes back, unless what has run still implies it.
static void rows_down(Arena *arena, Rows *rows, Revision *revision)
{
    RevisionList removed = { 0 }, added = { 0 };
    *VEC_PUSH(arena, &removed) = revision;
    release(arena, rows, &revision->parents, &added);
    release(arena, rows, &revision->depends_on, &added);
    replace_rows(arena, rows, &removed, &added);
}

static void add_move(Arena *arena, Rows *rows, Revision *revision, Direction direction, MoveList *out)
{
    Move *move = VEC_PUSH(arena, out);
    *move = (Move){ .revision = revision, .direction = direction, .before = rows->names };
    if (direction == UPGRADE)
        rows_up(arena, rows, revision);
    else
        rows_down(arena, rows, revision);
    names_of(arena, &rows->now, &rows->names);
    move->after = rows->names;
}

bool graph_upgrade_moves(Arena *arena, const Graph *graph, const RevisionList *current, const char *target,
                         MoveList *out, Error *err)
{
    RevisionList targets = { 0 };
    if (!graph_resolve(arena, graph, current, target, &targets, err))
        return false;
    RevisionSet have = set_new(arena, graph), want = set_new(arena, graph);
    add_ancestors(arena, current, true, &have);
    add_ancestors(arena, &targets, true, &want);
    Rows rows = rows_of(arena, current);
    VEC_EACH (Revision *, it, &graph->revisions)
        if (set_has(&want, *it) && !set_has(&have, *it))
            add_move(arena, &rows, *it, UPGRADE, out);
    return true;
}

static bool drop_from(Arena *arena, const Graph *graph, const RevisionList *current,
                      const RevisionList *roots, MoveList *out)
{
    RevisionSet active = set_new(arena, graph), drop = set_new(arena, graph);
    add_ancestors(arena, current, true, &active);
    add_descendants(arena, graph, roots, true, &drop);
    Rows rows = rows_of(arena, current);
    rows.uses = count_uses(arena, graph, &active);
    size_t before = out->count;
    for (size_t i = graph->revisions.count; i-- > 0;) {
        Revision *revision = graph->revisions.items[i];
        if (set_has(&drop, revision) && set_has(&active, revision))
            add_move(arena, &rows, revision, DOWNGRADE, out);
    }
    return out->count > before;
}

// The row that -N begins with.
static bool start_row(Arena *arena, const Graph *graph, const RevisionList *current, const Target *target,
                      Revision **out, Error *err)
{
    RevisionList rows = { 0 };
    if (!target_filter(arena, graph, target->label, current, &rows, err))
        return false;
    if (!rows.count && target->label) {
        RevisionSet active = set_new(arena, graph);
        add_ancestors(arena, current, true, &active);
        RevisionList all = { 0 }, members = { 0 };
        set_list(arena, graph, &active, &all);
        if (!target_filter(arena, graph, target->label, &all, &members, err))
            return false;
        graph_minimal(arena, graph, &members, &rows);
    }
    if (!rows.count)
        return target_overshoots(target, err);
    if (rows.count > 1)
        return error_set(err, ERR_USAGE, "downgrade %s from multiple heads is ambiguous", target->sign) ||
               error_hint(err, "Say of which branch, as in LABEL@%s or REV%s, or which revision to go to.",
                          target->sign, target->sign);
    *out = rows.items[0];
    return true;
}

// -N: undoes N revisions, each the parent of the one before. A merge may be the last of them, whichever its parents.
static bool down_by(Arena *arena, const Graph *graph, const RevisionList *current, const Target *target,
                    MoveList *out, Error *err)
{
    if (target->steps >= 0)
        return target_wrong_way(target, err);
    Revision *last = NULL, *found = NULL;
    bool ended = false;
    if (!start_row(arena, graph, current, target, &last, err))
        return false;
    if (!target_walk(arena, graph, target->label, last, target->steps + 1, &found, &ended, err))
        return false;
    if (ended || !found)
        return target_overshoots(target, err);
    RevisionList roots = { 0 };
    *VEC_PUSH(arena, &roots) = found;
    drop_from(arena, graph, current, &roots, out);
    return true;
}

static bool not_a_target(const Graph *graph, const char *text, Error *err)
{
    (void)graph;
    return error_set(err, ERR_USAGE, "Destination %s is not a valid downgrade target from current head(s)",
                     text);
}

bool graph_downgrade_moves(Arena *arena, const Graph *graph, const RevisionList *current, const char *text,
                           MoveList *out, Error *err)
{
    Target target;
    if (!target_parse(arena, text, &target, err))
        return false;
    if (target.relative && !target.symbol)
        return down_by(arena, graph, current, &target, out, err);
    RevisionList found = { 0 };
    bool resolved = target.relative ? target_beside(arena, graph, current, &target, &found, err)
                                    : target_symbol(arena, graph, current, &target, &found, err);
    if (!resolved)
        return false;
    RevisionList roots = { 0 };
    if (!found.count) {
        if (!target_filter(arena, graph, target.label, &graph->bases, &roots, err))
            return false;
        drop_from(arena, graph, current, &roots, out);
        return true;
    }
    VEC_EACH (Revision *, it, &found) {
        RevisionList of_branch = { 0 };
        bool several = (*it)->children.count > 1;
        if (!target_filter(arena, graph, several ? target.label : NULL, &(*it)->children, &of_branch, err))
            return false;
        VEC_EACH (Revision *, child, &of_branch)
            if (!list_has(&roots, *child))
                *VEC_PUSH(arena, &roots) = *child;
    }
    if (drop_from(arena, graph, current, &roots, out))
        return true;
    VEC_EACH (Revision *, it, &found)
        if (!list_has(current, *it))
            return not_a_target(graph, text, err);
    return true;
}

void graph_undo_moves(Arena *arena, const Graph *graph, const RevisionList *current, Revision *revision,
                      MoveList *out)
{
    RevisionList roots = { 0 };
    *VEC_PUSH(arena, &roots) = revision;
    drop_from(arena, graph, current, &roots, out);
}

static bool stamp_target(Arena *arena, const Graph *graph, const RevisionList *current, const Target *target,
                         RevisionList *out, Error *err)
{
    if (target->relative || strcmp(target->symbol, "head") != 0)
        return graph_resolve(arena, graph, current, target->text, out, err);
    RevisionList heads = { 0 };
    if (!target_filter(arena, graph, target->label, &graph->heads, &heads, err))
        return false;
    if (heads.count > 1)
        return error_set(err, ERR_USAGE,
                         "Multiple heads are present; please specify a single target revision") ||
               error_hint(err, "`cmigrate stamp heads` stamps all of them.");
    *out = heads;
    return true;
}

// Rows that have nothing to do with what is stamped stay: they are of other branches.
static void keep_unrelated(Arena *arena, const Graph *graph, const RevisionList *rows,
                           const RevisionList *stamped, RevisionList *out)
{
    VEC_EACH (Revision *, row, rows) {
        bool related = false;
        VEC_EACH (Revision *, it, stamped)
            related |= graph_is_ancestor(graph, *row, *it) || graph_is_ancestor(graph, *it, *row);
        if (!related)
            *VEC_PUSH(arena, out) = *row;
    }
}

bool graph_stamp(Arena *arena, const Graph *graph, const RevisionList *current, const NameList *targets,
                 NameList *out, Error *err)
{
    RevisionList rows = *current, stamped = { 0 }, kept = { 0 }, minimal = { 0 };
    VEC_EACH (const char *, text, targets) {
        Target target;
        RevisionList found = { 0 };
        if (!target_parse(arena, *text, &target, err) ||
            !stamp_target(arena, graph, current, &target, &found, err))
            return false;
        VEC_EACH (Revision *, it, &found)
            *VEC_PUSH(arena, &stamped) = *it;
        if (found.count)
            continue;
        RevisionList gone = { 0 }, left = { 0 }; // base: of one branch, or all
        if (!target_filter(arena, graph, target.label, &rows, &gone, err))
            return false;
        VEC_EACH (Revision *, row, &rows)
            if (!list_has(&gone, *row))
                *VEC_PUSH(arena, &left) = *row;
        rows = left;
    }
    keep_unrelated(arena, graph, &rows, &stamped, &kept);
    VEC_EACH (Revision *, it, &stamped)
        *VEC_PUSH(arena, &kept) = *it;
    graph_minimal(arena, graph, &kept, &minimal);
    names_of(arena, &minimal, out);
    return true;
}

// An end that is a distance only: -N of a beginning counts down from the head, or from where the database stands when the
// range ends there; +N of an end counts up from the beginning, or from the base. What is not there is not listed.
static bool range_end(Arena *arena, const Graph *graph, const RevisionList *current, const char *text,
                      const char *from, RevisionList *out, Error *err)
{
    Target target, start;
    RevisionList at = { 0 };
    Revision *found = NULL;
    bool ended;
    if (!target_parse(arena, text, &target, err))
        return false;
    if (!target.relative || target.symbol)
        return graph_resolve(arena, graph, current, text, out, err);
    bool down = target.steps < 0;
    const char *other = down ? "head" : "base";
    if (!target.label && (down ? strcmp(from, "current") == 0 : *from && !strpbrk(from, "+-@")))
        other = from;
    if (target.label)
        other = arena_printf(arena, "%s@%s", target.label, other);
    if (!target_parse(arena, other, &start, err) || !target_symbol(arena, graph, current, &start, &at, err))
        return false;
    if (at.count > 1)
        return error_set(err, ERR_USAGE, "'%s' names several revisions: from which one is not clear", other);
    if (!target_walk(arena, graph, target.label, at.count ? at.items[0] : NULL, target.steps, &found, &ended,
                     err))
        return false;
    if (found)
        *VEC_PUSH(arena, out) = found;
    return true;
}

bool graph_range(Arena *arena, const Graph *graph, const RevisionList *current, const char *range,
                 RevisionList *out, Error *err)
{
    const char *colon = strchr(range, ':');
    if (!colon || strchr(colon + 1, ':'))
        return error_set(err, ERR_USAGE, "History range requires [start]:[end], [start]:, or :[end]");
    const char *start = arena_strndup(arena, range, (size_t)(colon - range)), *end = colon + 1;
    RevisionList lower = { 0 }, upper = { 0 };
    if (*start && !range_end(arena, graph, current, start, end, &lower, err))
        return false;
    if (!range_end(arena, graph, current, *end ? end : "heads", start, &upper, err))
        return false;
    RevisionSet below = set_new(arena, graph), above = set_new(arena, graph);
    add_ancestors(arena, &upper, true, &below);
    add_descendants(arena, graph, lower.count ? &lower : &graph->bases, true, &above);
    for (size_t i = graph->revisions.count; i-- > 0;)
        if (set_has(&below, graph->revisions.items[i]) && set_has(&above, graph->revisions.items[i]))
            *VEC_PUSH(arena, out) = graph->revisions.items[i];
    if (!out->count && lower.count && upper.count)
        return error_set(
            err, ERR_USAGE,
            "Requested range %s does not refer to ancestor/descendant revisions along the same branch",
            range);
    return true;
}

const Revision *graph_stop_before_contract(MoveList *moves)
{
    for (size_t i = 0; i < moves->count; i++) {
        const Move *move = &moves->items[i];
        const char *phase = move->revision->script->phase;
        if (move->direction == UPGRADE && phase && strcmp(phase, "contract") == 0) {
            moves->count = i;
            return move->revision;
        }
    }
    return NULL;
}
