#include "core/revision/graph_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/revision/target.h"

// The forms of Alembic: LABEL@SYMBOL with +N or -N behind, each part optional. Symbols are looked up later, in
// the graph.
bool target_parse(Arena *arena, const char *text, Target *out, Error *err)
{
    *out = (Target){ .text = text };
    if (!text[0])
        return error_set(err, ERR_USAGE, "the target is empty");
    const char *at = strchr(text, '@'), *rest = at ? at + 1 : text;
    if (at)
        out->label = arena_strndup(arena, text, (size_t)(at - text));
    if (at && (!out->label[0] || !*rest))
        return error_set(err, ERR_USAGE, "'%s' is not a target: LABEL@REVISION needs both", text);
    const char *sign = strpbrk(rest, "+-");
    size_t n = sign ? (size_t)(sign - rest) : strlen(rest);
    if (n)
        out->symbol = arena_strndup(arena, rest, n);
    if (!sign) {
        if (strpbrk(rest, ":@"))
            return error_set(err, ERR_USAGE,
                             strchr(rest, ':') ? "Range revision not allowed" : "'%s' is not a target", text);
        return true;
    }
    char *end;
    long steps = strtol(sign + 1, &end, 10);
    if (!isdigit((unsigned char)sign[1]) || *end || steps > 1000000)
        return error_set(err, ERR_USAGE, "'%s' is not a target: a number must follow %c", text, *sign);
    if (steps == 0 && !n) {
        error_set(err, ERR_USAGE, "'%s' is not a step", text);
        return error_hint(err, "Give the number of revisions to go, as in +1 or -1.");
    }
    out->relative = true;
    out->sign = sign;
    out->steps = *sign == '-' ? -(int)steps : (int)steps;
    return true;
}

static Revision *find_branch(const Graph *graph, const char *label, Error *err)
{
    Error ignored = { 0 };
    Revision *found = graph_find(graph, label, &ignored);
    if (!found)
        error_set(err, ERR_USAGE, "No such branch: '%s'", label);
    return found;
}

bool target_filter(Arena *arena, const Graph *graph, const char *label, const RevisionList *in,
                   RevisionList *out, Error *err)
{
    if (!label) {
        *out = *in;
        return true;
    }
    const Revision *branch = find_branch(graph, label, err);
    if (!branch)
        return false;
    const char *name = label_find(graph, label) ? label : branch->id;
    VEC_EACH (Revision *, it, in)
        if (shares_lineage(arena, graph, *it, name))
            *VEC_PUSH(arena, out) = *it;
    return true;
}

static bool resolve_heads(Arena *arena, const Graph *graph, const Target *target, RevisionList *out,
                          Error *err)
{
    if (!target_filter(arena, graph, target->label, &graph->heads, out, err))
        return false;
    if (out->count <= 1 || strcmp(target->symbol, "heads") == 0)
        return true;
    error_set(err, ERR_USAGE,
              "Multiple head revisions are present for given argument '%s'; please specify a specific target "
              "revision, "
              "'<branchname>@%s' to narrow to a specific head, or 'heads' for all heads",
              target->text, target->text);
    char list[600] = "";
    size_t n = 0;
    VEC_EACH (Revision *, it, out)
        if (n < 500)
            n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", (*it)->id);
    return error_hint(err, "The heads are %s. `cmigrate merge -m MSG heads` makes them one.", list);
}

bool target_symbol(Arena *arena, const Graph *graph, const RevisionList *current, const Target *target,
                   RevisionList *out, Error *err)
{
    const char *symbol = target->symbol;
    // a target without a symbol is a number of steps, and does not come here
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker)
    if (strcmp(symbol, "base") == 0)
        return !target->label || find_branch(graph, target->label, err);
    if (strcmp(symbol, "head") == 0 || strcmp(symbol, "heads") == 0)
        return resolve_heads(arena, graph, target, out, err);
    if (strcmp(symbol, "current") == 0) {
        if (!current)
            return error_set(err, ERR_USAGE, "'current' needs a database");
        return target_filter(arena, graph, target->label, current, out, err);
    }
    Revision *found = graph_find(graph, symbol, err);
    if (!found)
        return false;
    RevisionList one = { 0 };
    *VEC_PUSH(arena, &one) = found;
    if (!target_filter(arena, graph, target->label, &one, out, err))
        return false;
    if (!out->count)
        return error_set(err, ERR_USAGE, "Revision %s is not a member of branch '%s'", found->id,
                         target->label);
    return true;
}

// One step; NULL stands for the base, below all.
static bool walk_up(Arena *arena, const Graph *graph, const char *label, Revision **at, bool *ended,
                    Error *err)
{
    RevisionList next = { 0 };
    if (!target_filter(arena, graph, label, *at ? &(*at)->children : &graph->bases, &next, err))
        return false;
    if (next.count > 1)
        return error_set(err, ERR_USAGE, "Ambiguous walk") ||
               error_hint(err, "After %s%s there are several revisions: say which, as in LABEL@+1.",
                          *at ? "revision " : "the base", *at ? (*at)->id : "");
    *ended = next.count == 0;
    if (next.count)
        *at = next.items[0];
    return true;
}

