#include "core/revision/script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

const char *revision_new_id(Arena *arena)
{
    unsigned char bytes[6];
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
        // No random device at all: the clock and the process still make ids of different people differ
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        uint64_t mixed =
            (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15u ^ (uint64_t)now.tv_sec << 20 ^ (uint64_t)getpid();
        memcpy(bytes, &mixed, sizeof(bytes));
    }
    return arena_printf(arena, "%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4],
                        bytes[5]);
}

// The bytes of a letter or digit at p, as a file name may bear it: ASCII ones, and other scripts' (punctuation and
// symbols of the common blocks left out). 0: something else, *skip bytes long.
static size_t letter(const unsigned char *p, size_t *skip)
{
    *skip = 1;
    if (p[0] < 0x80)
        return isalnum(p[0]) || p[0] == '_';
    size_t n = p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if (n == 0 || p[0] >= 0xf5)
        return 0;
    *skip = n;
    bool symbol = (p[0] == 0xc2) || (p[0] == 0xe2) || (p[0] == 0xe3 && p[1] == 0x80) || (p[0] == 0xef) ||
                  n == 4 || (p[0] == 0xee) || (p[0] == 0xed && p[1] > 0x9f) ||
                  (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xc3 && (p[1] == 0x97 || p[1] == 0xb7));
    return symbol ? 0 : n;
}

// Words of the message, lower case, joined by underscores; cut after a word, as Alembic does it.
static const char *slug_of(Arena *arena, const char *message, unsigned longest)
{
    StrBuf out;
    strbuf_init(&out, arena);
    bool gap = false;
    for (const unsigned char *p = (const unsigned char *)message; *p;) {
        size_t skip, n = letter(p, &skip);
        if (n) {
            if (gap && out.length)
                strbuf_putc(&out, '_');
            gap = false;
            if (n == 1)
                strbuf_putc(&out, (char)tolower(*p));
            else
                strbuf_put(&out, (const char *)p, n);
        } else {
            gap = true;
        }
        p += skip;
    }
    if (longest == 0 || longest > 120)
        longest = 120;
    if (out.length <= longest)
        return out.text;
    size_t cut = longest;
    while (cut && ((unsigned char)out.text[cut] & 0xc0) == 0x80)
        cut--;
    out.text[cut] = '\0';
    char *last = strrchr(out.text, '_');
    if (last)
        last[1] = '\0';
    return out.text;
}

typedef struct FileName {
    const char *revision, *slug;
    int64_t when;
} FileName;

// {word}, n bytes with its braces, as part of a file name. False: no such word.
static bool put_token(StrBuf *out, const char *token, size_t n, const FileName *name)
{
    static const struct {
        const char *token, *format;
    } times[] = {
        {"{timestamp}", "%Y%m%d%H%M%S"},
        { "{year}",     "%Y"          },
        { "{month}",    "%m"          },
        { "{day}",      "%d"          },
        { "{hour}",     "%H"          },
        { "{minute}",   "%M"          },
        { "{second}",   "%S"          },
    };
    time_t seconds = (time_t)name->when;
    struct tm utc;
    gmtime_r(&seconds, &utc);
    for (size_t i = 0; i < COUNT_OF(times); i++)
        if (strlen(times[i].token) == n && memcmp(token, times[i].token, n) == 0) {
            char text[32];
            strftime(text, sizeof(text), times[i].format, &utc);
            strbuf_puts(out, text);
            return true;
        }
    if (n == strlen("{revision}") && memcmp(token, "{revision}", n) == 0)
        strbuf_puts(out, name->revision);
    else if (n == strlen("{slug}") && memcmp(token, "{slug}", n) == 0)
        strbuf_puts(out, name->slug);
    else if (n == strlen("{epoch}") && memcmp(token, "{epoch}", n) == 0)
        strbuf_printf(out, "%lld", (long long)name->when);
    else
        return false;
    return true;
}

const char *script_file_name(Arena *arena, const char *file_template, const char *revision,
                             const char *message, int64_t when, unsigned truncate_slug_length, Error *err)
{
    if (strstr(file_template, "%(")) { // Alembic's way to write it
        error_set(err, ERR_CONFIG, "file_template names its tokens in braces: '%s'", file_template);
        error_hint(err, "For %%(rev)s write {revision}, for %%(slug)s {slug}, for %%(year)d {year}.");
        return NULL;
    }
    FileName name = { revision, slug_of(arena, message ? message : "", truncate_slug_length), when };
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = file_template; *p;) {
        size_t n = *p == '{' ? strcspn(p, "}") + 1 : 1;
        if (*p == '/') {
            error_set(err, ERR_CONFIG, "file_template names a file, not a folder: '%s'", file_template);
            error_hint(err, "Scripts are looked for in the folders of directory: and version_paths: only.");
            return NULL;
        }
        if (*p != '{')
            strbuf_putc(&out, *p);
        else if (!put_token(&out, p, n, &name)) {
            error_set(err, ERR_CONFIG, "file_template has no '%.*s'", (int)strnlen(p, n), p);
            error_hint(err, "Known are {timestamp} {revision} {slug} {epoch} {year} {month} {day} {hour} "
                            "{minute} {second}.");
            return NULL;
        }
        p += n;
    }
    // An empty slug leaves its separator behind
    while (!name.slug[0] && out.length &&
           (out.text[out.length - 1] == '_' || out.text[out.length - 1] == '-'))
        out.text[--out.length] = '\0';
    strbuf_puts(&out, ".sql");
    return out.text;
}
