// Any bytes as a revision script: read, or refused with words and a place; every statement of every engine and direction
// stands in the file where it is said to stand; the same text has the same checksum, and a comment more changes none.
#include "core/revision/script.h"
#include "tests/fuzz/feed.h"

static void check_sections(Arena *arena, const Script *script, const Dialect *dialect, Direction direction,
                           Text text)
{
    SectionList sections = { 0 };
    Error err = { 0 };
    if (!script_sections(arena, script, dialect, direction, &sections, &err)) {
        feed_refused(&err, text.p);
        if (!err.at.line)
            feed_broken("a refusal has a place", text.p);
        return;
    }
    VEC_EACH (Section *, section, &sections)
        VEC_EACH (ScriptStatement, it, &(*section)->statements)
            if (it->sql.p < script->text.p || it->sql.p + it->sql.n > script->text.p + script->text.n ||
                !it->sql.n || !it->at.line)
                feed_broken("a statement stands in its script", text.p);
    char first[65], second[65];
    script_checksum(arena, &sections, first);
    script_checksum(arena, &sections, second);
    if (strcmp(first, second) != 0 || strlen(first) != 64)
        feed_broken("a checksum is a checksum", text.p);
}

static void check_client(Arena *arena, const Dialect *dialect, const char *sql)
{
    StrBuf out;
    strbuf_init(&out, arena);
    script_put_for_client(&out, dialect, sql);
    if (!strstr(out.text, sql))
        feed_broken("a statement for the client is the statement", sql);
}

static void check_name(Arena *arena, const Script *script)
{
    Error err = { 0 };
    const char *name = script_file_name(arena, "{timestamp}_{revision}_{slug}", script->revision,
                                        script->message, 0, 40, &err);
    if (!name)
        feed_refused(&err, script->revision);
    else if (strchr(name, '/') || name[0] == '.')
        feed_broken("a script's name is a name", name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Dialect *const dialects[] = { &sqlite_dialect, &postgresql_dialect, &mysql_dialect };
    if (size > 20000)
        return 0;
    Arena *arena = arena_new();
    Text text = { arena_strndup(arena, (const char *)data, size), size };
    Script script;
    Error err = { 0 };
    if (script_read_text(arena, "x.sql", text, &script, &err)) {
        check_name(arena, &script);
        for (size_t i = 0; i < COUNT_OF(dialects); i++) {
            check_sections(arena, &script, dialects[i], UPGRADE, text);
            check_sections(arena, &script, dialects[i], DOWNGRADE, text);
            check_client(arena, dialects[i], text.p);
        }
    } else {
        feed_refused(&err, text.p);
    }
    arena_free(arena);
    return 0;
}
