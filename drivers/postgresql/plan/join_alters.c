// Changes of one table that follow each other become one ALTER TABLE: the server writes and reads the table once for all of
// them. It does not do them in the order in which they stand but in passes, so an action joins only where that is no matter.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

// The server's passes, in its order (AlterTablePass in tablecmds.c), as far as all supported versions agree.
typedef enum Pass {
    PASS_NONE, // an action that stays by itself
    PASS_DROP,
    PASS_TYPE,
    PASS_ADD_COLUMN,
    PASS_NOT_NULL,
    PASS_INDEX,
    PASS_OTHER, // checks and defaults
    PASS_LAST
} Pass;

// One statement, taken apart. All texts belong to it.
typedef struct Action {
    Pass pass;
    const char *subject; // the column or constraint; NULL: a constraint without a name
    size_t head;         // bytes up to the action
    Text text;           // the action
    TokenList tokens;    // of the action
} Action;
typedef VEC(Action) ActionList;

typedef struct Run {
    Arena *arena;
    const StatementList *in;
    ActionList actions;
    VEC(size_t) members;       // places of the statements that become one
    VEC(size_t) before, after; // assertions and comments between them, which come before and after it
} Run;

static bool words_are(const Token *t, const char *first, const char *second)
{
    return token_is(&t[0], first) && token_is(&t[1], second);
}

static Pass pass_of_column(const Token *t)
{
    if (token_is(t, "TYPE"))
        return PASS_TYPE;
    if (words_are(t, "DROP", "DEFAULT") || words_are(t, "DROP", "EXPRESSION") || words_are(t, "DROP", "NOT"))
        return PASS_DROP;
    if (words_are(t, "SET", "NOT"))
        return PASS_NOT_NULL;
    if (words_are(t, "SET", "DEFAULT"))
        return PASS_OTHER;
    bool last = words_are(t, "SET", "STORAGE") || words_are(t, "SET", "COMPRESSION") ||
                words_are(t, "SET", "STATISTICS");
    return last ? PASS_LAST : PASS_NONE;
}

static bool has_word(const TokenList *tokens, const char *word)
{
    VEC_EACH (Token, it, tokens)
        if (token_is(it, word))
            return true;
    return false;
}

// A foreign key is left alone: it locks another table, and its rows are looked up by a query of their own.
static Pass pass_of_constraint(const Action *action, const Token *t)
{
    if (token_is(t, "CHECK"))
        return PASS_OTHER;
    if (words_are(t, "NOT", "NULL"))
        return PASS_NOT_NULL;
    bool key = token_is(t, "UNIQUE") || words_are(t, "PRIMARY", "KEY");
    return key && !has_word(&action->tokens, "USING") ? PASS_INDEX : PASS_NONE;
}

static void read_action(Arena *arena, Action *action)
{
    const Token *t = action->tokens.items;
    bool named = words_are(t, "ADD", "CONSTRAINT");
    if (named || words_are(t, "ADD", "COLUMN") || words_are(t, "DROP", "COLUMN") ||
        words_are(t, "DROP", "CONSTRAINT") || words_are(t, "ALTER", "COLUMN"))
        action->subject = token_name(arena, &t[2]);
    if (words_are(t, "ADD", "COLUMN"))
        action->pass = PASS_ADD_COLUMN;
    else if (token_is(t, "DROP"))
        action->pass = action->subject ? PASS_DROP : PASS_NONE;
    else if (words_are(t, "ALTER", "COLUMN"))
        action->pass = pass_of_column(t + 3);
    else if (token_is(t, "ADD"))
        action->pass = pass_of_constraint(action, named ? t + 3 : t + 1);
}

// ALTER TABLE [ONLY] [schema.]name and one action; pass NONE: another statement.
static Action action_of(Arena *arena, const Statement *statement)
{
    Action action = { 0 };
    const char *lock = statement->lock;
    bool own = !lock || strcmp(lock, "ACCESS EXCLUSIVE") == 0 || strcmp(lock, "SHARE UPDATE EXCLUSIVE") == 0;
    bool said = statement->comment && !lock && !statement->note; // about something else than costs
    if (statement->assertion || statement->no_transaction || statement->batch || !own || said ||
        strncmp(statement->sql, "ALTER TABLE ", 12) != 0)
        return action;
    TokenList all = lex_all(arena, (Text){ statement->sql, strlen(statement->sql) }, postgresql_dialect.lex);
    size_t i = 2;
    i += i + 1 < all.count && token_is(&all.items[i], "ONLY");
    i += i + 3 < all.count && token_is(&all.items[i + 1], ".") ? 3 : 1;
    if (i >= all.count)
        return action;
    action.head = (size_t)(all.items[i].text.p - statement->sql);
    action.text = (Text){ all.items[i].text.p, strlen(all.items[i].text.p) };
    for (; i < all.count; i++)
        *VEC_PUSH(arena, &action.tokens) = all.items[i];
    for (size_t k = 0; k < 4; k++) // the end again: read_action looks at so many words
        *VEC_PUSH(arena, &action.tokens) = all.items[all.count - 1];
    read_action(arena, &action);
    return action;
}

