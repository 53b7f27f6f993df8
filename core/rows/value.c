// Values by their type: plain ones, edges, and distinct ones for keys. All of them are SQL.
#include <string.h>

#include "core/rows/internal.h"

enum {
    LONGEST_TEXT = 4000,  // characters of a text at its longest
    UNBOUNDED_TEXT = 400, // of one whose type has no bound
    LEAST_WIDTH = 12,     // of texts that can carry a number in digits
};

uint64_t value_hash(uint64_t seed, const char *text)
{
    uint64_t h = seed ^ 0xcbf29ce484222325u;
    for (const char *p = text; *p; p++)
        h = (h ^ (unsigned char)*p) * 0x100000001b3u;
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdu;
    return h ^ h >> 29;
}

const char *value_literal(Arena *arena, const Dialect *dialect, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    dialect->put_literal(&out, text);
    return out.text;
}

// --- dates -------------------------------------------------------------------

// Day n after 1970-01-01, by the civil calendar.
static const char *date_text(Arena *arena, long long day)
{
    long long z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned in_era = (unsigned)(z - era * 146097);
    unsigned year_of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    unsigned of_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned mp = (5 * of_year + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;
    long long year = (long long)year_of_era + era * 400 + (month <= 2);
    return arena_printf(arena, "%04lld-%02u-%02u", year, month, of_year - (153 * mp + 2) / 5 + 1);
}

static const char *const dates[] = { "2020-02-29", "1970-01-01", "2038-01-19", "2000-12-31", "1999-01-31" };
static const char *const times[] = { "12:34:56", "00:00:00", "02:30:00", "23:59:59", "09:08:07" };
// The first second of the epoch, the last of 32 bits, a leap day, an hour that clocks put forward pass over.
static const char *const moments[] = { "2020-02-29 12:34:56", "1970-01-02 00:00:01", "2038-01-18 03:14:07",
                                       "2021-03-28 02:30:00", "1999-12-31 23:59:59" };

static const char *dated(Arena *arena, const Dialect *dialect, TypeValueKind kind, uint64_t n)
{
    const char *text = kind == TAKES_TIME ? arena_printf(arena, "%02u:%02u:%02u", (unsigned)(n / 3600 % 24),
                                                         (unsigned)(n / 60 % 60), (unsigned)(n % 60))
                                          : date_text(arena, 11000 + (long long)(n % 20000));
    if (kind == TAKES_TIMESTAMP)
        text = arena_printf(arena, "%s 10:%02u:%02u", text, (unsigned)(n / 20000 % 60), (unsigned)(n % 60));
    return value_literal(arena, dialect, text);
}

// --- texts -------------------------------------------------------------------

static const char *const words[] = { "plain", "Two Words",   "third-one", "UPPER",           "x",
                                     "12345", "under_score", "Émile",     "a.b@example.org", "last" };

// `length` characters of the alphabet over and over, so that a text that was cut is another one.
static const char *long_text(Arena *arena, size_t length)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t i = 0; i + 1 < length; i++)
        strbuf_putc(&out, (char)('a' + i % 26));
    strbuf_putc(&out, 'Z');
    return out.text;
}

// The first `most` characters.
static const char *cut_text(Arena *arena, const char *text, size_t most)
{
    const char *p = text;
    for (size_t n = 0; *p && n < most; n++)
        for (p++; ((unsigned char)*p & 0xc0) == 0x80; p++)
            ;
    return arena_strndup(arena, text, (size_t)(p - text));
}

static const char *text_at_edge(Arena *arena, const TypeValues *type, ValueEdge edge)
{
    size_t length = type->length ? type->length : UNBOUNDED_TEXT;
    if (edge == EDGE_LOWER)
        return "";
    if (edge == EDGE_UPPER)
        return long_text(arena, length < LONGEST_TEXT ? length : LONGEST_TEXT);
    // quotes, a backslash, a comment, what a pattern or a script might take for its own, an emoji, a blank at the end
    return cut_text(arena, "O'B\"\\ %_;--/*${x}\n\tß\xf0\x9f\x98\x80 ", length);
}

