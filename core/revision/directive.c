#include "core/revision/directive.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/calendar.h"
#include "core/base/hidden.h"

enum { LONGEST_NAME = 128 }; // the width of version_num

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

Text text_trim(Text text)
{
    while (text.n && (is_blank(text.p[0]) || text.p[0] == '\n'))
        text = (Text){ text.p + 1, text.n - 1 };
    while (text.n && (is_blank(text.p[text.n - 1]) || text.p[text.n - 1] == '\n'))
        text.n--;
    return text;
}

bool text_is(Text text, const char *word)
{
    return strlen(word) == text.n && memcmp(text.p, word, text.n) == 0;
}

unsigned text_characters(Text text)
{
    const char *p = text.p, *end = p + text.n;
    unsigned following = 0; // bytes that go on with a character, eight at a time
    for (; end - p >= 8; p += 8) {
        uint64_t eight;
        memcpy(&eight, p, sizeof(eight));
        uint64_t ones = 0x0101010101010101u;
        following += (unsigned)((eight >> 7 & ~eight >> 6 & ones) * ones >> 56);
    }
    for (; p < end; p++)
        following += ((unsigned char)*p & 0xc0) == 0x80;
    return (unsigned)text.n - following;
}

unsigned text_column(const char *line, const char *p)
{
    return 1 + text_characters((Text){ line, (size_t)(p - line) });
}

SourcePos text_place(SourcePos at, Text text, size_t offset, unsigned length)
{
    for (size_t i = 0; i < offset && i < text.n; i++) {
        if (text.p[i] == '\n') {
            at.line++;
            at.column = 1;
        } else if (((unsigned char)text.p[i] & 0xc0) != 0x80) {
            at.column++;
        }
    }
    at.length = length;
    return at;
}

bool directive_parse(Text line, Directive *out)
{
    static const char name[] = "cmigrate:";
    line = text_trim(line);
    if (line.n < 2 || line.p[0] != '-' || line.p[1] != '-')
        return false;
    line = text_trim((Text){ line.p + 2, line.n - 2 });
    if (line.n < sizeof(name) - 1 || strncasecmp(line.p, name, sizeof(name) - 1) != 0)
        return false;
    line = text_trim((Text){ line.p + sizeof(name) - 1, line.n - sizeof(name) + 1 });
    size_t n = 0;
    while (n < line.n && !is_blank(line.p[n]))
        n++;
    *out = (Directive){
        {line.p,      n         },
        text_trim((Text){ line.p + n, line.n - n}
        )
    };
    return true;
}

bool directive_possible(Text text)
{
    static const char name[] = "cmigrate";
    enum { LONG = sizeof(name) - 1 };
    const char *p = text.p, *end = text.p + text.n;
    for (; p < end && (p = memchr(p, ':', (size_t)(end - p))); p++)
        if (p - text.p >= LONG && strncasecmp(p - LONG, name, LONG) == 0)
            return true;
    return false;
}

// The length of the UTF-8 sequence at p, 0 where it is none. Overlong forms and surrogates are none.
static size_t utf8_length(const unsigned char *p)
{
    if (p[0] < 0x80)
        return 1;
    size_t n = p[0] >= 0xf0 && p[0] < 0xf5   ? 4
               : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
               : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                                             : 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
        (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

void put_line_text(StrBuf *out, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t total = strlen(text);
    for (size_t i = 0; i < total;) {
        size_t n = utf8_length(p + i);
        bool edge_blank = p[i] == ' ' && (i == 0 || i + 1 == total);
        if (p[i] == '\n') {
            strbuf_puts(out, "\\n");
        } else if (p[i] == '\r') {
            strbuf_puts(out, "\\r");
        } else if (p[i] == '\t') {
            strbuf_puts(out, "\\t");
        } else if (p[i] == '\\') {
            strbuf_puts(out, "\\\\");
        } else if (n == 0 || edge_blank || code_is_hidden(utf8_code(text + i, n))) {
            // what ends a line for some editors, or makes a line look like another, too
            for (size_t k = 0; k < (n ? n : 1); k++)
                strbuf_printf(out, "\\x%02x", p[i + k]);
        } else {
            strbuf_put(out, text + i, n);
        }
        i += n ? n : 1;
    }
}

static int hex(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

const char *line_text(Arena *arena, Text escaped)
{
    if (!memchr(escaped.p, '\\', escaped.n))
        return arena_strndup(arena, escaped.p, escaped.n);
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t i = 0; i < escaped.n; i++) {
        char next = i + 1 < escaped.n ? escaped.p[i + 1] : '\0';
        if (escaped.p[i] != '\\' || !next || !strchr("nrt\\x", next)) {
            strbuf_putc(&out, escaped.p[i]);
            continue;
        }
        if (next == 'x') {
            int high = i + 2 < escaped.n ? hex(escaped.p[i + 2]) : -1,
                low = i + 3 < escaped.n ? hex(escaped.p[i + 3]) : -1;
            if (high < 0 || low < 0 || high + low == 0) {
                strbuf_putc(&out, '\\');
                continue;
            }
            strbuf_putc(&out, (char)(high * 16 + low));
            i += 3;
            continue;
        }
        strbuf_putc(&out, next == 'n' ? '\n' : next == 'r' ? '\r' : next == 't' ? '\t' : '\\');
        i++;
    }
    return out.text;
}

void split_names(Arena *arena, Text text, NameList *out)
{
    for (size_t i = 0; i < text.n;) {
        if (is_blank(text.p[i]) || text.p[i] == ',') {
            i++;
            continue;
        }
        size_t n = 0;
        while (i + n < text.n && !is_blank(text.p[i + n]) && text.p[i + n] != ',')
            n++;
        *VEC_PUSH(arena, out) = arena_strndup(arena, text.p + i, n);
        i += n;
    }
}

bool names_have_gap(Text text)
{
    bool word = false, comma = false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ',') {
            if (!word)
                return true;
            word = false;
            comma = true;
        } else if (!is_blank(text.p[i])) {
            word = true;
        }
    }
    return comma && !word;
}