static bool names(const TokenList *tokens, const char *name)
{
    VEC_EACH (Token, it, tokens)
        if (name && token_named(it, name))
            return true;
    return false;
}

static bool statement_names(Arena *arena, const Statement *statement, const char *name)
{
    TokenList tokens =
        lex_all(arena, (Text){ statement->sql, strlen(statement->sql) }, postgresql_dialect.lex);
    return names(&tokens, name);
}

// Is the result the same where the server does `new` in its pass, and not after `earlier`?
static bool agree(const Action *earlier, const Action *new)
{
    bool touch = names(&new->tokens, earlier->subject) || names(&earlier->tokens, new->subject);
    // values are converted from what they were before the statement, and one column once
    if (new->pass == PASS_TYPE && earlier->pass == PASS_TYPE)
        return !touch;
    return earlier->pass <= new->pass || !touch;
}

static bool joins(const Run *run, const Action *new)
{
    const Statement *first = &run->in->items[run->members.items[0]];
    const Action *old = &run->actions.items[0];
    const char *head = new->text.p - new->head;
    if (new->pass == PASS_NONE || new->head != old->head || memcmp(head, first->sql, old->head) != 0)
        return false;
    VEC_EACH (Action, it, &run->actions)
        if (!agree(it, new))
            return false;
    for (size_t i = 0; new->pass == PASS_DROP &&i < run->after.count; i++)
        if (statement_names(run->arena, &run->in->items[run->after.items[i]], new->subject))
            return false;
    return true;
}

// A value that the server converts by itself is NULL before and after: a query may show it and look whether it is.
static bool only_looks_for_null(const TokenList *query, const Action *action)
{
    for (size_t i = 0; i + 1 < query->count; i++) {
        const Token *next = &query->items[i + 1];
        if (token_named(&query->items[i], action->subject) && !words_are(next, "IS", "NULL") &&
            !token_is(next, "FROM") && !token_is(next, ","))
            return false;
    }
    return action->pass == PASS_TYPE && !has_word(&action->tokens, "USING");
}

// What a query finds must not depend on what it is moved in front of.
static bool can_come_before(const Run *run, const Statement *assertion)
{
    TokenList query =
        lex_all(run->arena, (Text){ assertion->sql, strlen(assertion->sql) }, postgresql_dialect.lex);
    VEC_EACH (Action, it, &run->actions)
        if (names(&query, it->subject) && !only_looks_for_null(&query, it))
            return false;
    return true;
}

static void start_run(Run *run, size_t at, const Action *action)
{
    *VEC_PUSH(run->arena, &run->members) = at;
    *VEC_PUSH(run->arena, &run->actions) = *action;
}

// The statements behind the first that can be done with it. Those that are passed over are kept only up to the last member.
static void gather(Run *run, size_t at)
{
    size_t before = 0, after = 0;
    for (size_t i = at + 1; i < run->in->count; i++) {
        const Statement *it = &run->in->items[i];
        if (it->starts_section || it->no_transaction)
            break;
        if (it->assertion && can_come_before(run, it)) {
            *VEC_PUSH(run->arena, &run->before) = i;
        } else if (strncmp(it->sql, "COMMENT ON ", 11) == 0) {
            *VEC_PUSH(run->arena, &run->after) = i;
        } else {
            Action action = action_of(run->arena, it);
            if (!joins(run, &action))
                break;
            start_run(run, i, &action);
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
    const char *table = arena_strndup(run->arena, first->sql, run->actions.items[0].head - 1);
    strbuf_puts(&text, table);
    for (size_t i = 0; i < run->members.count; i++) {
        const Statement *it = &run->in->items[run->members.items[i]];
        strbuf_printf(&text, "%s%s", i ? ",\n  " : "\n  ", run->actions.items[i].text.p);
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
        Action first = action_of(arena, &in->items[i]);
        if (first.pass != PASS_NONE && first.pass != PASS_LAST) {
            start_run(&run, i, &first);
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
