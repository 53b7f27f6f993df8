#include <string.h>

#include "core/data/internal.h"
#include "core/dialect/sql.h"

Statement *data_add(const DataPlan *p, const StrBuf *text)
{
    Statement *statement = VEC_PUSH(p->arena, p->out);
    *statement = (Statement){ .sql = text->text };
    return statement;
}

StrBuf data_begin(const DataPlan *p)
{
    StrBuf out;
    strbuf_init(&out, p->arena);
    return out;
}

// ---- Rows that are added

static bool is_given(const DataChange *change, size_t i)
{
    return change->row->values[i].kind != DATA_ABSENT && !(change->late && change->late[i]);
}

static bool same_columns(const DataTable *t, const DataChange *a, const DataChange *b)
{
    for (size_t i = 0; i < t->set->columns.count; i++)
        if (is_given(a, i) != is_given(b, i))
            return false;
    return true;
}

static void put_insert_into(const DataPlan *p, StrBuf *out, const DataTable *t, const DataChange *like)
{
    const char *override = NULL;
    bool first = true;
    sql(out, p->dialect, KW("INSERT INTO"), QID(t->set->table->head.schema, t->set->table->head.name));
    strbuf_puts(out, " (");
    for (size_t i = 0; i < t->set->columns.count; i++) {
        if (!is_given(like, i))
            continue;
        strbuf_puts(out, first ? "" : ", ");
        p->dialect->put_identifier(out, data_column_of(t, i)->head.name);
        first = false;
        if (p->dialect->rows->override && !override)
            override = p->dialect->rows->override(data_column_of(t, i));
    }
    strbuf_putc(out, ')');
    if (override)
        strbuf_printf(out, " %s", override);
}

static void put_values(const DataPlan *p, StrBuf *out, const DataTable *t, const DataChange *change)
{
    bool first = true;
    for (size_t i = 0; i < t->set->columns.count; i++) {
        if (!is_given(change, i))
            continue;
        strbuf_puts(out, first ? "" : ", ");
        data_put_value(out, p->diff, t->set, i, &change->row->values[i]);
        first = false;
    }
}

static RowUpsert upsert_of(const DataPlan *p, const DataTable *t, const DataChange *like)
{
    RowUpsert upsert = { .table = t->set->table, .server = p->diff->server };
    for (size_t i = 0; i < t->set->columns.count; i++) {
        const DataColumn *column = &t->set->columns.items[i];
        if (column->is_key)
            *VEC_PUSH(p->arena, &upsert.key) = column->column->head.name;
        else if (t->set->mode != DATA_INSERT && column->rule == DATA_COMPARED && is_given(like, i))
            *VEC_PUSH(p->arena, &upsert.set) = (Column *)(uintptr_t)column->column;
    }
    return upsert;
}

void data_put_update(const DataPlan *p, StrBuf *out, const DataTable *t)
{
    sql(out, p->dialect, KW("UPDATE"), QID(t->set->table->head.schema, t->set->table->head.name), KW("SET"));
    strbuf_putc(out, ' ');
}

// Where the engine has no clause for it: first what is there is changed, then what is not there is inserted.
static void add_apart(const DataPlan *p, const DataTable *t, const DataChange *change)
{
    const RowUpsert upsert = upsert_of(p, t, change);
    StrBuf key = data_begin(p), update = data_begin(p), insert = data_begin(p);
    data_put_key(&key, p->diff, t->set, change->row);
    data_put_update(p, &update, t);
    bool any = false;
    for (size_t i = 0; upsert.set.count && i < t->set->columns.count; i++) {
        const DataColumn *column = &t->set->columns.items[i];
        if (column->is_key || column->rule != DATA_COMPARED || !is_given(change, i))
            continue;
        strbuf_puts(&update, any ? ", " : "");
        p->dialect->put_identifier(&update, column->column->head.name);
        strbuf_puts(&update, " = ");
        data_put_value(&update, p->diff, t->set, i, &change->row->values[i]);
        any = true;
    }
    strbuf_printf(&update, " WHERE %s", key.text);
    if (any)
        data_add(p, &update);
    put_insert_into(p, &insert, t, change);
    strbuf_puts(&insert, "\nSELECT ");
    put_values(p, &insert, t, change);
    strbuf_printf(&insert, "%s WHERE NOT EXISTS (", p->dialect->rows->from_nothing);
    sql(&insert, p->dialect, KW("SELECT 1 FROM"), QID(t->set->table->head.schema, t->set->table->head.name));
    strbuf_printf(&insert, " WHERE %s)", key.text);
    data_add(p, &insert);
}

