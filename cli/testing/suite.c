#include "cli/testing/suite.h"

#include <string.h>
#include <strings.h>

#include "core/base/file.h"

const char *suite_engine(const char *word)
{
    const Dialect *dialect = dialect_by_scheme(word);
    return dialect ? dialect->name : NULL;
}

bool suite_read(Arena *arena, const char *path, const Dialect *dialect, TestSuite *out, Text *text,
                Error *err)
{
    Text whole;
    size_t n = strlen(path);
    if (!file_read(arena, path, 0, &whole, err))
        return false;
    if (text)
        *text = whole;
    return n > 4 && strcasecmp(path + n - 4, ".sql") == 0
               ? suite_read_sql(arena, path, whole, dialect, out, err)
               : suite_read_yaml(arena, path, whole, out, err);
}

void suite_expand(Arena *arena, TestSuite *suite, const TestCases *cases)
{
    ProjectTest *last = &suite->items[suite->count - 1];
    last->title = last->name;
    if (!cases->count)
        return;
    const ProjectTest test = *last;
    suite->count--;
    VEC_EACH (NameList, variables, cases) {
        StrBuf name;
        strbuf_init(&name, arena);
        strbuf_printf(&name, "%s (", test.name);
        VEC_EACH (const char *, it, variables)
            strbuf_printf(&name, "%s%s", it == variables->items ? "" : ", ", *it);
        strbuf_putc(&name, ')');
        ProjectTest *one = VEC_PUSH(arena, suite);
        *one = test;
        one->name = name.text;
        one->variables = *variables;
    }
}

// ---- rows on one line

// In quotes only where it would be read as something else: so an updated file stays readable.
static void put_value(StrBuf *out, const TestValue *value)
{
    const char *text = value->text;
    if (!text)
        return;
    if (*text && !strpbrk(text, ",|\"\n\r") && *text != ' ' && text[strlen(text) - 1] != ' ') {
        strbuf_puts(out, text);
        return;
    }
    strbuf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            strbuf_putc(out, '\\');
        if (*text == '\n')
            strbuf_puts(out, "\\n");
        else if (*text == '\r')
            strbuf_puts(out, "\\r");
        else
            strbuf_putc(out, *text);
    }
    strbuf_putc(out, '"');
}

void suite_put_rows(StrBuf *out, const TestRows *rows)
{
    VEC_EACH (TestRow, row, rows) {
        if (row != rows->items)
            strbuf_puts(out, " | ");
        VEC_EACH (TestValue, value, row) {
            if (value != row->items)
                strbuf_putc(out, ',');
            put_value(out, value);
        }
        if (row->count == 1 && !row->items[0].text)
            strbuf_puts(out, "NULL");
    }
}

typedef struct Cursor {
    const char *p, *end;
} Cursor;

static void skip_blanks(Cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
        c->p++;
}

// Up to a comma, a bar or the end. False: a quote that does not end, or something behind it.
static bool take_value(Arena *arena, Cursor *c, TestValue *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    skip_blanks(c);
    bool quoted = c->p < c->end && *c->p == '"';
    if (quoted) {
        for (c->p++; c->p < c->end && *c->p != '"'; c->p++) {
            bool escaped = *c->p == '\\' && c->p + 1 < c->end;
            c->p += escaped;
            strbuf_putc(&text, !escaped ? *c->p : *c->p == 'n' ? '\n' : *c->p == 'r' ? '\r' : *c->p);
        }
        if (c->p++ >= c->end)
            return false;
        skip_blanks(c);
    } else {
        while (c->p < c->end && *c->p != ',' && *c->p != '|')
            strbuf_putc(&text, *c->p++);
        while (text.length && text.text[text.length - 1] == ' ')
            text.text[--text.length] = '\0';
    }
    bool null = !quoted && (!text.length || strcmp(text.text, "NULL") == 0);
    *out = (TestValue){ null ? NULL : text.text, quoted };
    return c->p >= c->end || *c->p == ',' || *c->p == '|';
}

bool suite_parse_rows(Arena *arena, Text text, TestRows *out)
{
    Cursor c = { text.p, text.p + text.n };
    TestRow *row = text.n ? VEC_PUSH(arena, out) : NULL;
    while (row) {
        if (!take_value(arena, &c, VEC_PUSH(arena, row)))
            return false;
        if (c.p >= c.end)
            return true;
        if (*c.p++ == '|')
            row = VEC_PUSH(arena, out);
    }
    return true;
}
