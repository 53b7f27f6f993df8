#include "cli/output/report.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/json.h"
#include "core/base/url.h"

void report_start(Report *report, Arena *arena, const char *color)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    bool plain = (no_color && *no_color) || (term && strcmp(term, "dumb") == 0);
    bool always = color && strcmp(color, "always") == 0;
    bool never = color && strcmp(color, "never") == 0;
    bool out_terminal = isatty(STDOUT_FILENO), err_terminal = isatty(STDERR_FILENO);
    static char answer[64 * 1024];
    if (!out_terminal) // thousands of lines through a pipe, a page at a time, wake the reader as often
        (void)setvbuf(stdout, answer, _IOFBF, sizeof(answer));
    *report = (Report){
        .arena = arena,
        .out = stdout,
        .err = stderr,
        .color_out = always || (!never && !plain && out_terminal),
        .color_err = always || (!never && !plain && err_terminal),
        .terminal = err_terminal,
        .answers_terminal = out_terminal,
        .interactive = err_terminal && isatty(STDIN_FILENO),
    };
    strbuf_init(&report->line, arena);
}

const char *path_shown(Arena *arena, const char *path)
{
    char here[PATH_MAX];
    if (path[0] == '/' && getcwd(here, sizeof(here))) {
        size_t n = strlen(here);
        if (strncmp(path, here, n) == 0 && path[n] == '/' && path[n + 1])
            path += n + 1;
    }
    while (path[0] == '.' && path[1] == '/' && path[2])
        path += 2;
    return arena_strdup(arena, path);
}

static const char *const style_codes[] = {
    [STYLE_PLAIN] = "",         [STYLE_ERROR] = "\033[1;31m", [STYLE_WARNING] = "\033[1;33m",
    [STYLE_STRONG] = "\033[1m", [STYLE_DIM] = "\033[36m",     [STYLE_ADD] = "\033[32m",
    [STYLE_DROP] = "\033[31m",  [STYLE_CHANGE] = "\033[33m",
};

static bool is_colored(const Report *report, const FILE *stream)
{
    return stream == report->out ? report->color_out : report->color_err;
}

const char *style_on(const Report *report, FILE *stream, Style style)
{
    return is_colored(report, stream) ? style_codes[style] : "";
}

const char *style_off(const Report *report, FILE *stream)
{
    return is_colored(report, stream) ? "\033[0m" : "";
}

// The last look at what goes to standard error: whoever repeated a URL there, its password is not shown.
static void put_err(Report *report, char *text)
{
    url_blank_secrets(text, false);
    fflush(report->out);
    fputs(text, report->err);
    fflush(report->err);
}

void report_raw(Report *report, const char *bytes, size_t n)
{
    report->answered = true;
    if (!report->answers_terminal) {
        fwrite(bytes, 1, n, report->out);
        return;
    }
    strbuf_clear(&report->line);
    put_safe(&report->line, bytes, n, true);
    fwrite(report->line.text, 1, report->line.length, report->out);
}

#define FORMATTED(name, fmt)                                                                                 \
    char *name = NULL;                                                                                       \
    va_list args;                                                                                            \
    va_start(args, fmt);                                                                                     \
    if (vasprintf(&name, fmt, args) < 0)                                                                     \
        name = NULL;                                                                                         \
    va_end(args);

// Colours that the caller put in stay; everything else is made safe.
static void put_line(FILE *stream, Report *report, char *text)
{
    StrBuf *line = &report->line;
    strbuf_clear(line);
    url_blank_secrets(text, false);
    for (const char *p = text; *p;) {
        const char *escape = strchr(p, '\033');
        size_t n = escape ? (size_t)(escape - p) : strlen(p);
        put_safe(line, p, n, true);
        p += n;
        if (!escape)
            break;
        size_t code = 2 + strspn(p + 1, "[0123456789;");
        bool ours = p[1] == '[' && p[code - 1] == 'm' && code <= 8;
        if (ours)
            strbuf_put(line, p, code);
        else
            strbuf_puts(line, "\\x1b");
        p += ours ? code : 1;
    }
    strbuf_putc(line, '\n');
    fputs(line->text, stream);
}

