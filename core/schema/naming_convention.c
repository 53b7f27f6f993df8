#include "core/schema/naming_convention.h"

#include <string.h>

#include "core/base/sha256.h"

const Convention default_convention = {
    {
     [NAMED_PRIMARY_KEY] = "pk_{table}",
     [NAMED_FOREIGN_KEY] = "fk_{table}_{columns}_{referred_table}",
     [NAMED_UNIQUE] = "uq_{table}_{columns}",
     [NAMED_INDEX] = "ix_{table}_{columns}",
     [NAMED_CHECK] = "ck_{table}_{name}",
     }
};

typedef enum Placeholder {
    P_TABLE,
    P_COLUMN,
    P_COLUMNS,
    P_NAME,
    P_REFERRED_TABLE,
    P_REFERRED_COLUMNS,
    P_COUNT
} Placeholder;

const char *const name_placeholders[P_COUNT] = {
    [P_TABLE] = "{table}",
    [P_COLUMN] = "{column}",
    [P_COLUMNS] = "{columns}",
    [P_NAME] = "{name}",
    [P_REFERRED_TABLE] = "{referred_table}",
    [P_REFERRED_COLUMNS] = "{referred_columns}",
};

static Placeholder placeholder_at(const char *p)
{
    for (unsigned i = 0; i < P_COUNT; i++)
        if (strncmp(p, name_placeholders[i], strlen(name_placeholders[i])) == 0)
            return (Placeholder)i;
    return P_COUNT;
}

Text convention_unknown(const char *pattern)
{
    for (const char *p = strchr(pattern, '{'); p; p = strchr(p + 1, '{'))
        if (placeholder_at(p) == P_COUNT)
            return (Text){ p, strcspn(p, "}") + (strchr(p, '}') != NULL) };
    return (Text){ pattern, 0 };
}

static void put_columns(StrBuf *out, const PartList *parts, size_t most)
{
    for (size_t i = 0; parts && i < parts->count && i < most; i++) {
        if (i)
            strbuf_putc(out, '_');
        strbuf_puts(out, parts->items[i].column ? parts->items[i].column : "expr");
    }
}

static void put_placeholder(StrBuf *out, Placeholder what, const NameFacts *facts)
{
    switch (what) {
    case P_TABLE: strbuf_puts(out, facts->table); break;
    case P_COLUMN: put_columns(out, facts->parts, 1); break;
    case P_COLUMNS: put_columns(out, facts->parts, SIZE_MAX); break;
    case P_NAME: strbuf_puts(out, facts->name ? facts->name : ""); break;
    case P_REFERRED_TABLE: strbuf_puts(out, facts->referred_table ? facts->referred_table : ""); break;
    case P_REFERRED_COLUMNS:
        for (size_t i = 0; facts->referred_columns && i < facts->referred_columns->count; i++) {
            if (i)
                strbuf_putc(out, '_');
            strbuf_puts(out, facts->referred_columns->items[i]);
        }
        break;
    case P_COUNT: break;
    }
}

// MySQL counts characters, PostgreSQL bytes: bytes are never more than the limit in either.
static const char *within_limit(Arena *arena, const Dialect *dialect, const char *name, size_t n)
{
    enum { DIGITS = 4 };
    size_t limit = dialect->max_identifier;
    if (!limit || n <= limit || limit <= DIGITS + 1)
        return name;
    char hex[SHA256_HEX];
    sha256_hex((Text){ name, n }, hex);
    size_t keep = limit - DIGITS - 1;
    while (keep > 0 && ((unsigned char)name[keep] & 0xC0) == 0x80)
        keep--;
    return arena_printf(arena, "%.*s_%.*s", (int)keep, name, DIGITS, hex);
}

const char *convention_name(Arena *arena, const Dialect *dialect, const char *pattern, const NameFacts *facts)
{
    if (!pattern)
        return NULL;
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = pattern; *p;) {
        Placeholder what = *p == '{' ? placeholder_at(p) : P_COUNT;
        if (what == P_COUNT) {
            strbuf_putc(&out, *p++);
            continue;
        }
        put_placeholder(&out, what, facts);
        p += strlen(name_placeholders[what]);
    }
    return out.length ? within_limit(arena, dialect, out.text, out.length) : NULL;
}