// Letters of one case alone: a number to the base of 26.
static const char *letters(Arena *arena, uint64_t n, size_t width)
{
    char *text = arena_alloc(arena, width + 1);
    for (size_t i = width; i-- > 0; n /= 26)
        text[i] = (char)('a' + n % 26);
    return n ? NULL : text;
}

static const char *text_key(Arena *arena, const TypeValues *type, uint64_t n)
{
    size_t length = type->length;
    if (!length || length >= LEAST_WIDTH)
        return arena_printf(arena, "key-%llu", (unsigned long long)n);
    return letters(arena, n, length < 6 ? length : 6);
}

// --- numbers -----------------------------------------------------------------

static const char *integer_text(Arena *arena, const TypeValues *type, uint64_t n)
{
    uint64_t from = type->least > 1 ? (uint64_t)type->least : type->greatest > 1; // from 1, but for a switch
    return n <= type->greatest - from ? arena_printf(arena, "%llu", (unsigned long long)(from + n)) : NULL;
}

static const char *nines(Arena *arena, const TypeValues *type, const char *sign)
{
    unsigned digits = type->digits ? type->digits : 12, scale = type->digits ? type->scale : 3;
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, sign);
    if (digits <= scale)
        strbuf_putc(&out, '0');
    for (unsigned i = 0; i + scale < digits; i++)
        strbuf_putc(&out, '9');
    if (scale)
        strbuf_putc(&out, '.');
    for (unsigned i = scale > digits ? scale - digits : 0, zero = 0; zero < i; zero++)
        strbuf_putc(&out, '0');
    for (unsigned i = 0; i < (scale < digits ? scale : digits); i++)
        strbuf_putc(&out, '9');
    return out.text;
}

static const char *decimal_key(Arena *arena, const TypeValues *type, uint64_t n)
{
    unsigned whole = type->digits > type->scale ? type->digits - type->scale : 0;
    uint64_t most = 1;
    for (unsigned i = 0; i < whole && i < 15; i++)
        most *= 10;
    if (type->digits && whole == 0)
        return n == 0 ? "0" : NULL;
    return !type->digits || n + 1 < most ? arena_printf(arena, "%llu", (unsigned long long)n + 1) : NULL;
}

static const char *decimal_plain(Arena *arena, const TypeValues *type, uint64_t n)
{
    const char *whole = decimal_key(arena, type, n % 8);
    if (type->digits && !type->scale)
        return whole ? whole : "0";
    return arena_printf(arena, "%s.%u", whole && type->digits != type->scale ? whole : "0",
                        (unsigned)(n % 9 + 1));
}

// --- bytes -------------------------------------------------------------------

static const char *bytes_text(Arena *arena, const TypeValues *type, const char *hex)
{
    return arena_printf(arena, "%s%s'", type->hex, hex);
}

static const char *bytes_key(Arena *arena, const TypeValues *type, uint64_t n)
{
    int width = type->length && type->length < 4 ? (int)type->length * 2 : 8;
    if (width < 8 && n >> (width * 4))
        return NULL;
    return bytes_text(arena, type, arena_printf(arena, "%0*llx", width, (unsigned long long)n));
}

static const char *bytes_edge(Arena *arena, const TypeValues *type, ValueEdge edge)
{
    size_t length = type->length ? type->length : 32;
    StrBuf out;
    strbuf_init(&out, arena);
    static const unsigned char odd[] = { 0x00, 0xff, 0x27, 0x5c, 0x0a, 0xc3, 0x28, 0x00 };
    if (edge == EDGE_LOWER && !type->exact_length)
        length = 0;
    for (size_t i = 0; i < length && i < 256; i++)
        strbuf_printf(&out, "%02x",
                      edge == EDGE_UPPER   ? 0xff
                      : edge == EDGE_LOWER ? 0
                                           : odd[i % sizeof(odd)]);
    return bytes_text(arena, type, out.text);
}

// --- all of them -------------------------------------------------------------