// A row that is referred to must be there, wherever this runs; NULL would take its place silently.
void data_assert_references(const DataPlan *p, const DataTable *t, const DataChange *change)
{
    for (size_t i = 0; i < t->set->columns.count; i++) {
        const DataValue *value = &change->row->values[i];
        if (value->kind != DATA_REFERENCE || data_is_declared(p->diff, value->reference))
            continue;
        StrBuf query = data_begin(p), row = data_begin(p);
        data_put_reference(&row, p->diff, t->set, value->reference, NULL);
        strbuf_printf(&query, "SELECT 1%s WHERE NOT EXISTS %s", p->dialect->rows->from_nothing, row.text);
        data_add(p, &query)->assertion =
            arena_printf(p->arena, "table %s has no row that row %s of %s refers to",
                         value->reference->table->head.name, change->title, t->set->table->head.name);
    }
}

// Gathers up to ROWS_AT_ONCE new rows into one INSERT as long as they name the same columns. A row that cannot
// be written as an upsert gets statements of its own.
static void add_rows(const DataPlan *p, const DataTable *t)
{
    StrBuf text = data_begin(p);
    size_t rows = 0;
    const DataChange *first = NULL;
    for (size_t i = 0; i <= t->changes.count; i++) {
        const DataChange *change = i < t->changes.count ? &t->changes.items[i] : NULL;
        if (change && change->kind != DATA_ADDS)
            continue;
        bool joins =
            change && first && rows < ROWS_AT_ONCE && !t->refers_to_itself && same_columns(t, first, change);
        if (first && !joins) {
            const RowUpsert upsert = upsert_of(p, t, first);
            (void)p->dialect->rows->put_upsert(&text, &upsert);
            data_add(p, &text);
            first = NULL;
        }
        if (!change)
            break;
        StrBuf ignored = data_begin(p);
        const RowUpsert upsert = upsert_of(p, t, change);
        data_assert_references(p, t, change);
        if (!p->dialect->rows->put_upsert(&ignored, &upsert)) {
            add_apart(p, t, change);
            continue;
        }
        if (!first) {
            text = data_begin(p);
            put_insert_into(p, &text, t, change);
            strbuf_puts(&text, " VALUES\n  (");
            first = change;
            rows = 0;
        } else {
            strbuf_puts(&text, ",\n  (");
        }
        put_values(p, &text, t, change);
        strbuf_putc(&text, ')');
        rows++;
    }
}

// (:rows 'FILE' columns): core/db/row_files.h fills it in.
static void put_slot(const DataPlan *p, StrBuf *out, const DataTable *t, bool key_only)
{
    bool first = true;
    strbuf_puts(out, "(:rows ");
    p->dialect->put_literal(out, t->spool_name);
    VEC_EACH (const DataColumn, column, &t->set->columns) {
        if (key_only && !column->is_key)
            continue;
        strbuf_puts(out, first ? " " : ", ");
        p->dialect->put_identifier(out, column->column->head.name);
        first = false;
    }
    strbuf_putc(out, ')');
}

static DataChange *whole_row(const DataPlan *p, const DataTable *t)
{
    DataChange *change = ARENA_NEW(p->arena, DataChange);
    DataRow *row = ARENA_NEW(p->arena, DataRow);
    row->values = arena_alloc(p->arena, (t->set->columns.count + 1) * sizeof(DataValue));
    for (size_t i = 0; i < t->set->columns.count; i++)
        row->values[i].kind = DATA_TEXT;
    *change = (DataChange){ .kind = DATA_ADDS, .row = row };
    return change;
}

static void add_file(const DataPlan *p, const DataTable *t)
{
    StrBuf text = data_begin(p);
    const DataChange *like = whole_row(p, t);
    const RowUpsert upsert = upsert_of(p, t, like);
    put_insert_into(p, &text, t, like);
    strbuf_puts(&text, " VALUES\n");
    put_slot(p, &text, t, false);
    (void)p->dialect->rows->put_upsert(&text, &upsert);
    data_add(p, &text)->comment = arena_printf(p->arena, "%zu rows of %s", t->spooled, t->set->file->shown);
}

