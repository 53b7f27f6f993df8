// A text that a regular expression matches, so that a CHECK with one can be satisfied: alternatives, groups, classes and
// counts are followed, anchors passed over. What is read wrongly costs nothing: the engine is asked about the text.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/rows/internal.h"

typedef struct Pattern {
    const char *p;
    uint64_t n; // of the text that is wanted
    StrBuf *out;
    bool mute; // read without writing
    int depth;
} Pattern;

enum { DEEPEST = 20, LONGEST = 200 };

static void alternatives(Pattern *pattern);

static uint64_t pick(Pattern *pattern, uint64_t of)
{
    uint64_t chosen = pattern->n % of;
    pattern->n /= of;
    return chosen;
}

static void put(Pattern *pattern, char c)
{
    if (!pattern->mute && pattern->out->length < LONGEST)
        strbuf_putc(pattern->out, c);
}

// `at` is behind the backslash.
static char escaped(const char *at, uint64_t n)
{
    switch (*at) {
    case 'd': return (char)('1' + n % 9);
    case 'w': return (char)('a' + n % 26);
    case 's': return ' ';
    case 'D': return 'x';
    case 'W': return '-';
    case 'S': return 'x';
    case 'n': return '\n';
    case 't': return '\t';
    default: return *at;
    }
}

// Whether a bracket expression from `from` to `to` lists `c`: single characters, ranges, and the classes that
// checks really use.
static bool is_listed(const char *from, const char *to, unsigned char c)
{
    for (const char *p = from; p < to; p++) {
        if (p + 2 < to && p[1] == '-' && *p != '\\') {
            if (c >= (unsigned char)p[0] && c <= (unsigned char)p[2])
                return true;
            p += 2;
        } else if (p[0] == '[' && p[1] == ':') {
            if (strncmp(p, "[:digit:]", 9) == 0   ? isdigit(c)
                : strncmp(p, "[:upper:]", 9) == 0 ? isupper(c)
                                                  : islower(c))
                return true;
            while (p < to && !(p[0] == ':' && p[1] == ']'))
                p++;
            p++;
        } else if (*p == '\\' && p + 1 < to) {
            p++;
            if (*p == 'd'   ? isdigit(c)
                : *p == 'w' ? isalnum(c) || c == '_'
                : *p == 's' ? c == ' '
                            : c == (unsigned char)*p)
                return true;
        } else if (c == (unsigned char)*p) {
            return true;
        }
    }
    return false;
}

// "[…]": one of the characters that it takes, letters and digits first.
static void character_class(Pattern *pattern)
{
    static const char order[] = "aA1bB2cC3xyzXYZ0456789defghijklmnopqrstuvwDEFGHIJKLMNOPQRSTUVW_-. @#+:/";
    const char *p = pattern->p + 1, *end;
    bool negated = *p == '^';
    p += negated;
    for (end = p + (*p == ']'); *end && *end != ']'; end++)
        if (end[0] == '[' && end[1] == ':') { // "[:digit:]", whose bracket does not end the class
            const char *close = strstr(end, ":]");
            end = close ? close + 1 : end;
        }
    char fits[sizeof(order)];
    size_t count = 0;
    for (const char *c = order; *c; c++)
        if (is_listed(p, end, (unsigned char)*c) != negated)
            fits[count++] = *c;
    if (count)
        put(pattern, fits[pick(pattern, count)]);
    pattern->p = *end ? end + 1 : end;
}

// "(…)", with or without "?:".
static void group(Pattern *pattern)
{
    pattern->p++;
    bool ahead = pattern->p[0] == '?' && (pattern->p[1] == '=' || pattern->p[1] == '!');
    if (pattern->p[0] == '?' && pattern->p[1])
        pattern->p += 2;
    bool mute = pattern->mute;
    pattern->mute |= ahead;
    alternatives(pattern);
    pattern->mute = mute;
    if (*pattern->p == ')')
        pattern->p++;
}

