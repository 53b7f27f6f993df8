// The character set of a column, and how many bytes a character takes there at most.
#include "drivers/mysql/facts/charsets.h"

#include <string.h>
#include <strings.h>

// A collation begins with its character set, but for MariaDB's uca1400_….
static const char *charset_of_collation(Arena *arena, const char *collation)
{
    if (!collation || strncasecmp(collation, "uca1400", strlen("uca1400")) == 0)
        return NULL;
    return arena_strndup(arena, collation, strcspn(collation, "_"));
}

const char *my_charset_of(Arena *arena, const ServerInfo *server, const Table *table, const Column *column)
{
    const char *const candidates[] = {
        column ? option_get(&column->head.options, "charset") : NULL,
        column ? charset_of_collation(arena, column->collation) : NULL,
        option_get(&table->head.options, "charset"),
        charset_of_collation(arena, option_get(&table->head.options, "collation")),
        server->default_charset,
    };
    for (size_t i = 0; i < COUNT_OF(candidates); i++)
        if (candidates[i])
            return strcasecmp(candidates[i], "utf8") == 0 ? "utf8mb3" : candidates[i];
    return "utf8mb4";
}

unsigned my_charset_bytes(const char *charset)
{
    static const struct {
        const char *charset;
        unsigned bytes;
    } wide[] = {
        {"utf8mb4",  4},
        { "utf16",   4},
        { "utf16le", 4},
        { "utf32",   4},
        { "gb18030", 4},
        { "utf8mb3", 3},
        { "ujis",    3},
        { "eucjpms", 3},
        { "ucs2",    2},
        { "big5",    2},
        { "cp932",   2},
        { "euckr",   2},
        { "gb2312",  2},
        { "gbk",     2},
        { "sjis",    2},
    };
    for (size_t i = 0; i < COUNT_OF(wide); i++)
        if (strcasecmp(charset, wide[i].charset) == 0)
            return wide[i].bytes;
    return 1;
}
