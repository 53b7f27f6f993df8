// Changes of one table that follow each other become one ALTER TABLE: the server writes and reads the table once for all of
// them. It does not do them in the order in which they stand but in passes, so an action joins only where that is no matter.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

typedef struct Run {
    Arena *arena;
    const StatementList *in;
    VEC(size_t) members;       // places of the statements that become one
    VEC(size_t) before, after; // assertions and comments between them, which come before and after it
} Run;

static const TableAction *action_at(const Run *run, size_t at) { return run->in->items[at].action; }

static bool changes(const TableAction *action) { return action && action->pass != PG_PASS_NONE; }

static bool expressions_name(Arena *arena, const TableAction *action, const char *name)
{
    VEC_EACH (const char *, it, &action->expressions)
        if (pg_mentions(arena, *it, name))
            return true;
    return false;
}

static bool names(Arena *arena, const TableAction *action, const char *name)
{
    return name && (same_text(action->subject, name) || names_have(&action->names, name) ||
                    expressions_name(arena, action, name));
}

// Is the result the same where the server does `new` in its pass, and not after `earlier`?
static bool agree(Arena *arena, const TableAction *earlier, const TableAction *new)
{
    // values are converted from what they were before the statement, and one column once
    const bool both_convert = new->pass == PG_PASS_TYPE && earlier->pass == PG_PASS_TYPE;
    if (earlier->pass <= new->pass && !both_convert)
        return true;
    return !names(arena, new, earlier->subject) && !names(arena, earlier, new->subject);
}

static bool joins(const Run *run, const TableAction *new)
{
    if (!changes(new) || strcmp(new->head, action_at(run, run->members.items[0])->head) != 0)
        return false;
    VEC_EACH (size_t, it, &run->members)
        if (!agree(run->arena, action_at(run, *it), new))
            return false;
    for (size_t i = 0; new->pass == PG_PASS_DROP &&i < run->after.count; i++)
        if (names(run->arena, action_at(run, run->after.items[i]), new->subject))
            return false;
    return true;
}

// What a query finds must not depend on what it is moved in front of. A value that the server converts by itself is NULL before
// and after: a query may show it and look whether it is.
static bool can_come_before(const Run *run, const TableAction *query)
{
    VEC_EACH (size_t, it, &run->members) {
        const TableAction *action = action_at(run, *it);
        bool reads = action->subject && same_text(query->subject, action->subject);
        bool shows = action->subject && names_have(&query->names, action->subject);
        if ((reads && !query->only_null) ||
            ((reads || shows) && (action->pass != PG_PASS_TYPE || action->converts)))
            return false;
    }
    return true;
}

// The statements behind the first that can be done with it. Those that are passed over are kept only up to the last member.
static void gather(Run *run, size_t at)
{
    size_t before = 0, after = 0;
    for (size_t i = at + 1; i < run->in->count; i++) {
        const Statement *it = &run->in->items[i];
        if (it->starts_section || it->no_transaction || !it->action)
            break;
        if (it->assertion) {
            if (!can_come_before(run, it->action))
                break;
            *VEC_PUSH(run->arena, &run->before) = i;
        } else if (!changes(it->action)) {
            *VEC_PUSH(run->arena, &run->after) = i;
        } else {
            if (!joins(run, it->action))
                break;
            *VEC_PUSH(run->arena, &run->members) = i;
            before = run->before.count;
            after = run->after.count;
        }
    }
    run->before.count = before;
    run->after.count = after;
}

// Notes of costs, each once; a table that is rewritten is read in the same pass.
static const char *note_of(const Run *run)
{
    static const char writes[] = "rewrites the table", reads[] = "reads the table";
    NameList notes = { 0 };
    bool written = false;
    for (size_t i = 0; i < run->members.count; i++) {
        const char *note = run->in->items[run->members.items[i]].note;
        written |= note && strncmp(note, writes, sizeof writes - 1) == 0 && !strstr(note, " where ");
        if (note && !names_have(&notes, note))
            *VEC_PUSH(run->arena, &notes) = note;
    }
    StrBuf out;
    strbuf_init(&out, run->arena);
    VEC_EACH (const char *, it, &notes)
        if (!written || strcmp(*it, reads) != 0)
            strbuf_printf(&out, "%s%s", out.length ? "; " : "", *it);
    return out.length ? out.text : NULL;
}

static const char *joined(Arena *arena, const char *a, const char *b)
{
    return a && b ? arena_printf(arena, "%s; %s", a, b) : a ? a : b;
}

// The one statement that the members become: it takes the strongest lock, rewrites and reads what any of them does, and says
// which values each loses. Whatever else a statement has (its step, where a section begins) is that of the first.
static Statement merged(const Run *run)
{
    const Statement *first = &run->in->items[run->members.items[0]];
    Statement out = *first;
    StrBuf text;
    strbuf_init(&text, run->arena);
    strbuf_puts(&text, first->action->head);
    for (size_t i = 0; i < run->members.count; i++) {
        const Statement *it = &run->in->items[run->members.items[i]];
        strbuf_printf(&text, "%s%s", i ? ",\n  " : "\n  ", it->action->text);
        out.rewrites |= it->rewrites;
        out.scans |= it->scans;
        if (i == 0)
            continue;
        out.warning = joined(run->arena, out.warning, it->warning);
        out.loss = joined(run->arena, out.loss, it->loss);
        if (!out.lock || (it->lock && strcmp(it->lock, "ACCESS EXCLUSIVE") == 0))
            out.lock = it->lock;
    }
    out.sql = text.text;
    out.note = note_of(run);
    out.comment = pg_cost_comment(run->arena, out.lock, out.note);
    return out;
}

static void emit(const Run *run, const Statement *statement, size_t from, StatementList *out, size_t *places)
{
    places[from] = out->count;
    *VEC_PUSH(run->arena, out) = *statement;
}

// The assertions, the statement that all become, the comments.
static void emit_run(const Run *run, StatementList *out, size_t *places)
{
    Statement all = merged(run);
    for (size_t i = 0; i < run->before.count; i++) {
        size_t at = run->before.items[i];
        Statement assertion = run->in->items[at];
        assertion.starts_section = i == 0 && all.starts_section;
        emit(run, &assertion, at, out, places);
    }
    all.starts_section &= run->before.count == 0;
    for (size_t i = 0; i < run->members.count; i++)
        places[run->members.items[i]] = out->count;
    *VEC_PUSH(run->arena, out) = all;
    for (size_t i = 0; i < run->after.count; i++)
        emit(run, &run->in->items[run->after.items[i]], run->after.items[i], out, places);
}

// Walks over the statements once: each begins a run of its own or stays as it is.
void pg_join(Arena *arena, const StatementList *in, StatementList *out, size_t *places)
{
    for (size_t i = 0; i < in->count; i++) {
        Run run = { .arena = arena, .in = in };
        const TableAction *first = in->items[i].action;
        if (changes(first) && first->pass != PG_PASS_LAST) {
            *VEC_PUSH(arena, &run.members) = i;
            gather(&run, i);
        }
        if (run.members.count > 1) {
            i = run.members.items[run.members.count - 1];
            emit_run(&run, out, places);
        } else {
            emit(&run, &in->items[i], i, out, places);
        }
    }
}
