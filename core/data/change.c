// Rows that change, and those that become what they were.
#include "core/data/internal.h"

const char *data_what_was(const DataPlan *p, const DataTable *t, const DataChange *change, size_t i)
{
    const DataNamed *named = change->named ? change->named[i] : NULL;
    if (!named)
        return change->old[i];
    StrBuf out = data_begin(p);
    data_put_reference(&out, p->diff, t->set, named->form, &named->literals);
    return out.text;
}

// `back`: to what was there. False: nothing is to be set.
static bool put_change(const DataPlan *p, StrBuf *out, const DataTable *t, const DataChange *change,
                       bool back)
{
    bool any = false;
    data_put_update(p, out, t);
    for (size_t i = 0; i < t->set->columns.count; i++) {
        if (!change->old[i] || (back && !change->old[i][0])) // a column that was not there goes again
            continue;
        strbuf_puts(out, any ? ", " : "");
        p->dialect->put_identifier(out, data_column_of(t, i)->head.name);
        strbuf_puts(out, " = ");
        if (back)
            strbuf_puts(out, data_what_was(p, t, change, i));
        else
            data_put_value(out, p->diff, t->set, i, &change->row->values[i]);
        any = true;
    }
    strbuf_puts(out, " WHERE ");
    data_put_key(out, p->diff, t->set, change->row);
    return any;
}

static const char *was(const DataPlan *p, const DataTable *t, const DataChange *change)
{
    StrBuf out = data_begin(p);
    for (size_t i = 0; i < t->set->columns.count; i++)
        if (change->old[i] && change->old[i][0])
            strbuf_printf(&out, "%s%s = %s", out.length ? ", " : "was: ", data_column_of(t, i)->head.name,
                          change->old[i]);
    return out.length ? out.text : NULL;
}

static bool is_aside(const DataTable *t, const DataChange *change)
{
    for (size_t i = 0; change->aside && i < t->set->columns.count; i++)
        if (change->aside[i])
            return true;
    return false;
}

// Rows that exchange unique values: those of one are let go first.
static void step_aside(const DataPlan *p, const DataTable *t, bool early)
{
    VEC_EACH (const DataChange, change, &t->changes) {
        StrBuf text = data_begin(p);
        bool any = false;
        if (change->kind != DATA_CHANGES || change->early != early || !is_aside(t, change))
            continue;
        data_put_update(p, &text, t);
        for (size_t i = 0; i < t->set->columns.count; i++) {
            if (!change->aside[i])
                continue;
            strbuf_puts(&text, any ? ", " : "");
            p->dialect->put_identifier(&text, data_column_of(t, i)->head.name);
            strbuf_puts(&text, " = NULL");
            any = true;
        }
        strbuf_puts(&text, " WHERE ");
        data_put_key(&text, p->diff, t->set, change->row);
        data_add(p, &text);
    }
}

void data_change_rows(const DataPlan *p, const DataTable *t, bool early)
{
    step_aside(p, t, early);
    VEC_EACH (const DataChange, change, &t->changes) {
        StrBuf text = data_begin(p);
        if (change->kind != DATA_CHANGES || change->early != early)
            continue;
        data_assert_references(p, t, change);
        if (put_change(p, &text, t, change, false))
            data_add(p, &text)->comment = was(p, t, change);
    }
}

// The last first, for it took what an earlier one had; and last those that were set to NULL.
void data_change_back(const DataPlan *p, const DataTable *t, bool early)
{
    step_aside(p, t, early);
    for (int aside = 0; aside < 2; aside++)
        for (size_t i = t->changes.count; i-- > 0;) {
            const DataChange *change = &t->changes.items[i];
            StrBuf text = data_begin(p);
            if (change->kind == DATA_CHANGES && change->early == early &&
                is_aside(t, change) == (aside == 1) && put_change(p, &text, t, change, true))
                data_add(p, &text);
        }
}

bool data_put_touched(StrBuf *out, const DataDiff *diff, const Table *table)
{
    enum { MOST = 1000 };
    size_t rows = 0;
    VEC_EACH (const DataTable, t, &diff->tables) {
        if (object_compare(&t->set->table->head, &table->head) != 0)
            continue;
        if (t->spooled)
            return false;
        VEC_EACH (const DataChange, change, &t->changes) {
            if (change->kind == DATA_REMOVES)
                continue;
            strbuf_puts(out, rows++ ? " OR (" : "(");
            data_put_key(out, diff, t->set, change->row);
            strbuf_putc(out, ')');
        }
    }
    return rows <= MOST;
}