const char *value_plain(Arena *arena, const Dialect *dialect, const TypeValues *type, uint64_t n)
{
    size_t more = type->samples.count;
    if (more && (type->kind == TAKES_OTHER || n % 4 == 3))
        return type->samples.items[n % more];
    switch (type->kind) {
    case TAKES_OTHER: return type->numbered ? value_numbered(arena, type->numbered, n % 1000) : NULL;
    case TAKES_INTEGER:
        return integer_text(arena, type, type->greatest > 99 ? n % 99 : n % (type->greatest + 1));
    case TAKES_DECIMAL: return decimal_plain(arena, type, n);
    case TAKES_REAL: return arena_printf(arena, "%llu.%s", (unsigned long long)(n % 50), n % 2 ? "5" : "25");
    case TAKES_TEXT:
        return value_literal(arena, dialect,
                             cut_text(arena, words[n % COUNT_OF(words)], type->length ? type->length : 100));
    case TAKES_BYTES: return bytes_key(arena, type, n % 200);
    case TAKES_DATE: return value_literal(arena, dialect, dates[n % COUNT_OF(dates)]);
    case TAKES_TIME: return value_literal(arena, dialect, times[n % COUNT_OF(times)]);
    case TAKES_TIMESTAMP: return value_literal(arena, dialect, moments[n % COUNT_OF(moments)]);
    case TAKES_LIST: return type->list.count ? type->list.items[n % type->list.count] : NULL;
    }
    return NULL;
}

const char *value_edge(Arena *arena, const Dialect *dialect, const TypeValues *type, ValueEdge edge)
{
    bool upper = edge == EDGE_UPPER;
    if (edge == EDGE_AWKWARD && type->kind != TAKES_TEXT && type->kind != TAKES_BYTES)
        return NULL;
    switch (type->kind) {
    case TAKES_INTEGER:
        return upper ? arena_printf(arena, "%llu", type->greatest) : arena_printf(arena, "%lld", type->least);
    case TAKES_DECIMAL: return nines(arena, type, upper ? "" : "-");
    case TAKES_REAL: return upper ? "1234567.125" : "-0.0078125";
    case TAKES_TEXT: return value_literal(arena, dialect, text_at_edge(arena, type, edge));
    case TAKES_BYTES: return bytes_edge(arena, type, edge);
    case TAKES_DATE: return upper ? "'9999-12-31'" : "'1900-01-01'";
    case TAKES_TIME: return upper ? "'23:59:59'" : "'00:00:00'";
    case TAKES_TIMESTAMP: return upper ? "'9999-12-31 23:59:59'" : "'1900-01-01 00:00:00'";
    case TAKES_LIST: return type->list.count ? type->list.items[upper ? type->list.count - 1 : 0] : NULL;
    case TAKES_OTHER:
        return type->samples.count > 1 ? type->samples.items[upper ? type->samples.count - 1 : 1] : NULL;
    }
    return NULL;
}

const char *value_key(Arena *arena, const Dialect *dialect, const TypeValues *type, uint64_t n)
{
    if (type->numbered)
        return value_numbered(arena, type->numbered, n);
    switch (type->kind) {
    case TAKES_INTEGER: return integer_text(arena, type, n);
    case TAKES_DECIMAL: return decimal_key(arena, type, n);
    case TAKES_REAL: return arena_printf(arena, "%llu", (unsigned long long)n + 1);
    case TAKES_TEXT: {
        const char *text = text_key(arena, type, n);
        return text ? value_literal(arena, dialect, text) : NULL;
    }
    case TAKES_BYTES: return bytes_key(arena, type, n);
    case TAKES_DATE:
    case TAKES_TIMESTAMP: return n < 20000 ? dated(arena, dialect, type->kind, n) : NULL;
    case TAKES_TIME: return n < 86400 ? dated(arena, dialect, type->kind, n) : NULL;
    case TAKES_LIST: return n < type->list.count ? type->list.items[n] : NULL;
    case TAKES_OTHER: return n < type->samples.count ? type->samples.items[n] : NULL;
    }
    return NULL;
}