static void atom(Pattern *pattern)
{
    switch (*pattern->p) {
    case '[': character_class(pattern); return;
    case '(': group(pattern); return;
    case '^':
    case '$': pattern->p++; return;
    case '.': put(pattern, 'x'); break;
    case '\\':
        if (pattern->p[1] && !strchr("bBAZmMyY", pattern->p[1]))
            put(pattern, escaped(pattern->p + 1, pick(pattern, 9)));
        pattern->p += pattern->p[1] != '\0';
        break;
    default: put(pattern, *pattern->p);
    }
    pattern->p++;
}

// How often what was just read is to come; advanced past the count.
static unsigned long count_of(Pattern *pattern)
{
    unsigned long least = 1;
    switch (*pattern->p) {
    case '*':
    case '+': least = 1; break;
    case '?': least = (unsigned long)pick(pattern, 2); break;
    case '{':
        least = strtoul(pattern->p + 1, NULL, 10);
        while (*pattern->p && *pattern->p != '}')
            pattern->p++;
        break;
    default: return 1;
    }
    pattern->p += *pattern->p != '\0';
    if (*pattern->p == '?') // the least of them
        pattern->p++;
    return least;
}

static void repeated(Pattern *pattern)
{
    const char *start = pattern->p;
    size_t length = pattern->out->length;
    atom(pattern);
    const char *end = pattern->p;
    unsigned long count = count_of(pattern);
    const char *after = pattern->p;
    if (count == 0 && !pattern->mute)
        pattern->out->text[pattern->out->length = length] = '\0';
    for (unsigned long i = 1; i < count && i < LONGEST; i++) {
        pattern->p = start;
        atom(pattern);
    }
    (void)end;
    pattern->p = after;
}

static void sequence(Pattern *pattern)
{
    while (*pattern->p && *pattern->p != '|' && *pattern->p != ')' && pattern->depth < DEEPEST)
        repeated(pattern);
}

// How many there are at this place, up to the end of the group.
static uint64_t count_alternatives(const char *p)
{
    uint64_t count = 1;
    for (int depth = 0, listed = 0; *p && depth >= 0; p++) {
        if (*p == '\\' && p[1]) {
            p++;
        } else if (listed) {
            listed = *p != ']';
        } else if (*p == '[') {
            listed = 1;
            p += p[1] == '^';
            p += p[1] == ']';
        } else {
            depth += (*p == '(') - (*p == ')');
            count += *p == '|' && depth == 0;
        }
    }
    return count;
}

static void alternatives(Pattern *pattern)
{
    bool mute = pattern->mute;
    uint64_t chosen = pick(pattern, count_alternatives(pattern->p));
    size_t length = pattern->out->length, number = 0;
    pattern->depth++;
    for (;; number++) {
        pattern->mute = mute || number > chosen;
        if (!pattern->mute) { // the last that is there up to the chosen one
            pattern->out->text[pattern->out->length = length] = '\0';
        }
        sequence(pattern);
        if (*pattern->p != '|')
            break;
        pattern->p++;
    }
    pattern->depth--;
    pattern->mute = mute;
}

const char *value_of_pattern(Arena *arena, const char *text, uint64_t n)
{
    StrBuf out;
    Pattern pattern = { .p = text, .n = n, .out = &out };
    if (!*text || strlen(text) > LONGEST || !strpbrk(text, "^$[(\\{*+.%|"))
        return NULL;
    strbuf_init(&out, arena);
    if (strchr(text, '%') && !strpbrk(text, "[(^$")) { // of LIKE
        for (const char *p = text; *p; p++)
            if (*p != '%')
                strbuf_putc(&out, *p == '_' ? 'x' : *p);
            else if (n)
                strbuf_printf(&out, "%llu", (unsigned long long)n);
        return out.text;
    }
    alternatives(&pattern);
    return *pattern.p ? NULL : out.text;
}
