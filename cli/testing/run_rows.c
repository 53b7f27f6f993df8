// Steps about rows: what a query gives, and whether tables are as they were.
#include <stdlib.h>
#include <string.h>

#include "cli/testing/run.h"
#include "core/base/rowfile.h"

enum { MOST_ROWS = 100000, MOST_SHOWN = 10 };

// ---- what a query gives

typedef struct Got {
    Arena *arena;
    TestRows rows;
} Got;

static bool keep_row(void *payload, const Row *row, Error *err)
{
    Got *got = payload;
    if (got->rows.count == MOST_ROWS)
        return error_set(err, ERR_STATE, "the query gives more than %d rows", MOST_ROWS);
    TestRow *out = VEC_PUSH(got->arena, &got->rows);
    for (size_t i = 0; i < row->count; i++) {
        const char *value = row->values[i];
        size_t n = !value ? 0 : row->lengths ? row->lengths[i] : strlen(value);
        *VEC_PUSH(got->arena, out) = (TestValue){ value ? arena_strndup(got->arena, value, n) : NULL, false };
    }
    return true;
}

static bool is_number(const char *text, double *out)
{
    char *end;
    if (!*text || strspn(text, "0123456789+-.eE") != strlen(text))
        return false;
    *out = strtod(text, &end);
    return !*end;
}

static bool truth_of(const char *text, bool *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {
        {"true",   true },
        { "t",     true },
        { "1",     true },
        { "false", false},
        { "f",     false},
        { "0",     false}
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(text, words[i].word) == 0) {
            *out = words[i].value;
            return true;
        }
    return false;
}

// What was written without quotes is a number or a truth where it looks like one: engines print these in their own ways.
static bool same_value(const TestValue *want, const TestValue *got)
{
    double a, b;
    bool x, y;
    if (!want->text || !got->text)
        return want->text == got->text;
    if (strcmp(want->text, got->text) == 0)
        return true;
    if (want->exact)
        return false;
    if (is_number(want->text, &a) && is_number(got->text, &b))
        return a <= b && a >= b;
    bool word = strcmp(want->text, "true") == 0 || strcmp(want->text, "false") == 0;
    return word && truth_of(want->text, &x) && truth_of(got->text, &y) && x == y;
}

static bool same_row(const TestRow *want, const TestRow *got)
{
    if (want->count != got->count)
        return false;
    for (size_t i = 0; i < want->count; i++)
        if (!same_value(&want->items[i], &got->items[i]))
            return false;
    return true;
}

static const char *row_text(Arena *arena, char mark, const TestRow *row)
{
    StrBuf out;
    TestRows one = { 0 };
    strbuf_init(&out, arena);
    strbuf_printf(&out, "%c ", mark);
    *VEC_PUSH(arena, &one) = *row;
    suite_put_rows(&out, &one);
    return out.text;
}

// Line by line: what was expected and did not come, and what came in its place.
static bool tell_difference(TestRun *run, const TestRows *want, const TestRows *got, Error *err)
{
    size_t most = want->count > got->count ? want->count : got->count, shown = 0, differ = 0;
    for (size_t i = 0; i < most; i++) {
        const TestRow *a = i < want->count ? &want->items[i] : NULL,
                      *b = i < got->count ? &got->items[i] : NULL;
        if (a && b && same_row(a, b))
            continue;
        differ++;
        if (shown++ >= MOST_SHOWN)
            continue;
        if (a)
            *VEC_PUSH(run->arena, &run->details) = row_text(run->arena, '-', a);
        if (b)
            *VEC_PUSH(run->arena, &run->details) = row_text(run->arena, '+', b);
    }
    if (!differ)
        return true;
    if (differ > MOST_SHOWN)
        *VEC_PUSH(run->arena, &run->details) =
            arena_printf(run->arena, "and %zu rows more", differ - MOST_SHOWN);
    return error_set(err, ERR_STATE, "other rows came than were expected (%zu, not %zu)", got->count,
                     want->count);
}

static void put_table(StrBuf *out, const Dialect *dialect, const char *schema, const char *name)
{
    if (schema) {
        dialect->put_identifier(out, schema);
        strbuf_putc(out, '.');
    }
    dialect->put_identifier(out, name);
}

static const char *quoted_table(TestRun *run, const char *table)
{
    StrBuf out;
    NameList parts = { 0 };
    strbuf_init(&out, run->arena);
    bool split = name_split(run->arena, table, &parts) && parts.count <= 2;
    put_table(&out, run->db->dialect, split && parts.count == 2 ? parts.items[0] : NULL,
              split ? parts.items[parts.count - 1] : table);
    return out.text;
}

// The rows that are expected, and of a file the names of its columns.
static bool read_expected(TestRun *run, const TestStep *step, NameList *columns, TestRows *out, Error *err)
{
    const RowField *fields;
    bool more = true, ok = true;
    const char *path = step_file(run, step);
    RowFile *file = rowfile_open(run->arena, path, path, NULL, err);
    if (!file)
        return false;
    *columns = *rowfile_columns(file);
    while (ok && more) {
        ok = rowfile_next(file, &fields, &more, err);
        if (!ok || !more)
            break;
        TestRow *row = VEC_PUSH(run->arena, out);
        for (size_t i = 0; i < columns->count; i++)
            *VEC_PUSH(run->arena, row) =
                (TestValue){ arena_strdup(run->arena, fields[i].text), fields[i].quoted };
        if (out->count > MOST_ROWS)
            ok = error_set(err, ERR_STATE, "%s has more than %d rows", path, MOST_ROWS);
    }
    rowfile_close(file);
    return ok;
}