void report_line(Report *report, const char *fmt, ...)
{
    if (report->json)
        return;
    FORMATTED(text, fmt)
    if (!text)
        return;
    put_line(report->out, report, text);
    report->answered = true;
    free(text);
}

void report_words(Report *report, StrBuf *words)
{
    if (report->json)
        return;
    StrBuf *line = &report->line;
    strbuf_clear(line);
    url_blank_secrets(words->text, false);
    put_safe(line, words->text, words->length, false);
    strbuf_putc(line, '\n');
    fwrite(line->text, 1, line->length, report->out);
    report->answered = true;
    strbuf_clear(words);
}

void report_note(Report *report, const char *fmt, ...)
{
    if (report->quiet)
        return;
    FORMATTED(text, fmt)
    if (!text)
        return;
    fflush(report->out);
    put_line(report->err, report, text);
    fflush(report->err);
    free(text);
}

// "    = hint: first line" with the others indented below it.
static void put_lines(StrBuf *out, const Report *report, size_t indent, const char *mark, const char *text)
{
    const char *end = text + strlen(text);
    while (end > text && end[-1] == '\n')
        end--;
    bool first = true;
    for (const char *p = text; p < end;) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((line_end ? line_end : end) - p);
        strbuf_repeat(out, ' ', indent);
        if (first)
            strbuf_printf(out, "%s= %s%s", style_on(report, report->err, STYLE_DIM), mark,
                          style_off(report, report->err));
        else
            strbuf_repeat(out, ' ', 2 + strlen(mark));
        put_safe(out, p, n, false);
        strbuf_putc(out, '\n');
        first = false;
        p += n + (line_end ? 1 : 0);
    }
}

void report_warning(Report *report, const char *fmt, ...)
{
    FORMATTED(text, fmt)
    if (!text)
        return;
    WarningList one = { 0 };
    *VEC_PUSH(report->arena, &one) = (Warning){ .text = text };
    report_warnings(report, &one);
    free(text);
}

void report_warnings(Report *report, const WarningList *warnings)
{
    if (report->quiet)
        return;
    VEC_EACH (Warning, warning, warnings) {
        StrBuf out;
        strbuf_init(&out, report->arena);
        strbuf_printf(&out, "%swarning:%s ", style_on(report, report->err, STYLE_WARNING),
                      style_off(report, report->err));
        put_safe(&out, warning->text, strlen(warning->text), true);
        strbuf_putc(&out, '\n');
        if (warning->at.file)
            put_place(&out, report, &warning->at, NULL, STYLE_WARNING);
        const Warning *next = warning + 1;
        if (warning->hint && (next == warnings->items + warnings->count || next->hint != warning->hint))
            put_lines(&out, report, 2, "hint: ", warning->hint);
        put_err(report, out.text);
        report->warnings++;
    }
}