static void delete_file(const DataPlan *p, const DataTable *t)
{
    StrBuf text = data_begin(p);
    bool first = true;
    sql(&text, p->dialect, KW("DELETE FROM"), QID(t->set->table->head.schema, t->set->table->head.name),
        KW("WHERE ("));
    VEC_EACH (const DataColumn, column, &t->set->columns) {
        if (!column->is_key)
            continue;
        strbuf_puts(&text, first ? "" : ", ");
        p->dialect->put_identifier(&text, column->column->head.name);
        first = false;
    }
    strbuf_printf(&text, ") IN (%s", p->dialect->rows->list_of_rows);
    put_slot(p, &text, t, true);
    strbuf_putc(&text, ')');
    data_add(p, &text);
}

static void move_counters(const DataPlan *p, const DataTable *t)
{
    for (size_t i = 0; i < t->set->columns.count; i++) {
        bool given = false;
        StrBuf text = data_begin(p);
        VEC_EACH (const DataChange, change, &t->changes)
            given = given || (change->kind == DATA_ADDS && is_given(change, i));
        given = given || t->spool_name;
        if (given && p->dialect->rows->put_counter &&
            p->dialect->rows->put_counter(&text, t->set->table, data_column_of(t, i)))
            data_add(p, &text);
    }
}

// What closes a cycle, when all rows are there; `back`: opened again, so that they can go.
static void set_late(const DataPlan *p, const DataTable *t, bool back)
{
    VEC_EACH (const DataChange, change, &t->changes)
        for (size_t i = 0; change->row && change->late && i < t->set->columns.count; i++) {
            StrBuf text = data_begin(p);
            if (!change->late[i])
                continue;
            data_put_update(p, &text, t);
            p->dialect->put_identifier(&text, data_column_of(t, i)->head.name);
            strbuf_puts(&text, " = ");
            if (back)
                strbuf_puts(&text, "NULL");
            else
                data_put_value(&text, p->diff, t->set, i, &change->row->values[i]);
            strbuf_puts(&text, " WHERE ");
            data_put_key(&text, p->diff, t->set, change->row);
            data_add(p, &text);
        }
}

// ---- Rows that go

static void put_removed_key(const DataPlan *p, StrBuf *out, const DataTable *t, const DataChange *change)
{
    bool first = true;
    for (size_t k = 0; k < t->kept.count; k++)
        VEC_EACH (const DataColumn, column, &t->set->columns) {
            if (!column->is_key || column->column != t->kept.items[k])
                continue;
            strbuf_puts(out, first ? "" : " AND ");
            p->dialect->put_identifier(out, column->column->head.name);
            strbuf_printf(out, " = %s", data_what_was(p, t, change, k));
            first = false;
        }
}

// `kind`: rows that were added (a way back) or that nobody declares; the last first, for later ones may refer to earlier.
static void delete_rows(const DataPlan *p, const DataTable *t, DataChangeKind kind)
{
    StrBuf text = data_begin(p);
    size_t rows = 0;
    for (size_t i = t->changes.count; i-- > 0;) {
        const DataChange *change = &t->changes.items[i];
        if (change->kind != kind)
            continue;
        if (!rows) {
            text = data_begin(p);
            sql(&text, p->dialect, KW("DELETE FROM"),
                QID(t->set->table->head.schema, t->set->table->head.name), KW("WHERE"));
        }
        strbuf_puts(&text, rows ? "\n  OR (" : " (");
        if (kind == DATA_ADDS)
            data_put_key(&text, p->diff, t->set, change->row);
        else
            put_removed_key(p, &text, t, change);
        strbuf_putc(&text, ')');
        if (++rows < ROWS_AT_ONCE && !t->has_own_key)
            continue;
        data_add(p, &text);
        rows = 0;
    }
    if (rows)
        data_add(p, &text);
}

// Rows that go in a cycle are taken out of it before the first of them goes, and put back into it after the last.
static void open_circles(const DataPlan *p, const DataTable *t, bool close)
{
    VEC_EACH (const DataChange, change, &t->changes)
        for (size_t k = 0; change->kind == DATA_REMOVES && change->late && k < t->kept.count; k++) {
            StrBuf text = data_begin(p);
            if (!change->late[k])
                continue;
            data_put_update(p, &text, t);
            p->dialect->put_identifier(&text, t->kept.items[k]->head.name);
            strbuf_printf(&text, " = %s WHERE ", close ? change->old[k] : "NULL");
            put_removed_key(p, &text, t, change);
            data_add(p, &text);
        }
}

