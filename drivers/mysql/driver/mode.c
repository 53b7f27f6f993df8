#include "drivers/mysql/driver/mode.h"

#include <string.h>

#include "core/base/strbuf.h"

static bool has_word(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; *p; p += strcspn(p, ","), p += *p == ',')
        if (strcspn(p, ",") == n && memcmp(p, word, n) == 0)
            return true;
    return false;
}

static void add(StrBuf *out, const char *word)
{
    if (has_word(out->text, word))
        return;
    if (out->length)
        strbuf_putc(out, ',');
    strbuf_puts(out, word);
}

const char *mode_for_session(Arena *arena, const char *server_mode)
{
    static const char *const kept[] = { "NO_UNSIGNED_SUBTRACTION", "PAD_CHAR_TO_FULL_LENGTH",
                                        "NO_AUTO_CREATE_USER", "TIME_ROUND_FRACTIONAL",
                                        "TIME_TRUNCATE_FRACTIONAL" };
    StrBuf out;
    strbuf_init(&out, arena);
    add(&out, "STRICT_TRANS_TABLES");
    add(&out, "ERROR_FOR_DIVISION_BY_ZERO");
    add(&out, "NO_ENGINE_SUBSTITUTION");
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        if (has_word(server_mode, kept[i]))
            add(&out, kept[i]);
    return out.text;
}
