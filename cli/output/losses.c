// How many rows lose something: one query per table that a drop touches. And which rows a change will fail on.
#include <stdlib.h>
#include <string.h>

#include "cli/output/diff_print.h"
#include "core/compare/foresight.h"
#include "core/compare/foresight.h"

// A column that is dropped, or whose values are computed from now on.
static bool drops_values(const Change *change)
{
    if (!change->have || change->have->kind != OBJECT_COLUMN)
        return false;
    const Column *have = (const Column *)(const void *)change->have;
    if (change->kind == CHANGE_ALTER)
        return !have->generated && ((const Column *)(const void *)change->want)->generated;
    return !have->generated && !option_is(&have->head.options, "inherited"); // its parent's stays
}

static bool drops_rows(const Change *change)
{
    if (change->kind != CHANGE_DROP || change->have->kind != OBJECT_TABLE)
        return false;
    return !((const Table *)(const void *)change->have)->is_virtual;
}

typedef struct Counts {
    unsigned long long *items;
    size_t count;
} Counts;

static bool keep_counts(void *payload, const Row *row, Error *err)
{
    (void)err;
    Counts *counts = payload;
    for (size_t i = 0; i < row->count && i < counts->count; i++)
        counts->items[i] = row->values[i] ? strtoull(row->values[i], NULL, 10) : 0;
    return true;
}

static const char *phrase_of(Arena *arena, unsigned long long some, unsigned long long all)
{
    if (all == 0)
        return "the table is empty";
    if (some == 0)
        return arena_printf(arena, "none of %llu row%s has a value", all, all == 1 ? "" : "s");
    return arena_printf(arena, "loses data: %llu of %llu row%s ha%s a value", some, all, all == 1 ? "" : "s",
                        some == 1 ? "s" : "ve");
}

// Counts for all dropped columns of one table, from change `first` on.
static bool count_columns(Session *session, Db *db, const Comparison *c, size_t first, Losses *out)
{
    const Table *table = c->changes.items[first].have_table;
    StrBuf query;
    strbuf_init(&query, session->arena);
    strbuf_puts(&query, "SELECT count(*)");
    size_t columns = 0;
    for (size_t i = first; i < c->changes.count; i++) {
        if (c->changes.items[i].have_table != table || !drops_values(&c->changes.items[i]))
            continue;
        strbuf_puts(&query, ", count(");
        c->dialect->put_identifier(&query, c->changes.items[i].have->name);
        strbuf_putc(&query, ')');
        columns++;
    }
    strbuf_puts(&query, " FROM ");
    compare_put_table(&query, c, db, table);
    Counts counts = { arena_alloc(session->arena, (columns + 1) * sizeof(unsigned long long)), columns + 1 };
    Error ignored = { 0 };
    bool counted = db && table->row_estimate < FORESIGHT_ROWS &&
                   db->driver->query(db, query.text, keep_counts, &counts, &ignored);
    size_t k = 1;
    for (size_t i = first; i < c->changes.count; i++) {
        if (c->changes.items[i].have_table != table || !drops_values(&c->changes.items[i]))
            continue;
        out->texts[i] =
            counted ? phrase_of(session->arena, counts.items[k++], counts.items[0]) : "loses data";
    }
    return true;
}

static void count_rows(Session *session, Db *db, const Comparison *c, size_t i, Losses *out)
{
    const Table *table = (const Table *)(const void *)c->changes.items[i].have;
    StrBuf query;
    strbuf_init(&query, session->arena);
    strbuf_puts(&query, "SELECT count(*) FROM ");
    compare_put_table(&query, c, db, table);
    const char *count = NULL;
    Error ignored = { 0 };
    if (table->row_estimate >= FORESIGHT_ROWS)
        out->texts[i] = arena_printf(session->arena, "loses data: about %llu rows",
                                     (unsigned long long)table->row_estimate);
    else if (!db || !db_value(db, session->arena, query.text, &count, &ignored) || !count)
        out->texts[i] = "loses data";
    else if (strcmp(count, "0") == 0)
        out->texts[i] = "the table is empty";
    else
        out->texts[i] =
            arena_printf(session->arena, "loses data: %s row%s", count, strcmp(count, "1") == 0 ? "" : "s");
}

// What rows that are there get in a new column though nobody chose it; NULL: nothing, or the column is refused.
static const char *filler_of(const Comparison *c, const Change *change)
{
    if (change->kind != CHANGE_CREATE || change->want->kind != OBJECT_COLUMN || !change->have_table ||
        !c->dialect->filler)
        return NULL;
    const Column *column = (const Column *)(const void *)change->want;
    return column_leaves_rows_empty(column) ? c->dialect->filler(&c->have, column) : NULL;
}