// Of a table the columns that the file names, else all.
static const char *query_of(TestRun *run, const TestStep *step, const NameList *columns)
{
    StrBuf out;
    if (step->sql)
        return step->sql;
    strbuf_init(&out, run->arena);
    strbuf_puts(&out, "SELECT ");
    VEC_EACH (const char *, it, columns) {
        strbuf_puts(&out, it == columns->items ? "" : ", ");
        run->db->dialect->put_identifier(&out, *it);
    }
    strbuf_printf(&out, "%s FROM %s", columns->count ? "" : "*", quoted_table(run, step->table));
    return out.text;
}

bool step_rows(TestRun *run, const TestStep *step, Error *err)
{
    Got got = { .arena = run->arena };
    NameList columns = { 0 };
    TestRows want = step->rows;
    const TestBench *bench = run->bench;
    if (step->file && !read_expected(run, step, &columns, &want, err))
        return false;
    if (!db_query_in(run->db, SCOPE_SCRIPT, query_of(run, step, &columns), keep_row, &got, err))
        return false;
    bool same = tell_difference(run, &want, &got.rows, err);
    if (!bench->update)
        return same;
    run->details.count = 0;
    *VEC_PUSH(bench->session->arena, bench->updates) =
        (TestUpdate){ step->written, step->file ? step_file(run, step) : NULL, got.rows, same };
    return true;
}

// ---- tables as they were

typedef struct Sum {
    size_t rows;
    uint64_t sum;
} Sum;

static void mix(uint64_t *hash, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *hash = (*hash ^ (unsigned char)bytes[i]) * 1099511628211u; // FNV-1a
}

// Rows come in any order, and some may be equal: so their hashes are added up.
static bool add_row(void *payload, const Row *row, Error *err)
{
    (void)err;
    Sum *sum = payload;
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < row->count; i++) {
        const char *value = row->values[i];
        size_t n = !value ? 0 : row->lengths ? row->lengths[i] : strlen(value);
        mix(&hash, value ? "v" : "n", 1);
        mix(&hash, (const char *)&n, sizeof(n));
        mix(&hash, value ? value : "", n);
    }
    sum->sum += hash ^ (hash >> 29);
    sum->rows++;
    return true;
}

static bool sum_up(TestRun *run, const char *table, Sum *out, Error *err)
{
    *out = (Sum){ 0 };
    return db_query_in(run->db, SCOPE_SCRIPT, arena_printf(run->arena, "SELECT * FROM %s", table), add_row,
                       out, err);
}

// The table that is named, or all that the database has.
static bool list_tables(TestRun *run, const char *named, NameList *out, Error *err)
{
    Schema *schema = ARENA_NEW(run->arena, Schema);
    if (named) {
        *VEC_PUSH(run->arena, out) = quoted_table(run, named);
        return true;
    }
    if (!run->db->driver->introspect(run->db, run->arena, &run->bench->project->filter, schema, err))
        return false;
    VEC_EACH (Table *, table, &schema->tables) {
        StrBuf name;
        strbuf_init(&name, run->arena);
        put_table(&name, run->db->dialect, (*table)->head.schema, (*table)->head.name);
        *VEC_PUSH(run->arena, out) = name.text;
    }
    return true;
}

bool step_mark(TestRun *run, const TestStep *step, Error *err)
{
    NameList tables = { 0 };
    if (!list_tables(run, step->table, &tables, err))
        return false;
    VEC_EACH (const char *, table, &tables) {
        Sum sum;
        if (!sum_up(run, *table, &sum, err))
            return false;
        *VEC_PUSH(run->arena, &run->marks) = (TableMark){ step->with, *table, sum.rows, sum.sum };
    }
    return true;
}

// The newest of its name counts.
static const TableMark *mark_of(const TestRun *run, const char *mark, const char *table)
{
    for (size_t i = run->marks.count; i-- > 0;)
        if (strcmp(run->marks.items[i].mark, mark) == 0 && strcmp(run->marks.items[i].table, table) == 0)
            return &run->marks.items[i];
    return NULL;
}

static bool same_table(TestRun *run, const TestStep *step, const char *table, Error *err)
{
    const TableMark *mark = mark_of(run, step->with, table);
    Sum now;
    if (!mark)
        return error_set(err, ERR_STATE, "the table %s has no mark '%s'", table, step->with);
    if (!sum_up(run, table, &now, err))
        return false;
    if (now.rows != mark->rows)
        return error_set(err, ERR_STATE, "the table %s has %zu rows, and had %zu at the mark '%s'", table,
                         now.rows, mark->rows, step->with);
    return now.sum == mark->sum ||
           error_set(err, ERR_STATE, "rows of the table %s are not as they were at the mark '%s'", table,
                     step->with);
}

bool step_same(TestRun *run, const TestStep *step, Error *err)
{
    NameList tables = { 0 };
    bool found = false;
    if (step->table)
        return same_table(run, step, quoted_table(run, step->table), err);
    VEC_EACH (TableMark, mark, &run->marks)
        if (strcmp(mark->mark, step->with) == 0 && !names_have(&tables, mark->table)) {
            *VEC_PUSH(run->arena, &tables) = mark->table;
            found = true;
        }
    if (!found)
        return error_set(err, ERR_STATE, "there is no mark '%s'", step->with);
    VEC_EACH (const char *, table, &tables)
        if (!same_table(run, step, *table, err))
            return false;
    return true;
}
