#include <string.h>
#include <strings.h>

#include "drivers/mysql/render/alter.h"

static const Dialect *const D = &mysql_dialect;

static bool is_versioned(const Table *table) { return option_is(&table->head.options, "system_versioning"); }

// The line of a table's periods that speaks of SYSTEM_TIME, up to its end; NULL: the server keeps hidden columns.
static const char *system_period(const Table *table, size_t *length)
{
    static const char word[] = "system_time";
    const char *text = option_get(&table->head.options, "periods");
    for (; text && *text; text += strcspn(text, "\n"), text += *text == '\n') {
        *length = strcspn(text, "\n");
        if (strncasecmp(text, word, strlen(word)) == 0)
            return text;
    }
    return NULL;
}

static bool period_comes(const Alter *a)
{
    size_t old_length = 0, new_length = 0;
    const char *old = system_period(a->have, &old_length), *new = system_period(a->want, &new_length);
    return new && (!old || old_length != new_length || memcmp(old, new, new_length) != 0);
}

// Columns of a period cannot be changed, nor can the engine that keeps the history: versioning is given up and begun
// anew, and the history goes.
bool alter_versions_anew(const Alter *a)
{
    bool other_engine = !same_text(option_get(&a->have->head.options, "engine"),
                                   option_get(&a->want->head.options, "engine"));
    return is_versioned(a->have) && is_versioned(a->want) && (period_comes(a) || other_engine);
}

bool alter_is_of_period(const Column *column)
{
    return option_get(&column->head.options, "row_period") != NULL;
}

static void give_up_versioning(const Alter *a, StatementList *out)
{
    StrBuf text;
    size_t length;
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name));
    if (system_period(a->have, &length)) {
        VEC_EACH (Column *, column, &a->have->columns)
            if (alter_is_of_period(*column))
                sql(&text, D, KW("DROP COLUMN"), ID((*column)->head.name), KW(","));
        sql(&text, D, KW("DROP PERIOD FOR SYSTEM_TIME,"));
    }
    sql(&text, D, KW("DROP SYSTEM VERSIONING"));
    my_statement(a->how.arena, out, text.text)->comment = arena_printf(
        a->how.arena, "the history of table %s is lost: it cannot be carried over", a->want->head.name);
}

// Each row gets its period, or goes to another place.
static void put_words(const Alter *a, const char *words, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name), EXPR(words));
    alter_note_copy(a, my_statement(a->how.arena, out, text.text));
}

bool alter_adds_versioning_inside(const Alter *a)
{
    size_t length;
    return is_versioned(a->want) && (!is_versioned(a->have) || alter_versions_anew(a)) &&
           system_period(a->want, &length) != NULL;
}

// Partitions by SYSTEM_TIME hold the versioning: they go before it.
bool alter_unpartitions_first(const Alter *a)
{
    static const char word[] = "system_time";
    const char *by = option_get(&a->have->head.options, "partition_by");
    return by && strncasecmp(by, word, strlen(word)) == 0 &&
           (!is_versioned(a->want) || alter_versions_anew(a));
}

// By itself: MariaDB looks at the table as it was when a column in the same ALTER speaks of its versioning.
void alter_versioning_before(const Alter *a, StatementList *out)
{
    if (alter_unpartitions_first(a))
        put_words(a, "REMOVE PARTITIONING", out);
    if (alter_versions_anew(a))
        give_up_versioning(a, out);
    else if (!is_versioned(a->have) && is_versioned(a->want) && !alter_adds_versioning_inside(a))
        put_words(a, "ADD SYSTEM VERSIONING", out);
}

// A table that gives up its history forgets which columns keep none, and they cannot say so before it has one again.
bool alter_versions_columns_later(const Alter *a)
{
    return alter_adds_versioning_inside(a) || alter_versions_anew(a);
}

static void put_columns_without_history(const Alter *a, StatementList *out)
{
    Spelling how = a->how;
    how.versioned_later = false;
    StrBuf text;
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name));
    size_t before = text.length;
    VEC_EACH (Column *, column, &a->want->columns) {
        if (!option_is(&(*column)->head.options, "without_system_versioning"))
            continue;
        sql(&text, D, EXPR(text.length > before ? "," : ""), KW("MODIFY COLUMN"));
        my_put_column(&text, &how, *column);
    }
    if (text.length > before)
        my_statement(a->how.arena, out, text.text);
}

void alter_versioning_after(const Alter *a, StatementList *out)
{
    if (is_versioned(a->have) && !is_versioned(a->want))
        put_words(a, "DROP SYSTEM VERSIONING", out);
    else if (alter_versions_anew(a) && !alter_adds_versioning_inside(a))
        put_words(a, "ADD SYSTEM VERSIONING", out);
    if (alter_versions_columns_later(a))
        put_columns_without_history(a, out);
}

// Without it the server refuses to alter a table that has a history, and a script must run by hand too.
void my_keep_history(StepGraph *graph)
{
    bool any = false;
    VEC_EACH (Step *, it, &graph->steps) {
        const Step *step = *it;
        any = any || (step->have_table && step->want_table &&
                      (is_versioned(step->have_table) || is_versioned(step->want_table)));
    }
    if (!any)
        return;
    Step *first = step_add(graph, STEP_SQL, NULL, NULL);
    first->frame = -1;
    my_statement(graph->arena, &first->statements, "SET SESSION system_versioning_alter_history = KEEP");
}