// Counts once for all such columns of one table, from change `first` on.
static void count_filled(Session *session, Db *db, const Comparison *c, size_t first, Losses *out)
{
    const Table *table = c->changes.items[first].have_table;
    StrBuf query;
    strbuf_init(&query, session->arena);
    strbuf_puts(&query, "SELECT count(*) FROM ");
    compare_put_table(&query, c, db, table);
    const char *count = NULL, *rows = "rows that are there get";
    Error ignored = { 0 };
    if (db && table->row_estimate < FORESIGHT_ROWS &&
        db_value(db, session->arena, query.text, &count, &ignored) && count)
        rows = strcmp(count, "0") == 0 ? NULL
                                       : arena_printf(session->arena, "%s row%s", count,
                                                      strcmp(count, "1") == 0 ? " gets" : "s get");
    for (size_t i = first; rows && i < c->changes.count; i++) {
        const Change *change = &c->changes.items[i];
        const char *filler = change->have_table == table ? filler_of(c, change) : NULL;
        if (filler)
            out->texts[i] = arena_printf(session->arena, "%s %s: it has no default", rows, filler);
    }
}

// The changes of a table stand together: was it counted for an earlier one?
static bool counted_with(const Comparison *c, size_t i)
{
    const Table *table = c->changes.items[i].have_table;
    for (size_t k = i; k > 0 && c->changes.items[k - 1].have_table == table; k--)
        if (filler_of(c, &c->changes.items[k - 1]))
            return true;
    return false;
}

// Of a step that makes several changes at once, those that drop something were counted already.
static bool has_drop(const Step *step)
{
    VEC_EACH (Change, part, &step->changes)
        if (drops_values(part) || drops_rows(part))
            return true;
    return false;
}

// Does the step drop columns that the model still has? Then the table is made without its rows.
static bool drops_table_to_make_it(const Step *step, const Table *want)
{
    VEC_EACH (Change, part, &step->changes)
        if (part->kind == CHANGE_DROP && part->have->kind == OBJECT_COLUMN && step->have_table &&
            table_column(want, part->have->name) && step->kind == STEP_DROP)
            return true;
    return false;
}

// A table that becomes another kind of table, such as a foreign one: no change of its own says that the rows are gone.
static void count_replaced(Session *session, Db *db, const Comparison *c, const Plan *plan, Losses *out)
{
    VEC_EACH (Step *, step, &plan->steps)
        for (size_t i = 0; (*step)->risk.loses_data && i < c->changes.count; i++) {
            const Change *change = &c->changes.items[i];
            if (change->kind == CHANGE_ALTER && change->have->kind == OBJECT_TABLE && !out->texts[i] &&
                (*step)->have == change->have &&
                drops_table_to_make_it(*step, (const Table *)(const void *)change->want))
                count_rows(session, db, c, i, out);
        }
}

// What the planner knows besides drops: a type that holds less, an enum value that goes.
static void note_plan(Arena *arena, const Comparison *c, const Plan *plan, Losses *out)
{
    VEC_EACH (Step *, it, &plan->steps) {
        const Step *step = *it;
        if (!step->risk.loses_data || has_drop(step))
            continue;
        for (size_t i = 0; i < c->changes.count; i++) {
            const Change *change = &c->changes.items[i];
            if (change->kind != CHANGE_ALTER || out->texts[i] ||
                !(change->facets &
                  (FACET_TYPE | FACET_VALUES | FACET_GENERATED | FACET_DEFINITION | FACET_PARTS |
                   FACET_IDENTITY | FACET_AUTOINCREMENT | FACET_OPTIONS | FACET_SEQUENCE)))
                continue;
            bool same = step->want == change->want;
            VEC_EACH (Change, part, &step->changes)
                same = same || part->want == change->want;
            const char *lost = step->risk.lost ? step->risk.lost : step->risk.note;
            bool telling = same && lost && step->changes.count <= 1;
            if (same)
                out->texts[i] = telling ? arena_printf(arena, "may lose data: %s", lost) : "may lose data";
        }
    }
}

static bool changes_by(const Step *step, const Change *change)
{
    bool found = step->want && step->want == change->want;
    VEC_EACH (Change, part, &step->changes)
        found = found || (part->want && part->want == change->want);
    return found;
}

