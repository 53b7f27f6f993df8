// What only the rows can tell: asked of the target, whether there is such a row. Never which.
#include <strings.h>

#include "core/dialect/sql.h"
#include "core/lint/internal.h"

static bool is_applied(const Lint *lint, const Revision *revision)
{
    VEC_EACH (Revision *, it, lint->current)
        if (graph_is_ancestor(lint->graph, revision, *it))
            return true;
    return false;
}

// Do earlier statements of the set change rows of the table? Then what is there now says nothing.
static bool is_changed(const Lint *lint, const char *table)
{
    VEC_EACH (const char *, it, &lint->set->changed)
        if (!**it || strcasecmp(*it, table) == 0)
            return true;
    return false;
}

static bool take_row(void *payload, const Row *row, Error *err)
{
    bool *found = payload;
    (void)row, (void)err;
    *found = true;
    return true;
}

Tristate lint_ask(const Judge *judge, const Object *table, const char *query)
{
    const Lint *lint = judge->lint;
    bool found = false;
    Error ignored = { 0 };
    bool can_ask = lint->target && lint->current && judge->revision->id && lint->set &&
                   !is_applied(lint, judge->revision) && !is_changed(lint, table->name) &&
                   lint->target->driver->alive(lint->target);
    if (!can_ask || !lint->target->driver->query(lint->target, query, take_row, &found, &ignored))
        return UNSET;
    return found ? YES : NO;
}

// --- the questions -----------------------------------------------------------

static void put_table(StrBuf *out, const Judge *judge, const char *schema, const char *name)
{
    const Db *target = judge->lint->target; // whose search path may be empty
    const char *usual = target ? target->server.default_schema : NULL;
    sql(out, judge->lint->dialect, QID(schema ? schema : usual, name));
}

static void put_part(StrBuf *out, const Judge *judge, const Part *part)
{
    if (part->column)
        sql(out, judge->lint->dialect, ID(part->column));
    else
        strbuf_printf(out, "(%s)", part->expression);
}

Tristate lint_ask_rows(const Judge *judge, const Object *table, const char *where)
{
    StrBuf query;
    strbuf_init(&query, judge->arena);
    strbuf_puts(&query, "SELECT 1 FROM ");
    put_table(&query, judge, table->schema, table->name);
    strbuf_printf(&query, "%s%s LIMIT 1", where ? " WHERE " : "", where ? where : "");
    return lint_ask(judge, table, query.text);
}

Tristate lint_ask_null(const Judge *judge, const Object *table, const char *column)
{
    StrBuf where;
    strbuf_init(&where, judge->arena);
    sql(&where, judge->lint->dialect, ID(column), KW("IS NULL"));
    return lint_ask_rows(judge, table, where.text);
}

Tristate lint_ask_check(const Judge *judge, const Object *table, const char *expression)
{
    return lint_ask_rows(judge, table, arena_printf(judge->arena, "NOT (%s)", expression));
}

Tristate lint_ask_duplicates(const Judge *judge, const Object *table, const PartList *columns,
                             bool nulls_not_distinct, const char *where)
{
    StrBuf condition, list;
    strbuf_init(&condition, judge->arena);
    strbuf_init(&list, judge->arena);
    if (where)
        strbuf_printf(&condition, "(%s)", where);
    VEC_EACH (Part, it, columns) {
        if (it->length || it->collation) // compares otherwise than GROUP BY does
            return UNSET;
        strbuf_puts(&list, list.length ? ", " : "");
        put_part(&list, judge, it);
        if (nulls_not_distinct)
            continue;
        strbuf_puts(&condition, condition.length ? " AND " : "");
        put_part(&condition, judge, it);
        strbuf_puts(&condition, " IS NOT NULL");
    }
    StrBuf query;
    strbuf_init(&query, judge->arena);
    strbuf_puts(&query, "SELECT 1 FROM ");
    put_table(&query, judge, table->schema, table->name);
    strbuf_printf(&query, "%s%s GROUP BY %s HAVING count(*) > 1 LIMIT 1", condition.length ? " WHERE " : "",
                  condition.text, list.text);
    return lint_ask(judge, table, query.text);
}

Tristate lint_ask_orphans(const Judge *judge, const Object *table, const Constraint *key, const Table *parent)
{
    const Constraint *primary = parent ? table_primary_key(parent) : NULL;
    const Dialect *dialect = judge->lint->dialect;
    StrBuf query, match;
    strbuf_init(&query, judge->arena);
    strbuf_init(&match, judge->arena);
    strbuf_puts(&query, "SELECT 1 FROM ");
    put_table(&query, judge, table->schema, table->name);
    strbuf_puts(&query, " child WHERE");
    for (size_t i = 0; i < key->parts.count; i++) {
        const char *own = key->parts.items[i].column;
        const char *other = i < key->referred_columns.count ? key->referred_columns.items[i]
                            : primary && i < primary->parts.count && !key->referred_columns.count
                                ? primary->parts.items[i].column
                                : NULL;
        if (!own || !other)
            return UNSET;
        strbuf_puts(&query, i ? " AND child." : " child.");
        sql(&query, dialect, ID(own));
        strbuf_puts(&query, " IS NOT NULL");
        strbuf_puts(&match, i ? " AND parent." : " parent.");
        sql(&match, dialect, ID(other));
        strbuf_puts(&match, " = child.");
        sql(&match, dialect, ID(own));
    }
    strbuf_puts(&query, " AND NOT EXISTS (SELECT 1 FROM ");
    put_table(&query, judge, key->referred_schema, key->referred_table);
    strbuf_printf(&query, " parent WHERE%s) LIMIT 1", match.text);
    return lint_ask(judge, table, query.text);
}