static void remove_rows(const DataPlan *p, const DataTable *t)
{
    size_t first = p->out->count;
    delete_rows(p, t, DATA_REMOVES);
    if (p->out->count > first)
        p->out->items[first].comment = arena_printf(
            p->arena,
            "loses data: %zu row%s of table %s that %s not declared; the downgrade inserts %s again",
            t->removes, t->removes == 1 ? "" : "s", t->set->table->head.name, t->removes == 1 ? "is" : "are",
            t->removes == 1 ? "it" : "them");
}

// What was there as a whole, with every column that it still has.
static void restore_rows(const DataPlan *p, const DataTable *t)
{
    StrBuf text = data_begin(p);
    size_t rows = 0;
    VEC_EACH (const DataChange, change, &t->changes) {
        if (change->kind != DATA_REMOVES)
            continue;
        if (!rows) {
            const char *override = NULL;
            text = data_begin(p);
            sql(&text, p->dialect, KW("INSERT INTO"),
                QID(t->set->table->head.schema, t->set->table->head.name));
            for (size_t k = 0; k < t->kept.count; k++) {
                strbuf_puts(&text, k ? ", " : " (");
                p->dialect->put_identifier(&text, t->kept.items[k]->head.name);
                if (p->dialect->rows->override && !override)
                    override = p->dialect->rows->override(t->kept.items[k]);
            }
            strbuf_printf(&text, ")%s%s VALUES", override ? " " : "", override ? override : "");
        }
        for (size_t k = 0; k < t->kept.count; k++)
            strbuf_printf(&text, "%s%s",
                          k      ? ", "
                          : rows ? ",\n  ("
                                 : "\n  (",
                          change->late && change->late[k] ? "NULL" : data_what_was(p, t, change, k));
        strbuf_putc(&text, ')');
        if (++rows < ROWS_AT_ONCE)
            continue;
        data_add(p, &text);
        rows = 0;
    }
    if (rows)
        data_add(p, &text);
}

static void remove_all(const DataPlan *p)
{
    VEC_EACH (const DataTable, t, &p->diff->tables)
        open_circles(p, t, false);
    for (size_t i = p->diff->tables.count; i-- > 0;)
        remove_rows(p, &p->diff->tables.items[i]);
}

static void restore_all(const DataPlan *p)
{
    VEC_EACH (const DataTable, t, &p->diff->tables)
        restore_rows(p, t);
    VEC_EACH (const DataTable, t, &p->diff->tables)
        open_circles(p, t, true);
}

// ---- The whole

bool data_plan_up(Arena *arena, const Dialect *dialect, const DataDiff *diff, StatementList *out, Error *err)
{
    const DataPlan p = { arena, dialect, diff, out };
    const DataTableList *tables = &diff->tables;
    if (!issues_raise(&diff->problems, err))
        return false;
    VEC_EACH (const DataTable, t, tables)
        if (t->spooled && !t->spool_name) {
            error_set(err, ERR_UNSUPPORTED, "%zu rows of %s: so many are added by a revision alone",
                      t->spooled, t->set->file->shown);
            return error_hint(err, "Write it: cmigrate migrate -m MESSAGE");
        }
    if (diff->removes_first)
        remove_all(&p);
    VEC_EACH (const DataTable, t, tables)
        data_change_rows(&p, t, true);
    VEC_EACH (const DataTable, t, tables) {
        add_rows(&p, t);
        if (t->spool_name)
            add_file(&p, t);
        move_counters(&p, t);
    }
    VEC_EACH (const DataTable, t, tables)
        set_late(&p, t, false);
    VEC_EACH (const DataTable, t, tables)
        data_change_rows(&p, t, false);
    if (!diff->removes_first)
        remove_all(&p);
    return true;
}

// The same from the end to the beginning. A table that the revision makes goes with its rows.
void data_plan_down(Arena *arena, const Dialect *dialect, const DataDiff *diff, StatementList *out)
{
    const DataPlan p = { arena, dialect, diff, out };
    const DataTableList *tables = &diff->tables;
    if (!diff->removes_first)
        restore_all(&p);
    VEC_EACH (const DataTable, t, tables)
        data_change_back(&p, t, false);
    VEC_EACH (const DataTable, t, tables)
        if (t->live)
            set_late(&p, t, true);
    for (size_t i = tables->count; i-- > 0;)
        if (tables->items[i].live) {
            delete_rows(&p, &tables->items[i], DATA_ADDS);
            if (tables->items[i].spool_name)
                delete_file(&p, &tables->items[i]);
        }
    VEC_EACH (const DataTable, t, tables)
        data_change_back(&p, t, true);
    if (diff->removes_first)
        restore_all(&p);
}