static void put_native(StrBuf *out, const char *native)
{
    if (!native[0])
        return;
    bool state = strlen(native) == 5;
    for (const char *c = native; *c; c++)
        if (!((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z')))
            state = false;
    strbuf_puts(out, state ? " (SQLSTATE " : " (code ");
    put_safe(out, native, strlen(native), false);
    strbuf_putc(out, ')');
}

// One error in its form: message, code, place with its line, related place, detail, hint. All text from
// outside is escaped.
static void put_error(StrBuf *out, const Report *report, const Error *err)
{
    strbuf_printf(out, "%serror:%s ", style_on(report, report->err, STYLE_ERROR),
                  style_off(report, report->err));
    put_safe(out, err->message, strlen(err->message), true);
    put_native(out, err->native);
    strbuf_putc(out, '\n');
    if (err->at.file)
        put_place(out, report, &err->at, err->label, STYLE_ERROR);
    size_t indent = 2;
    if (err->at.file) {
        indent = 1;
        for (unsigned line = err->at.line; line; line /= 10)
            indent++;
        if (indent < 3)
            indent = 3;
    }
    if (err->also.file) {
        StrBuf place;
        strbuf_init(&place, report->arena);
        strbuf_puts(&place, path_shown(report->arena, err->also.file));
        if (err->also.line)
            strbuf_printf(&place, ":%u:%u", err->also.line, err->also.column);
        strbuf_printf(&place, " %s", err->also_label);
        put_lines(out, report, indent, "also ", place.text);
    }
    if (err->detail[0])
        put_lines(out, report, indent, "", err->detail);
    if (err->hint[0])
        put_lines(out, report, indent, "hint: ", err->hint);
}

enum { MOST_PROBLEMS = 100 }; // shown; each reads its line from the file
typedef VEC(const Error *) ErrorList;

// The problems of one reading in the order of the file, not in the order in which they were looked for.
static ErrorList in_order(Arena *arena, const Error *err)
{
    ErrorList list = { 0 };
    for (const Error *e = err; e; e = e->next) {
        size_t at = list.count;
        (void)VEC_PUSH(arena, &list);
        for (; at > 0; at--) {
            const SourcePos *before = &list.items[at - 1]->at;
            bool same_file = before->file && e->at.file && strcmp(before->file, e->at.file) == 0;
            bool later =
                before->line > e->at.line || (before->line == e->at.line && before->column > e->at.column);
            if (!same_file || !later)
                break;
            list.items[at] = list.items[at - 1];
        }
        list.items[at] = e;
    }
    return list;
}

void report_error(Report *report, const Error *err)
{
    StrBuf out;
    strbuf_init(&out, report->arena);
    const ErrorList list = in_order(report->arena, err);
    size_t shown = list.count < MOST_PROBLEMS ? list.count : MOST_PROBLEMS;
    for (size_t i = 0; i < shown; i++) {
        if (i)
            strbuf_putc(&out, '\n');
        put_error(&out, report, list.items[i]);
    }
    if (shown < list.count)
        strbuf_printf(&out, "\n%zu problems, of which the first %zu are shown\n", list.count, shown);
    else if (shown > 1)
        strbuf_printf(&out, "\n%zu problems\n", shown);
    put_err(report, out.text);
}

static void json_place(Json *json, const char *key, const SourcePos *at)
{
    json_key(json, key);
    if (!at->file) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    json_put_text(json, "file", path_shown(json->out.arena, at->file));
    json_put_int(json, "line", at->line);
    json_put_int(json, "column", at->column);
    json_close(json, '}');
}

static void json_secretless(Json *json, const char *key, const char *text)
{
    char *shown = text[0] ? arena_strdup(json->out.arena, text) : NULL;
    if (shown)
        url_blank_secrets(shown, false);
    json_put_text(json, key, shown);
}

static const char *code_word(ErrorCode code)
{
    static const char *const words[ERR_COUNT] = {
        [ERR_NONE] = "none",
        [ERR_USAGE] = "usage",
        [ERR_CONFIG] = "config",
        [ERR_SCHEMA] = "schema",
        [ERR_SCRIPT] = "script",
        [ERR_UNSUPPORTED] = "unsupported",
        [ERR_IO] = "io",
        [ERR_STATE] = "state",
        [ERR_CONNECT] = "connect",
        [ERR_SQL] = "sql",
        [ERR_REVISION] = "revision",
        [ERR_LOCKED] = "locked",
        [ERR_INTERRUPTED] = "interrupted",
        [ERR_BUG] = "bug",
    };
    return words[code];
}

void report_error_json(Report *report, const Error *err)
{
    if (report->answered)
        return;
    Json json;
    json_start(&json, report->arena);
    json_open(&json, '{');
    json_key(&json, "errors");
    json_open(&json, '[');
    const ErrorList list = in_order(report->arena, err);
    VEC_EACH (const Error *, it, &list) {
        const Error *e = *it;
        json_open(&json, '{');
        json_put_text(&json, "code", code_word(e->code));
        json_secretless(&json, "message", e->message);
        json_secretless(&json, "label", e->label);
        json_secretless(&json, "native", e->native);
        json_secretless(&json, "detail", e->detail);
        json_secretless(&json, "hint", e->hint);
        json_place(&json, "at", &e->at);
        json_place(&json, "also", &e->also);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_put_int(&json, "exit_status", error_exit_status(err->code));
    json_close(&json, '}');
    strbuf_putc(&json.out, '\n');
    report_raw(report, json.out.text, json.out.length);
}