// The number of `digits` digits at *p, and what must come before it; false: it is not there.
static bool take_number(const char **p, const char *before, int digits, int *out)
{
    const char *at = *p;
    if (*before && (!*at || !strchr(before, *at++)))
        return false;
    *out = 0;
    for (int i = 0; i < digits; i++, at++) {
        if (!isdigit((unsigned char)*at))
            return false;
        *out = *out * 10 + (*at - '0');
    }
    *p = at;
    return true;
}

const char *moment_fault(Arena *arena, Text text)
{
    const char *written = arena_strndup(arena, text.p, text.n < 60 ? text.n : 60), *p = written;
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0, rest = 0;
    bool good =
        take_number(&p, "", 4, &year) && take_number(&p, "-", 2, &month) && take_number(&p, "-", 2, &day);
    if (good && *p) {
        good = take_number(&p, "T ", 2, &hour) && take_number(&p, ":", 2, &minute);
        if (good && *p == ':')
            good = take_number(&p, ":", 2, &second);
        if (good && (*p == '.' || *p == ','))
            p += 1 + strspn(p + 1, "0123456789");
        p += strspn(p, " ");
        if (good && (*p == 'Z' || *p == 'z'))
            p++;
        else if (good && (*p == '+' || *p == '-')) {
            good = take_number(&p, "+-", 2, &zone);
            p += *p == ':';
            good = good && (!*p || take_number(&p, "", 2, &rest));
        }
    }
    if (good && !*p && is_calendar_day(year, month, day) && hour < 24 && minute < 60 && second < 61 &&
        zone < 24 && rest < 60)
        return NULL;
    return text.n ? arena_printf(arena, "'%s' is not a date", written) : "the date is missing";
}

const char *name_fault(Arena *arena, const char *what, const char *name)
{
    static const char *const taken[] = { "head", "heads", "base", "current" };
    if (!name[0])
        return arena_printf(arena, "the %s is empty", what);
    if (strlen(name) > LONGEST_NAME)
        return arena_printf(arena, "the %s is longer than %d bytes", what, LONGEST_NAME);
    for (size_t i = 0; strchr("hbcHBC", name[0]) && i < COUNT_OF(taken); i++)
        if (strcasecmp(name, taken[i]) == 0)
            return arena_printf(arena, "'%s' has a meaning of its own and cannot be a %s", name, what);
    for (const unsigned char *p = (const unsigned char *)name; *p;) {
        if (isalnum(*p)) {
            p++;
            continue;
        }
        size_t n = utf8_length(p);
        if (n == 0 || *p == ' ' || code_is_hidden(utf8_code((const char *)p, n)))
            return arena_printf(arena, "a character that cannot be seen is not allowed in %s", what);
        if (n == 1 && strchr("@-+:,;()[]{}'\"`\\/*?$%&|<>!#=", *p))
            return arena_printf(arena, "Character(s) '%c' not allowed in %s '%s'", *p, what, name);
        p += n;
    }
    return NULL;
}

bool directive_is_for_lint(const Directive *directive)
{
    return text_is(directive->word, "allow") || text_is(directive->word, "allow-all") ||
           text_is(directive->word, "loses");
}

bool directive_is_for_statement(const Directive *directive)
{
    return text_is(directive->word, "assert") || text_is(directive->word, "batch");
}
