// Virtual tables that hold the rowids of another table: what becomes of them when a rebuild gives its rows other ones.
#include "drivers/sqlite/sqlite.h"

#include <strings.h>

#define DIALECT &sqlite_dialect

// A rebuild keeps rowids wherever both tables have them, unless a column that was none becomes their alias.
static bool rowids_change(const Table *have, const Table *want)
{
    if (!sqlite_has_rowid(have))
        return false;
    if (!sqlite_has_rowid(want))
        return true;
    const Column *alias = sqlite_rowid_column(want), *was = sqlite_rowid_column(have);
    const Column *old = alias ? sqlite_column(have, alias->head.name) : NULL;
    if (alias && old)
        return old != was;
    return !sqlite_rowid_name(have, alias ? have : want);
}

// The table itself, or a view on it.
static bool reads(const Schema *schema, const char *content, const char *table)
{
    if (sqlite_same_name(content, table))
        return true;
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == OBJECT_VIEW && sqlite_same_name((*it)->name, content))
            return sqlite_mentions(((const View *)(const void *)*it)->query, table);
    return false;
}

static void add_reading(const StepGraph *graph, const char *table, StatementList *out)
{
    VEC_EACH (Table *, it, &graph->want->tables) {
        const char *content = (*it)->is_virtual ? sqlite_content_of(graph->arena, *it) : NULL;
        if (!content || !reads(graph->want, content, table))
            continue;
        StrBuf text;
        strbuf_init(&text, graph->arena);
        sql(&text, DIALECT, KW("INSERT INTO"), ID((*it)->head.name), KW("("), ID((*it)->head.name),
            KW(") VALUES ("), LIT("rebuild"), KW(")"));
        sqlite_add_statement(graph->arena, out, text.text)->comment =
            arena_printf(graph->arena, "the rowids of table %s are others now", table);
    }
}

static bool mentions_rowid(const char *text)
{
    return sqlite_mentions(text, "rowid") || sqlite_mentions(text, "_rowid_") || sqlite_mentions(text, "oid");
}

// A trigger of the table writes its rowids to a virtual table that cannot be filled again from it.
static bool refuse_kept(const StepGraph *graph, const Table *table, Error *err)
{
    VEC_EACH (Object *, it, &graph->have->objects) {
        if ((*it)->kind != OBJECT_TRIGGER || !sqlite_same_name((*it)->table, table->head.name) ||
            !mentions_rowid((*it)->definition))
            continue;
        VEC_EACH (Table *, other, &graph->have->tables)
            if ((*other)->is_virtual && !sqlite_content_of(graph->arena, *other) &&
                sqlite_mentions((*it)->definition, (*other)->head.name)) {
                error_at(err, ERR_UNSUPPORTED, table->head.at,
                         "the rowids of table '%s' would change, and trigger '%s' keeps them in the virtual "
                         "table '%s', which cannot be filled again",
                         table->head.name, (*it)->name, (*other)->head.name);
                return error_hint(err, "Drop '%s' in a revision before, and create and fill it in one after.",
                                  (*other)->head.name);
            }
    }
    return true;
}

bool sqlite_reindex(const StepGraph *graph, StatementList *out, Error *err)
{
    VEC_EACH (Step *, it, &graph->steps) {
        const Step *step = *it;
        if (step->kind != STEP_REBUILD || step->have_table->is_virtual || step->want_table->is_virtual ||
            !rowids_change(step->have_table, step->want_table))
            continue;
        if (!refuse_kept(graph, step->want_table, err))
            return false;
        add_reading(graph, step->want_table->head.name, out);
    }
    return true;
}
