#include "core/config/environment.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/base.h"
#include "core/base/file.h"
#include "core/base/strbuf.h"
#include "core/base/url.h"

enum { LARGEST = 1024 * 1024 };

const char *variable_value(const VariableList *list, const char *name)
{
    const char *value = getenv(name);
    for (size_t i = list ? list->count : 0; !value && i-- > 0;)
        if (strcmp(list->items[i].name, name) == 0)
            value = list->items[i].value;
    return value;
}

void variables_export(const VariableList *list)
{
    for (size_t i = list->count; i-- > 0;) // the last of a name first: it is the one that counts
        setenv(list->items[i].name, list->items[i].value, 0);
}

const char *fill_text(const Fill *fill, const char *text)
{
    if (!strchr(text, '$'))
        return text;
    StrBuf out;
    strbuf_init(&out, fill->arena);
    for (const char *p = text; *p; p++) {
        if (p[0] != '$' || (p[1] != '{' && p[1] != '$')) {
            strbuf_putc(&out, *p);
            continue;
        }
        if (p[1] == '$') {
            strbuf_putc(&out, *p++);
            continue;
        }
        const char *close = strchr(p, '}');
        if (!close)
            return NULL;
        const char *inside = arena_strndup(fill->arena, p + 2, (size_t)(close - p) - 2),
                   *otherwise = strstr(inside, ":-");
        const char *name =
            otherwise ? arena_strndup(fill->arena, inside, (size_t)(otherwise - inside)) : inside;
        const char *value = fill->look_up(fill->payload, name);
        if ((!value || !value[0]) && otherwise)
            value = otherwise + 2;
        if (!value)
            fill->missing(fill->payload, name);
        strbuf_puts(&out, value ? value : "");
        p = close;
    }
    return out.text;
}

// ---- A file

typedef struct Reader {
    Arena *arena;
    const char *path;
    const char *p; // what is read next; the text ends with a NUL
    unsigned line;
    VariableList *out;
    const char *missing; // a variable that a value names and nobody has; NULL: none
} Reader;

// Without the source line, which may hold a secret.
static bool wrong(const Reader *r, unsigned line, const char *what, Error *err)
{
    error_set(err, ERR_CONFIG, "%s:%u: %s", r->path, line, what);
    return error_hint(err, "Each line of the file is NAME=VALUE, or a comment after #.");
}

static const char *look_up(void *payload, const char *name)
{
    const Reader *r = payload;
    return variable_value(r->out, name);
}

static void note_missing(void *payload, const char *name)
{
    Reader *r = payload;
    r->missing = name;
}

static void skip_blanks(Reader *r)
{
    while (*r->p == ' ' || *r->p == '\t' || *r->p == '\r')
        r->p++;
}

static const char *read_name(Reader *r)
{
    const char *start = r->p;
    if (isalpha((unsigned char)*r->p) || *r->p == '_')
        while (isalnum((unsigned char)*r->p) || *r->p == '_')
            r->p++;
    return r->p > start ? arena_strndup(r->arena, start, (size_t)(r->p - start)) : NULL;
}

// After the opening quote, up to after the closing one. false: there is none.
static bool read_quoted(Reader *r, char quote, StrBuf *out)
{
    for (; *r->p && *r->p != quote; r->p++) {
        r->line += *r->p == '\n';
        if (quote == '\'' || *r->p != '\\' || !r->p[1]) {
            strbuf_putc(out, *r->p);
            continue;
        }
        char c = *++r->p;
        if (c == '$')
            strbuf_puts(out, "$$"); // that it is not filled in
        else if (strchr("nt\"\\", c))
            strbuf_putc(out, c == 'n' ? '\n' : c == 't' ? '\t' : c);
        else
            strbuf_printf(out, "\\%c", c);
    }
    return *r->p && r->p++;
}

// Up to the end of the line, or a comment; blanks at its end are none of it.
static void read_plain(Reader *r, StrBuf *out)
{
    const char *start = r->p, *end;
    while (*r->p && *r->p != '\n' && !(*r->p == '#' && (r->p == start || isspace((unsigned char)r->p[-1]))))
        r->p++;
    for (end = r->p; end > start && isspace((unsigned char)end[-1]);)
        end--;
    strbuf_put(out, start, (size_t)(end - start));
}

// Quotes first, then ${…}: what stands in single quotes is nobody's variable.
static bool read_value(Reader *r, const char **out, Error *err)
{
    unsigned line = r->line;
    const Fill fill = { r->arena, look_up, note_missing, r };
    char quote = *r->p == '"' || *r->p == '\'' ? *r->p : '\0';
    StrBuf text;
    strbuf_init(&text, r->arena);
    if (quote) {
        r->p++;
        if (!read_quoted(r, quote, &text))
            return wrong(r, line, "this quote does not end", err);
    } else {
        read_plain(r, &text);
    }
    r->missing = NULL;
    *out = quote == '\'' ? text.text : fill_text(&fill, text.text);
    if (!*out)
        return wrong(r, line, "'${' has no closing '}'", err);
    if (r->missing)
        return wrong(r, line, arena_printf(r->arena, "the environment has no variable '%s'", r->missing),
                     err);
    skip_blanks(r);
    if (*r->p == '#')
        while (*r->p && *r->p != '\n')
            r->p++;
    return !*r->p || *r->p == '\n' || wrong(r, r->line, "something follows the closing quote", err);
}

static bool read_line(Reader *r, Error *err)
{
    skip_blanks(r);
    if (strncmp(r->p, "export", 6) == 0 && (r->p[6] == ' ' || r->p[6] == '\t')) {
        r->p += 6;
        skip_blanks(r);
    }
    const char *name = read_name(r), *value = NULL;
    skip_blanks(r);
    if (!name || *r->p != '=')
        return wrong(r, r->line, "this is not NAME=VALUE", err);
    r->p++;
    skip_blanks(r);
    if (!read_value(r, &value, err))
        return false;
    *VEC_PUSH(r->arena, r->out) = (Variable){ name, value };
    return true;
}

// Narrower than url_key_is_secret(): a file may have tokens of other programs, which are not for us to judge.
static bool names_password(const char *name)
{
    static const char *const words[] = { "password", "passwd", "pwd" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasestr(name, words[i]))
            return true;
    return false;
}

bool variables_hold_password(Arena *arena, const VariableList *list, size_t from)
{
    for (size_t i = from; i < list->count; i++) {
        const Variable *it = &list->items[i];
        char *blanked = arena_strdup(arena, it->value);
        url_blank_secrets(blanked, true);
        if (strcmp(blanked, it->value) != 0 || (*it->value && names_password(it->name)))
            return true;
    }
    return false;
}

bool env_file_read(Arena *arena, const char *path, VariableList *out, Error *err)
{
    Text text;
    if (!file_read(arena, path, LARGEST, &text, err))
        return false;
    Reader r = { .arena = arena, .path = path, .p = text.p, .line = 1, .out = out };
    if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
        r.p += 3;
    if (memchr(text.p, '\0', text.n))
        return wrong(&r, 1, "a NUL byte: this is not text", err);
    while (*r.p) {
        skip_blanks(&r);
        if (*r.p == '#')
            while (*r.p && *r.p != '\n')
                r.p++;
        else if (*r.p != '\n' && *r.p && !read_line(&r, err))
            return false;
        r.line += *r.p == '\n';
        r.p += *r.p == '\n';
    }
    return true;
}
