// What a script itself says that it loses: the comments above its statements.
#include <string.h>

#include "cli/workflow/apply_run.h"

void put_losses(Arena *arena, StrBuf *out, const Text *body, const ScriptStatement *statement)
{
    const char *start = statement->sql.p;
    if (start < body->p || start > body->p + body->n)
        return;
    while (start > body->p) {
        const char *line = start - 1;
        while (line > body->p && line[-1] != '\n')
            line--;
        size_t n = strcspn(line, "\n");
        if (n > (size_t)(statement->sql.p - line) || strncmp(line, "--", 2) != 0)
            break;
        if (strncmp(line, "-- loses data", 13) == 0 || strncmp(line, "-- may lose data", 16) == 0)
            strbuf_printf(out, "%s\n", safe(arena, arena_strndup(arena, line, n)));
        start = line;
    }
}

// What a downgrade loses is said before it runs: its script was read by nobody for a long time.
void tell_losses(Session *session, const Dialect *dialect, const Move *move)
{
    Arena *arena = session->arena;
    Script script;
    SectionList sections = { 0 };
    Error ignored = { 0 };
    if (!script_read(arena, move->revision->script->path, &script, &ignored) ||
        !script_sections(arena, &script, dialect, move->direction, &sections, &ignored))
        return;
    StrBuf lines;
    strbuf_init(&lines, arena);
    VEC_EACH (Section *, section, &sections)
        VEC_EACH (ScriptStatement, statement, &(*section)->statements)
            put_losses(arena, &lines, &(*section)->body, statement);
    for (const char *line = lines.text; lines.length && *line; line += strcspn(line, "\n") + 1)
        report_note(&session->report, "%s: %.*s", move->revision->id, (int)strcspn(line + 3, "\n"), line + 3);
}
