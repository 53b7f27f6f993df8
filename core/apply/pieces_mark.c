// How far a statement in pieces has come, as the history keeps it: a column of its own, made when it is first needed.
#include <stdlib.h>
#include <string.h>

#include "core/apply/pieces.h"
#include "core/revision/directive.h"

#define COLUMN "batch"

static void put_lines(StrBuf *out, const char *word, const NameList *texts)
{
    VEC_EACH (const char *, it, texts) {
        strbuf_printf(out, "%s ", word);
        put_line_text(out, *it);
        strbuf_putc(out, '\n');
    }
}

// A line each: statement 2, pieces 4, by id, last 400, end 1000; a key of several columns has several of the last three.
static const char *mark_text(Arena *arena, const PieceMark *mark)
{
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_printf(&out, "statement %zu\npieces %lu\n", mark->statement, mark->pieces);
    put_lines(&out, "by", &mark->key);
    put_lines(&out, "last", &mark->last);
    put_lines(&out, "end", &mark->end);
    return out.text;
}

// A line of such a text: its word says of what, and what nobody knows is passed over.
static void take_line(Arena *arena, Text line, PieceMark *out)
{
    const char *space = memchr(line.p, ' ', line.n);
    if (!space)
        return;
    Text word = { line.p, (size_t)(space - line.p) };
    const char *rest = line_text(arena, (Text){ space + 1, line.n - word.n - 1 });
    if (text_is(word, "statement"))
        out->statement = strtoul(rest, NULL, 10);
    else if (text_is(word, "pieces"))
        out->pieces = strtoul(rest, NULL, 10);
    else if (text_is(word, "by"))
        *VEC_PUSH(arena, &out->key) = rest;
    else if (text_is(word, "last"))
        *VEC_PUSH(arena, &out->last) = rest;
    else if (text_is(word, "end"))
        *VEC_PUSH(arena, &out->end) = rest;
}

// NULL where it is none.
static PieceMark *mark_read(Arena *arena, const char *text)
{
    PieceMark *mark = ARENA_NEW(arena, PieceMark);
    *mark = (PieceMark){ 0 };
    while (text && *text) {
        size_t n = strcspn(text, "\n");
        take_line(arena, (Text){ text, n }, mark);
        text += n + (text[n] == '\n');
    }
    return mark->statement && mark->key.count && mark->last.count == mark->key.count &&
                   mark->end.count == mark->key.count
               ? mark
               : NULL;
}

bool pieces_write(Attempt *attempt, const PieceMark *mark, Error *err)
{
    Run *run = attempt->run;
    if (run->unrecorded)
        return true;
    StrBuf sql;
    history_begin_update(run, &sql, attempt->arena);
    run->dialect->put_identifier(&sql, COLUMN);
    strbuf_puts(&sql, " = ");
    if (mark)
        run->dialect->put_literal(&sql, mark_text(attempt->arena, mark));
    else
        strbuf_puts(&sql, "NULL");
    return fault_point("piece", err) &&
           exec_sql(run->db, history_end_update(run, &sql, attempt->id, run->owner), err);
}

static bool has_column(Attempt *attempt, bool writes, bool *out, Error *err)
{
    Run *run = attempt->run;
    TableFacts facts;
    if (!table_find(run->db, attempt->arena, run->store, &(TableLook){ run->store->history, COLUMN, writes },
                    &facts, err))
        return false;
    *out = facts.has_column;
    return true;
}

// Another project with the same history may add it at the same time: what failed is looked at once more.
bool pieces_prepare(Attempt *attempt, Error *err)
{
    Run *run = attempt->run;
    bool wanted = false, there = false;
    VEC_EACH (Item, item, &attempt->items)
        wanted |= item->statement->batch != NULL;
    if (!wanted || run->unrecorded || !has_column(attempt, true, &there, err) || there)
        return !wanted || run->unrecorded || there;
    StrBuf sql;
    strbuf_init(&sql, attempt->arena);
    strbuf_puts(&sql, "ALTER TABLE ");
    put_table(&sql, run->dialect, run->store, run->store->history);
    strbuf_puts(&sql, " ADD COLUMN ");
    run->dialect->put_identifier(&sql, COLUMN);
    strbuf_puts(&sql, " TEXT");
    Error ignored;
    return (fault_point("batch of the history", err) && exec_sql(run->db, sql.text, err)) ||
           (has_column(attempt, true, &there, &ignored) && there);
}

static bool read_old(Attempt *attempt, PieceMark **out, Error *err)
{
    Run *run = attempt->run;
    const HistoryEntry *old = attempt->resumes;
    bool there = false;
    const char *text = NULL;
    *out = NULL;
    if (!has_column(attempt, false, &there, err))
        return false;
    if (!there)
        return true;
    StrBuf sql;
    strbuf_init(&sql, attempt->arena);
    strbuf_puts(&sql, "SELECT ");
    run->dialect->put_identifier(&sql, COLUMN);
    strbuf_puts(&sql, " FROM ");
    put_table(&sql, run->dialect, run->store, run->store->history);
    if (!db_value(run->db, attempt->arena, history_end_update(run, &sql, old->id, old->owner), &text, err))
        return false;
    *out = mark_read(attempt->arena, text);
    return true;
}

static bool other_key(Attempt *attempt, const ScriptBatch *batch, const PieceMark *mark, Error *err)
{
    StrBuf key;
    strbuf_init(&key, attempt->arena);
    VEC_EACH (const char *, it, &mark->key)
        strbuf_printf(&key, "%s%s", it == mark->key.items ? "" : ", ", *it);
    error_at(err, ERR_REVISION, batch->at,
             "%s of %s was interrupted when %lu pieces of statement %zu were committed, by another key: %s",
             attempt->resumes->direction, attempt->move->revision->id, mark->pieces, mark->statement,
             key.text);
    return error_hint(err, "Put that key back, and run it again.");
}

bool pieces_resume(Attempt *attempt, size_t done, Error *err)
{
    PieceMark *mark;
    const ScriptBatch *batch =
        done < attempt->items.count ? attempt->items.items[done].statement->batch : NULL;
    if (!batch)
        return true;
    if (!read_old(attempt, &mark, err))
        return false;
    if (!mark || mark->statement != done + 1)
        return true;
    bool same = mark->key.count == batch->key.count;
    for (size_t i = 0; same && i < mark->key.count; i++)
        same = strcasecmp(mark->key.items[i], batch->key.items[i]) == 0;
    attempt->mark = mark;
    return same || other_key(attempt, batch, mark, err);
}

bool pieces_carry(Attempt *attempt, Error *err)
{
    return !attempt->mark || pieces_write(attempt, attempt->mark, err);
}

const char *pieces_left(Attempt *attempt)
{
    Error ignored = { 0 };
    PieceMark *mark;
    if (!read_old(attempt, &mark, &ignored) || !mark)
        return NULL;
    return arena_printf(attempt->arena, "its rows: it ran in pieces, and %lu of them were committed",
                        mark->pieces);
}
