#include "core/revision/script.h"

#include <string.h>

const char *direction_word(Direction direction)
{
    static const char *const words[] = {
        [UPGRADE] = "upgrade", [DOWNGRADE] = "downgrade", [VERIFY] = "verify"
    };
    return words[direction];
}

// Whose statements a section has: the engine after its word, else that of the script's `dialect` line; NULL: every one's.
static const char *section_engine(const Script *script, const Section *section)
{
    return section->dialect ? section->dialect : script->dialect;
}

// A script that says an engine has nothing to run on another, unless sections are marked for that: its statements would
// be taken by the other, some of them with another meaning.
static bool refuse_other_engine(const Script *script, const Dialect *dialect, Direction direction, Error *err)
{
    const char *word = direction_word(direction);
    error_at(err, ERR_SCRIPT, script->dialect_at, "revision %s is written for %s and has no %s for %s",
             script->revision, script->dialect, word, dialect->name);
    return error_hint(err,
                      "Put what %s shall run into a section of its own: -- cmigrate: %s (%s). Where all its "
                      "statements are good for every engine, remove the dialect line.",
                      dialect->name, word, dialect->name);
}

// Those of a direction that are for the dialect, split into statements. *there: those of the direction.
static bool take_sections(Arena *arena, const Script *script, const Dialect *dialect, Direction direction,
                          size_t *there, SectionList *out, Error *err)
{
    Script own;
    // only now is it known by which rules its quotes are read
    if (!script->dialect && script->text.p && script->rules != dialect->lex) {
        if (!script_read_text_as(arena, script->path, script->text, dialect, &own, err))
            return false;
        script = &own;
    }
    VEC_EACH (Section, section, &script->sections) {
        const char *engine = section_engine(script, section);
        *there += section->direction == direction;
        if (section->direction != direction || (engine && strcmp(engine, dialect->name) != 0))
            continue;
        section->statements.count = 0;
        SourcePos at = { script->path, section->at.line + 1, 1, 0 };
        if (!script_split(arena, dialect, section->body, at, section, err))
            return false;
        *VEC_PUSH(arena, out) = section;
    }
    return true;
}

bool script_sections(Arena *arena, const Script *script, const Dialect *dialect, Direction direction,
                     SectionList *out, Error *err)
{
    size_t there = 0, before = out->count;
    if (!take_sections(arena, script, dialect, direction, &there, out, err))
        return false;
    bool other = script->dialect && strcmp(script->dialect, dialect->name) != 0;
    return !other || !there || out->count > before || refuse_other_engine(script, dialect, direction, err);
}

bool script_verifications(Arena *arena, const Script *script, const Dialect *dialect, SectionList *out,
                          Error *err)
{
    size_t there = 0;
    return take_sections(arena, script, dialect, VERIFY, &there, out, err);
}

bool script_reversible(Arena *arena, const Script *script, const Dialect *dialect, bool *out, Error *err)
{
    SectionList down = { 0 }, up = { 0 };
    if (!script_sections(arena, script, dialect, DOWNGRADE, &down, err))
        return false;
    *out = down.count > 0;
    if (*out)
        return true;
    if (!script_sections(arena, script, dialect, UPGRADE, &up, err))
        return false;
    *out = true;
    VEC_EACH (Section *, section, &up)
        *out &= (*section)->statements.count == 0;
    return true;
}