static bool walk_down(Arena *arena, const Graph *graph, const char *label, Revision **at, bool *ended,
                      Error *err)
{
    if (!*at) {
        *ended = true;
        return true;
    }
    RevisionList next = { 0 };
    if ((*at)->parents.count > 1 && label) {
        if (!target_filter(arena, graph, label, &(*at)->parents, &next, err))
            return false;
    } else {
        next = (*at)->parents;
    }
    if (next.count > 1)
        return error_set(err, ERR_USAGE, "Ambiguous walk") ||
               error_hint(err, "Revision %s merges several: say which is meant.", (*at)->id);
    *at = next.count ? next.items[0] : NULL;
    return true;
}

bool target_walk(Arena *arena, const Graph *graph, const char *label, Revision *start, int steps,
                 Revision **out, bool *ended, Error *err)
{
    *out = start;
    *ended = false;
    for (int i = 0; i < abs(steps) && !*ended; i++)
        if (!(steps > 0 ? walk_up : walk_down)(arena, graph, label, out, ended, err))
            return false;
    return true;
}

bool target_wrong_way(const Target *target, Error *err)
{
    bool down = target->steps < 0;
    error_set(err, ERR_USAGE, "'%s' leads %s, not %s", target->sign, down ? "down" : "up",
              down ? "up" : "down");
    return error_hint(err, "Steps %s: cmigrate %s %s", down ? "down" : "up", down ? "downgrade" : "upgrade",
                      target->sign);
}

bool target_overshoots(const Target *target, Error *err)
{
    error_set(err, ERR_USAGE, "'%s' goes %s", target->sign,
              target->steps < 0 ? "below the base" : "beyond the head");
    return error_hint(
        err, "`cmigrate current` says where the database is, `cmigrate history` lists the revisions.");
}

// REV+N, REV-N: relative to a revision that is named.
bool target_beside(Arena *arena, const Graph *graph, const RevisionList *current, const Target *target,
                   RevisionList *out, Error *err)
{
    RevisionList from = { 0 };
    if (!target_symbol(arena, graph, current, target, &from, err))
        return false;
    if (from.count > 1)
        return error_set(err, ERR_USAGE, "'%s' names several revisions: from which one is not clear",
                         target->symbol);
    bool ended;
    Revision *found;
    if (!target_walk(arena, graph, target->label, from.count ? from.items[0] : NULL, target->steps, &found,
                     &ended, err))
        return false;
    if (ended)
        return target->steps < 0
                   ? error_set(err, ERR_USAGE, "Walked too far: there are no %d revisions below %s",
                               -target->steps, target->symbol)
                   : target_overshoots(target, err);
    if (found)
        *VEC_PUSH(arena, out) = found;
    return true;
}

// +N: from what the database has.
static bool above_current(Arena *arena, const Graph *graph, const RevisionList *current, const Target *target,
                          RevisionList *out, Error *err)
{
    RevisionList from = { 0 };
    if (!target_filter(arena, graph, target->label, current, &from, err))
        return false;
    if (!from.count && target->label) {
        // None of the rows is of the branch, but what they imply may be: its topmost revisions
        RevisionSet implied = set_new(arena, graph);
        add_ancestors(arena, current, true, &implied);
        RevisionList all = { 0 }, member = { 0 };
        set_list(arena, graph, &implied, &all);
        if (!target_filter(arena, graph, target->label, &all, &member, err))
            return false;
        graph_minimal(arena, graph, &member, &from);
    }
    if (from.count > 1)
        return error_set(err, ERR_USAGE, "Ambiguous upgrade from multiple current revisions") ||
               error_hint(err, "Say of which branch, as in LABEL@%s.", target->sign);
    bool ended;
    Revision *found;
    if (!target_walk(arena, graph, target->label, from.count ? from.items[0] : NULL, target->steps, &found,
                     &ended, err))
        return false;
    if (ended)
        return target_overshoots(target, err);
    if (found)
        *VEC_PUSH(arena, out) = found;
    return true;
}

bool graph_resolve(Arena *arena, const Graph *graph, const RevisionList *current, const char *text,
                   RevisionList *out, Error *err)
{
    Target target;
    if (!target_parse(arena, text, &target, err))
        return false;
    if (!target.relative)
        return target_symbol(arena, graph, current, &target, out, err);
    if (target.symbol)
        return target_beside(arena, graph, current, &target, out, err);
    if (!current)
        return error_set(err, ERR_USAGE,
                         "'%s' counts from where a database is: name a revision, as in head%s", text,
                         target.sign);
    if (target.steps < 0)
        return target_wrong_way(&target, err);
    return above_current(arena, graph, current, &target, out, err);
}
