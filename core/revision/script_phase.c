#include "core/revision/directive.h"

bool script_phase(Arena *arena, SourcePos at, Text text, const char **out, Error *err)
{
    static const char *const phases[] = { "expand", "backfill", "contract" };
    for (size_t i = 0; i < COUNT_OF(phases); i++)
        if (text_is(text, phases[i])) {
            *out = phases[i];
            return true;
        }
    const char *name = arena_strndup(arena, text.p, text.n < 60 ? text.n : 60);
    const char *near = nearest_word(name, phases, COUNT_OF(phases));
    error_at(err, ERR_SCRIPT, at, "unknown phase '%s'", name);
    return near ? error_label(err, "did you mean '%s'?", near)
                : error_hint(err, "A phase is expand, backfill or contract.");
}
