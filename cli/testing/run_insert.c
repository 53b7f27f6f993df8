// Steps that put rows into tables: those of the test, those of a file, and made ones.
#include <string.h>

#include "cli/testing/run.h"
#include "core/base/file.h"
#include "core/base/rowfile.h"
#include "core/rows/rows.h"

enum { ROWS_AT_ONCE = 200 };

static bool is_truth(const TestValue *value)
{
    return value->text && !value->exact &&
           (strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0);
}

static bool is_number(const TestValue *value)
{
    const char *text = value->text;
    return text && !value->exact && *text && strspn(text, "0123456789+-.eE") == strlen(text) &&
           strpbrk(text, "0123456789");
}

static void put_value(StrBuf *out, const Dialect *dialect, const TestValue *value)
{
    if (!value->text)
        strbuf_puts(out, "NULL");
    else if (is_truth(value) || is_number(value))
        strbuf_puts(out, value->text);
    else
        dialect->put_literal(out, value->text);
}

static void put_name(StrBuf *out, const Dialect *dialect, const char *name)
{
    NameList parts = { 0 };
    if (!name_split(out->arena, name, &parts))
        *VEC_PUSH(out->arena, &parts) = name;
    VEC_EACH (const char *, part, &parts) {
        if (part != parts.items)
            strbuf_putc(out, '.');
        dialect->put_identifier(out, *part);
    }
}

static void put_insert(StrBuf *out, const Dialect *dialect, const char *table, const NameList *columns)
{
    strbuf_puts(out, "INSERT INTO ");
    put_name(out, dialect, table);
    strbuf_puts(out, " (");
    VEC_EACH (const char *, column, columns) {
        strbuf_puts(out, column == columns->items ? "" : ", ");
        dialect->put_identifier(out, *column);
    }
    strbuf_puts(out, ") VALUES ");
}

bool step_insert(TestRun *run, const TestStep *step, Error *err)
{
    const Dialect *dialect = run->db->dialect;
    StrBuf sql;
    strbuf_init(&sql, run->arena);
    put_insert(&sql, dialect, step->table, &step->columns);
    strbuf_putc(&sql, '(');
    VEC_EACH (TestValue, value, &step->rows.items[0]) {
        strbuf_puts(&sql, value == step->rows.items[0].items ? "" : ", ");
        put_value(&sql, dialect, value);
    }
    strbuf_putc(&sql, ')');
    return db_exec_in(run->db, SCOPE_SCRIPT, sql.text, err);
}

// ---- rows of a file

const char *step_file(TestRun *run, const TestStep *step)
{
    return path_join(run->arena, path_folder(run->arena, step->at.file), step->file);
}

// A number of a file goes to the engine as a text, which takes it for the type of the column: 0049 may be one of texts.
static void put_row(StrBuf *sql, const Dialect *dialect, const RowField *fields, size_t count)
{
    strbuf_putc(sql, '(');
    for (size_t i = 0; i < count; i++) {
        const TestValue value = { fields[i].text, fields[i].quoted };
        strbuf_puts(sql, i ? ", " : "");
        if (value.text && !is_truth(&value))
            dialect->put_literal(sql, value.text);
        else
            put_value(sql, dialect, &value);
    }
    strbuf_putc(sql, ')');
}

// So many rows in one statement, in memory that is free again after it. *line: where the first of them is.
static bool load_some(TestRun *run, const TestStep *step, RowFile *file, bool *more, unsigned *line,
                      Error *err)
{
    Arena *arena = arena_new();
    const RowField *fields;
    StrBuf sql;
    size_t rows = 0;
    bool ok = true;
    strbuf_init(&sql, arena);
    put_insert(&sql, run->db->dialect, step->table, rowfile_columns(file));
    while (ok && rows < ROWS_AT_ONCE) {
        ok = rowfile_next(file, &fields, more, err);
        if (!ok || !*more)
            break;
        if (!rows)
            *line = rowfile_line(file);
        strbuf_puts(&sql, rows++ ? ", " : "");
        put_row(&sql, run->db->dialect, fields, rowfile_columns(file)->count);
    }
    ok = ok && (!rows || db_exec_in(run->db, SCOPE_SCRIPT, sql.text, err));
    arena_free(arena);
    return ok;
}

bool step_load(TestRun *run, const TestStep *step, Error *err)
{
    const char *path = step_file(run, step);
    bool more = true, ok = true;
    unsigned line = 0;
    RowFile *file = rowfile_open(run->arena, path, path, NULL, err);
    if (!file)
        return false;
    while (ok && more)
        ok = load_some(run, step, file, &more, &line, err);
    rowfile_close(file);
    if (!ok && err->code == ERR_SQL && !err->at.file)
        err->at = (SourcePos){ path, line, 0, 0 };
    return ok;
}

// ---- made rows

typedef struct Wanted {
    TestRun *run;
    const NameList *tables;
    size_t found;
} Wanted;

static bool is_named(const Wanted *wanted, const char *name, const Table *table)
{
    NameList parts = { 0 };
    const char *schema = table->head.schema;
    if (!name_split(wanted->run->arena, name, &parts) || !parts.count || parts.count > 2)
        return false;
    return strcmp(parts.items[parts.count - 1], table->head.name) == 0 &&
           (parts.count == 1 || (schema && strcmp(parts.items[0], schema) == 0));
}

static bool wants(void *payload, const Table *table)
{
    const Wanted *wanted = payload;
    VEC_EACH (const char *, it, wanted->tables)
        if (is_named(wanted, *it, table))
            return true;
    return false;
}

static bool all_are_there(const Wanted *wanted, const Schema *schema, Error *err)
{
    VEC_EACH (const char *, name, wanted->tables) {
        bool found = false;
        VEC_EACH (Table *, it, &schema->tables)
            found |= is_named(wanted, *name, *it);
        if (!found)
            return error_set(err, ERR_STATE, "there is no table %s to fill", *name);
    }
    return true;
}

// A table that could not be filled is no ground to build on: who can do without it names the others.
static bool all_are_filled(TestRun *run, const RowsMadeList *made, Error *err)
{
    size_t empty = 0;
    const RowsMade *first = NULL;
    VEC_EACH (RowsMade, it, made) {
        if (it->made || it->full || it->apart)
            continue;
        first = first ? first : it;
        empty++;
        *VEC_PUSH(run->arena, &run->details) = arena_printf(
            run->arena, "%s: %s", it->table->head.name, it->refused ? it->refused : "no row could be made");
    }
    return !empty || error_set(err, ERR_STATE, "no row could be made for %zu table%s: %s", empty,
                               empty == 1 ? "" : "s", first->table->head.name);
}

bool step_fill(TestRun *run, const TestStep *step, Error *err)
{
    Schema *schema = ARENA_NEW(run->arena, Schema);
    Wanted wanted = { .run = run, .tables = &step->columns };
    RowsMadeList made = { 0 };
    const RowsRequest request = { .schema = schema,
                                  .seed = step->seed ? step->seed : 1,
                                  .count = step->count,
                                  .wants = step->columns.count ? wants : NULL,
                                  .payload = &wanted };
    return run->db->driver->introspect(run->db, run->arena, &run->bench->project->filter, schema, err) &&
           all_are_there(&wanted, schema, err) && rows_make(run->db, run->arena, &request, &made, err) &&
           all_are_filled(run, &made, err);
}
