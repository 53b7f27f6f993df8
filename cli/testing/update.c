#include "cli/testing/update.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/file.h"
#include "core/base/rowfile.h"

static int by_place(const void *a, const void *b)
{
    size_t x = ((const TestUpdate *)a)->place.start, y = ((const TestUpdate *)b)->place.start;
    return x < y ? -1 : x > y;
}

static bool same_rows(const TestRows *a, const TestRows *b)
{
    Arena *scratch = arena_new();
    StrBuf x, y;
    strbuf_init(&x, scratch);
    strbuf_init(&y, scratch);
    suite_put_rows(&x, a);
    suite_put_rows(&y, b);
    bool same = strcmp(x.text, y.text) == 0;
    arena_free(scratch);
    return same;
}

// One engine may give what the file has, and another something else.
static bool agree(const TestUpdateList *sorted, size_t i)
{
    const TestUpdate *a = &sorted->items[i - 1], *b = &sorted->items[i];
    return a->place.start != b->place.start || (a->kept && b->kept) || same_rows(&a->rows, &b->rows);
}

// A text that YAML would take for something else, or take apart, stands in quotes.
static void put_yaml(StrBuf *out, const TestValue *value)
{
    static const char *const words[] = { "true", "false", "yes", "no", "on", "off", "null", "~" };
    const char *text = value->text;
    if (!text) {
        strbuf_putc(out, '~');
        return;
    }
    bool plain =
        *text &&
        strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_./ -") == strlen(text) &&
        !strchr(" -", *text) && text[strlen(text) - 1] != ' ';
    for (size_t i = 0; i < COUNT_OF(words); i++)
        plain &= strcmp(text, words[i]) != 0;
    if (plain) {
        strbuf_puts(out, text);
        return;
    }
    strbuf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '\n')
            strbuf_puts(out, "\\n");
        else if ((unsigned char)*text < ' ')
            strbuf_printf(out, "\\x%02x", (unsigned char)*text);
        else
            strbuf_printf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    strbuf_putc(out, '"');
}

static void put_yaml_row(StrBuf *out, const TestRow *row)
{
    strbuf_putc(out, '[');
    VEC_EACH (TestValue, value, row) {
        strbuf_puts(out, value == row->items ? "" : ", ");
        put_yaml(out, value);
    }
    strbuf_putc(out, ']');
}

static void put_yaml_rows(StrBuf *out, const TestUpdate *update)
{
    bool block = update->place.indent > 0 && update->rows.count > 0;
    strbuf_puts(out, block ? "" : "[");
    VEC_EACH (TestRow, row, &update->rows) {
        bool first = row == update->rows.items;
        if (block && !first)
            strbuf_repeat(out, ' ', update->place.indent - 1);
        strbuf_puts(out, block ? "- " : first ? "" : ", ");
        put_yaml_row(out, row);
        strbuf_puts(out, block ? "\n" : "");
    }
    strbuf_puts(out, block ? "" : update->place.indent ? "]\n" : "]");
}

static bool refuse(const char *path, Error *err)
{
    error_set(err, ERR_STATE, "%s is left as it is: one step got different rows on two engines or cases",
              path);
    return error_hint(err, "Write a test for each of them (engines: [...]), or a query that gives the same.");
}

// A file of expected rows: its first line, which names the columns, stays.
static bool write_rows(Arena *arena, const TestUpdate *update, Error *err)
{
    StrBuf out;
    size_t n = strlen(update->file);
    if (n < 4 || strcasecmp(update->file + n - 4, ".csv") != 0)
        return error_set(err, ERR_UNSUPPORTED,
                         "%s is left as it is: --update writes files of rows as CSV only", update->file);
    RowFile *file = rowfile_open(arena, update->file, update->file, NULL, err);
    if (!file)
        return false;
    strbuf_init(&out, arena);
    VEC_EACH (const char *, it, rowfile_columns(file)) {
        strbuf_puts(&out, it == rowfile_columns(file)->items ? "" : ",");
        rowfile_put_csv(&out, *it);
    }
    strbuf_putc(&out, '\n');
    rowfile_close(file);
    VEC_EACH (TestRow, row, &update->rows) {
        VEC_EACH (TestValue, value, row) {
            strbuf_puts(&out, value == row->items ? "" : ",");
            rowfile_put_csv(&out, value->text);
        }
        strbuf_putc(&out, '\n');
    }
    return file_write(update->file, (Text){ out.text, out.length }, false, err);
}

bool update_write_files(Arena *arena, const TestUpdateList *updates, NameList *written, Error *err)
{
    for (size_t i = 0; i < updates->count; i++) {
        const TestUpdate *it = &updates->items[i];
        if (!it->file || it->kept || names_have(written, it->file))
            continue;
        for (size_t k = 0; k < updates->count; k++) {
            const TestUpdate *other = &updates->items[k];
            if (other->file && strcmp(other->file, it->file) == 0 && !same_rows(&other->rows, &it->rows))
                return refuse(it->file, err);
        }
        if (!write_rows(arena, it, err))
            return false;
        *VEC_PUSH(arena, written) = it->file;
    }
    return true;
}

bool update_write(Arena *arena, const char *path, Text text, const TestUpdateList *updates, Error *err)
{
    StrBuf out;
    size_t at = 0, n = strlen(path);
    bool sql = n > 4 && strcmp(path + n - 4, ".sql") == 0;
    TestUpdateList sorted = { 0 };
    strbuf_init(&out, arena);
    VEC_EACH (TestUpdate, it, updates)
        if (!it->file)
            *VEC_PUSH(arena, &sorted) = *it;
    qsort(sorted.items, sorted.count, sizeof(TestUpdate), by_place);
    for (size_t i = 0; i < sorted.count; i++) {
        const TestUpdate *it = &sorted.items[i];
        if (i && !agree(&sorted, i))
            return refuse(path, err);
        if (it->kept || (i && it->place.start == sorted.items[i - 1].place.start))
            continue;
        strbuf_put(&out, text.p + at, it->place.start - at);
        if (sql && it->place.start == it->place.end)
            strbuf_putc(&out, ' ');
        if (sql)
            suite_put_rows(&out, &it->rows);
        else
            put_yaml_rows(&out, it);
        at = it->place.end;
    }
    strbuf_put(&out, text.p + at, text.n - at);
    return file_write(path, (Text){ out.text, out.length }, false, err);
}