// A statement of the script to come, which names what it reads as the script does.
static bool row_of(Db *db, Arena *arena, const char *query, const char **row, Error *err)
{
    db->scope = SCOPE_LOOKUP;
    bool ok = db_value(db, arena, query, row, err);
    db->scope = SCOPE_OWN;
    return ok;
}

static bool is_foreseen(const Comparison *c, const Losses *losses, const Step *step)
{
    for (size_t k = 0; k < c->changes.count; k++)
        if (losses->queries[k] && changes_by(step, &c->changes.items[k]))
            return true;
    return false;
}

// Does the script rename the table, or something of it, before the step? Then its questions use names that the database does not have yet.
static bool renames_before(const Comparison *c, const Step *step)
{
    VEC_EACH (Change, it, &c->changes)
        if (it->kind == CHANGE_ALTER && it->facets & FACET_NAME && step->want_table &&
            (it->want_table == step->want_table || it->want == &step->want_table->head))
            return true;
    return false;
}

// What the script makes sure of itself before it changes something, and what no question of foresee_rows covers (a table
// that has something the revision does not know): its queries are asked now.
static void ask_script(Session *session, Db *db, const Comparison *c, const Plan *plan, const Step *step,
                       Losses *out)
{
    const Table *table = step->have_table;
    if (!table || table->row_estimate >= FORESIGHT_ROWS || renames_before(c, step))
        return;
    for (size_t i = 0; i < step->statement_count; i++) {
        const Statement *statement = &plan->statements.items[step->first_statement + i];
        const char *row = NULL;
        Error ignored = { 0 }; // it may speak of what the script makes before
        if (!statement->assertion || statement->step != step || is_foreseen(c, out, step) ||
            !row_of(db, session->arena, statement->sql, &row, &ignored))
            continue;
        for (size_t k = 0; k < c->changes.count && row; k++)
            if (changes_by(step, &c->changes.items[k]) && !out->texts[k]) {
                // what is wrong, without what to do: a line of a list
                const char *end = strstr(statement->assertion, ": ");
                int n = end ? (int)(end - statement->assertion) : (int)strlen(statement->assertion);
                out->texts[k] =
                    arena_printf(session->arena, "upgrade will fail: %.*s", n, statement->assertion);
                out->failing++;
                row = NULL;
            }
    }
}

static void take_foreseen(Session *session, Db *db, const Comparison *c, bool allow_loss, Losses *out)
{
    const Foreseen *foreseen = foresee_rows(session->arena, db, c, allow_loss);
    for (size_t i = 0; i < c->changes.count; i++) {
        if (!foreseen[i].text)
            continue;
        out->texts[i] = arena_printf(session->arena, "upgrade will fail: %s", foreseen[i].text);
        out->queries[i] = foreseen[i].query;
        out->failing++;
    }
}

bool losses_warn(Session *session, const Losses *losses, size_t changes)
{
    if (!losses->failing)
        return false;
    report_warning(&session->report, "the upgrade will fail: rows of this database are in the way");
    for (size_t i = 0; i < changes; i++)
        if (losses->queries[i])
            report_note(&session->report, "  %s;", safe(session->arena, losses->queries[i]));
    report_note(
        &session->report,
        "Next: change these rows, then: cmigrate upgrade. Or change the model, then: cmigrate migrate "
        "--replace");
    return true;
}

bool losses_count(Session *session, Db *db, const Comparison *c, const Plan *plan, bool allow_loss,
                  Losses *out, Error *err)
{
    (void)err;
    out->texts = arena_alloc(session->arena, (c->changes.count + 1) * sizeof(char *));
    out->queries = arena_alloc(session->arena, (c->changes.count + 1) * sizeof(char *));
    if (plan && db)
        take_foreseen(session, db, c, allow_loss, out);
    for (size_t i = 0; i < c->changes.count; i++) {
        const Change *change = &c->changes.items[i];
        if (out->texts[i])
            continue;
        if (change->kind == CHANGE_DROP && change->have->kind == OBJECT_SEQUENCE)
            out->texts[i] = "loses data: its counter";
        else if (drops_rows(change))
            count_rows(session, db, c, i, out);
        else if (drops_values(change) && !count_columns(session, db, c, i, out))
            return false;
        else if (filler_of(c, change) && !counted_with(c, i))
            count_filled(session, db, c, i, out);
    }
    if (plan && db)
        VEC_EACH (Step *, step, &plan->steps)
            ask_script(session, db, c, plan, *step, out);
    if (plan)
        count_replaced(session, db, c, plan, out);
    if (plan)
        note_plan(session->arena, c, plan, out);
    return true;
}
