#include "core/revision/script.h"

#include <string.h>

#include "core/base/sha256.h"

// Line ends are taken as \n: a checkout that changes them changes nothing that is run.
static void put_statement(StrBuf *out, Text sql)
{
    const char *p = sql.p, *end = sql.p + sql.n;
    for (const char *cr; (cr = memchr(p, '\r', (size_t)(end - p))) != NULL; p = cr + 1) {
        bool line_end = cr + 1 < end && cr[1] == '\n';
        strbuf_put(out, p, (size_t)(cr - p) + !line_end);
    }
    strbuf_put(out, p, (size_t)(end - p));
    strbuf_puts(out, ";\n");
}

static void hash_of(Arena *arena, const SectionList *sections, char out[65])
{
    StrBuf text;
    strbuf_init(&text, arena);
    VEC_EACH (Section *, section, sections)
        VEC_EACH (ScriptStatement, statement, &(*section)->statements)
            put_statement(&text, statement->sql);
    sha256_hex((Text){ text.text, text.length }, out);
}

void script_checksum(Arena *arena, const SectionList *sections, char out[65])
{
    (void)arena;
    Arena *scratch = arena_new();
    hash_of(scratch, sections, out);
    arena_free(scratch);
}

void script_chain(Arena *arena, const char *before, Text sql, char out[65])
{
    StrBuf text;
    strbuf_init(&text, arena);
    strbuf_puts(&text, before);
    strbuf_puts(&text, ";\n");
    put_statement(&text, sql);
    sha256_hex((Text){ text.text, text.length }, out);
}
