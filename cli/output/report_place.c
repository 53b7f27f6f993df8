// The source line of an error with what is underlined, and the escaping of what could repaint a terminal.
#include "cli/output/report.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "core/base/file.h"
#include "core/base/hidden.h"

enum { WIDEST_LINE = 120 };

typedef struct Char {
    uint32_t code;
    size_t n;   // bytes
    bool valid; // else one byte of broken UTF-8
} Char;

static Char next_char(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    if (p[0] < 0x80)
        return (Char){ p[0], 1, true };
    size_t length = p[0] >= 0xf0 && p[0] <= 0xf4  ? 4
                    : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
                    : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                                                  : 0;
    if (!length || length > n)
        return (Char){ p[0], 1, false };
    uint32_t code = p[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return (Char){ p[0], 1, false };
        code = code << 6 | (p[i] & 0x3f);
    }
    return (Char){ code, length, true };
}

static size_t char_width(Char c)
{
    if (!c.valid)
        return 4;
    if (code_is_hidden(c.code))
        return c.code < 0x100 ? 4 : 8;
    int width = wcwidth((wchar_t)c.code);
    return width < 0 ? 1 : (size_t)width;
}

static void put_char(StrBuf *out, const char *p, Char c)
{
    if (!c.valid)
        strbuf_printf(out, "\\x%02x", (unsigned char)*p);
    else if (!code_is_hidden(c.code))
        strbuf_put(out, p, c.n);
    else if (c.code < 0x100)
        strbuf_printf(out, "\\x%02x", (unsigned)c.code);
    else
        strbuf_printf(out, "\\u{%04x}", (unsigned)c.code);
}

static size_t plain_length(const char *text, size_t n)
{
    size_t plain = 0;
    while (plain < n && text[plain] >= ' ' && text[plain] < 0x7f)
        plain++;
    return plain;
}

void put_safe(StrBuf *out, const char *text, size_t n, bool lines)
{
    for (size_t i = 0; i < n;) {
        size_t plain = plain_length(text + i, n - i); // nearly all of nearly every text
        strbuf_put(out, text + i, plain);
        i += plain;
        if (i == n)
            break;
        Char c = next_char(text + i, n - i);
        if (lines && (c.code == '\n' || c.code == '\t'))
            strbuf_putc(out, (char)c.code);
        else
            put_char(out, text + i, c);
        i += c.n;
    }
}

const char *safe(Arena *arena, const char *text)
{
    size_t n = strlen(text);
    if (plain_length(text, n) == n)
        return text;
    StrBuf out;
    strbuf_init(&out, arena);
    put_safe(&out, text, n, false);
    return out.text;
}

size_t report_columns(const Report *report)
{
    struct winsize size = { 0 };
    return report->answers_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

size_t text_width(const char *text)
{
    size_t width = 0, n = strlen(text);
    for (size_t i = 0; i < n;) {
        Char c = next_char(text + i, n - i);
        width += char_width(c);
        i += c.n;
    }
    return width;
}

// Line `number` of a file, without its end; p NULL where it cannot be had.
static Text source_line(Arena *arena, const SourcePos *at)
{
    Text all;
    Error ignored = { 0 };
    if (!at->line || !file_read(arena, at->file, 0, &all, &ignored))
        return (Text){ 0 };
    const char *p = all.p, *end = all.p + all.n;
    for (unsigned line = 1; line < at->line; line++) {
        const char *next = memchr(p, '\n', (size_t)(end - p));
        if (!next)
            return (Text){ 0 };
        p = next + 1;
    }
    const char *line_end = memchr(p, '\n', (size_t)(end - p));
    size_t n = (size_t)((line_end ? line_end : end) - p);
    if (n && p[n - 1] == '\r')
        n--;
    return (Text){ p, n };
}

typedef struct Shown {
    StrBuf text;
    size_t indent; // columns before the underlined word
    size_t width;  // of the underlined word
} Shown;

// The part of a line around `at` that fits, tabs as four spaces.
static Shown show_line(Arena *arena, Text line, const SourcePos *at)
{
    Shown shown = { 0 };
    strbuf_init(&shown.text, arena);
    unsigned column = at->column ? at->column : 1;
    unsigned last = column + (at->length ? at->length : 1);
    bool cut_left = column > WIDEST_LINE - 40;
    unsigned first = cut_left ? column - 40 : 1;
    if (cut_left) {
        strbuf_puts(&shown.text, "…");
        shown.indent = 1;
    }
    size_t width = shown.indent;
    unsigned at_column = 1;
    for (size_t i = 0; i < line.n; at_column++) {
        Char c = next_char(line.p + i, line.n - i);
        const char *p = line.p + i;
        i += c.n;
        if (at_column < first)
            continue;
        bool tab = c.code == '\t';
        size_t w = tab ? 4 : char_width(c);
        if (width + w > WIDEST_LINE) {
            strbuf_puts(&shown.text, "…");
            break;
        }
        if (tab)
            strbuf_puts(&shown.text, "    ");
        else
            put_char(&shown.text, p, c);
        width += w;
        if (at_column < column)
            shown.indent += w;
        else if (at_column < last)
            shown.width += w;
    }
    if (at_column < column && !cut_left)
        shown.indent += column - at_column; // after the end of the line
    if (!shown.width)
        shown.width = 1;
    return shown;
}

void put_place(StrBuf *out, const Report *report, const SourcePos *at, const char *label, Style style)
{
    const char *dim = style_on(report, report->err, STYLE_DIM), *off = style_off(report, report->err);
    int digits = 0;
    for (unsigned line = at->line; line; line /= 10)
        digits++;
    if (digits < 2)
        digits = 2;
    strbuf_printf(out, "%*s%s-->%s ", digits, "", dim, off);
    const char *file = path_shown(report->arena, at->file);
    put_safe(out, file, strlen(file), false);
    if (at->line)
        strbuf_printf(out, ":%u", at->line);
    if (at->line && at->column)
        strbuf_printf(out, ":%u", at->column);
    strbuf_putc(out, '\n');
    Text line = source_line(report->arena, at);
    if (!line.p) {
        if (label && *label)
            strbuf_printf(out, "%*s = %s\n", digits, "", safe(report->arena, label));
        return;
    }
    Shown shown = show_line(report->arena, line, at);
    strbuf_printf(out, "%*s %s|%s\n", digits, "", dim, off);
    strbuf_printf(out, "%s%*u |%s %s\n", dim, digits, at->line, off, shown.text.text);
    strbuf_printf(out, "%*s %s|%s ", digits, "", dim, off);
    strbuf_repeat(out, ' ', shown.indent);
    strbuf_puts(out, style_on(report, report->err, style));
    strbuf_repeat(out, '^', shown.width);
    if (label && *label) {
        strbuf_putc(out, ' ');
        put_safe(out, label, strlen(label), false);
    }
    strbuf_printf(out, "%s\n", off);
}
