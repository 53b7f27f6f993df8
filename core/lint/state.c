// The schema of the scratch database at one moment, and how two moments differ.
//
// A driver that can tells what changed since the moment before, and shares the rest with it: then both lie in one memory,
// which goes with the last of them.
#include <string.h>

#include "core/lint/internal.h"

struct LintMemory {
    Arena *arena;
    size_t states;
};

static struct LintMemory *memory_of(Arena *arena)
{
    struct LintMemory *memory = ARENA_NEW(arena, struct LintMemory);
    memory->arena = arena;
    return memory;
}

void lint_state_free(LintState *state)
{
    if (state && --state->memory->states == 0)
        arena_free(state->memory->arena);
}

bool lint_state_read(Lint *lint, LintState *since, LintState **out, Error *err)
{
    Db *db = lint->scratch;
    bool follows = since && db->driver->introspect_since, shared = false;
    Arena *arena = arena_new();
    Schema schema = { 0 };
    bool ok =
        follows ? db->driver->introspect_since(db, arena, lint->filter, &since->schema, &schema, &shared, err)
                : db->driver->introspect(db, arena, lint->filter, &schema, err);
    if (!ok) {
        arena_free(arena);
        return false;
    }
    struct LintMemory *memory = shared ? since->memory : memory_of(arena);
    if (shared)
        arena_adopt(memory->arena, arena);
    memory->states++;
    *out = ARENA_NEW(memory->arena, LintState);
    **out = (LintState){ schema, memory };
    return true;
}

static void add_rename(Arena *arena, const Lint *lint, RenameList *out, ObjectKind kind, SqlName of,
                       const char *from, const char *to)
{
    if (from && to)
        *VEC_PUSH(arena, out) = (Rename){ .kind = kind,
                                          .schema = lint_schema_of(lint, of.schema),
                                          .table = kind == OBJECT_TABLE ? NULL : of.name,
                                          .from = from,
                                          .to = to };
}

// The renames that the text states, so that the difference does not read as drop and create.
static void find_renames(Arena *arena, const Lint *lint, const Sentence *s, RenameList *out)
{
    if (s->to.name && strcmp(s->kind, "table") == 0)
        add_rename(arena, lint, out, OBJECT_TABLE, s->object, s->object.name, s->to.name);
    for (size_t i = 0; i < s->others_to.count; i++)
        add_rename(arena, lint, out, OBJECT_TABLE, s->others.items[i], s->others.items[i].name,
                   s->others_to.items[i].name);
    VEC_EACH (const Clause, it, &s->clauses) {
        size_t at = clause_begins(it, "RENAME COLUMN") ? 2 : clause_begins(it, "RENAME") ? 1 : 0;
        if (at && clause_after(it, "TO") == at + 2)
            add_rename(arena, lint, out, OBJECT_COLUMN, s->object, clause_name(arena, lint->dialect, it, at),
                       clause_name(arena, lint->dialect, it, at + 2));
        at = clause_begins(it, "CHANGE COLUMN") ? 2 : clause_begins(it, "CHANGE") ? 1 : 0;
        const char *from = at ? clause_name(arena, lint->dialect, it, at) : NULL;
        const char *to = at ? clause_name(arena, lint->dialect, it, at + 1) : NULL;
        if (from && to && strcmp(from, to) != 0)
            add_rename(arena, lint, out, OBJECT_COLUMN, s->object, from, to);
    }
}

// A column's table is told by its new name, which the same code may have given it.
static void name_tables_anew(RenameList *renames)
{
    VEC_EACH (Rename, column, renames)
        VEC_EACH (const Rename, it, renames)
            if (column->kind == OBJECT_COLUMN && it->kind == OBJECT_TABLE &&
                same_text(it->schema, column->schema) && strcmp(it->from, column->table) == 0)
                column->table = it->to;
}

void lint_state_changes(Judge *judge, Arena *arena, LintState *before, LintState *after, ChangeList *out)
{
    RenameList renames = { 0 };
    Error ignored = { 0 };
    find_renames(arena, judge->lint, judge->sentence, &renames);
    VEC_EACH (const Sentence, it, judge->inner)
        find_renames(arena, judge->lint, it, &renames);
    name_tables_anew(&renames);
    if (renames.count) // what both share has the numbers of `after`
        schema_number(&before->schema);
    for (int round = 0; round < 2; round++) { // a rename that is none is left out
        *out = (ChangeList){ 0 };
        if (diff_schemas(arena, judge->lint->dialect, &before->schema, &after->schema, &renames, out,
                         &judge->renamed, &ignored))
            return;
        renames = (RenameList){ 0 };
    }
    *out = (ChangeList){ 0 };
    judge->renamed = &before->schema;
}
