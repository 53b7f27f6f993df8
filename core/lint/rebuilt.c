// A table that was made again under its name: a copy takes the place of the old table, in any number of statements. No single
// one of them tells what became of the columns and keys, so the table before the revision is compared with the one after it.
#include <string.h>

#include "core/lint/internal.h"

// The rules of these groups go by the difference. Locks and the form of the script are told by the statements themselves.
static bool goes_by_difference(const LintFamily *family)
{
    static const char *const groups[] = { "destroys", "breaks", "fails", "meaning" };
    for (size_t i = 0; i < COUNT_OF(groups); i++)
        if (strcmp(family->group, groups[i]) == 0)
            return family->statement != NULL;
    return false;
}

static bool is_of(const Object *object, const Object *table)
{
    const char *name = object->kind == OBJECT_TABLE ? object->name : object->table;
    return name && strcmp(name, table->name) == 0 && same_text(object->schema, table->schema);
}

// The changes of one table among all.
static ChangeList changes_of(Arena *arena, const ChangeList *all, const Object *table)
{
    ChangeList out = { 0 };
    VEC_EACH (Change, it, all)
        if (is_of(it->want ? it->want : it->have, table))
            *VEC_PUSH(arena, &out) = *it;
    return out;
}

// What the revision made besides: the table itself is an old one that changed.
static LintSet set_without(Arena *arena, const LintSet *set, const Object *table)
{
    LintSet out = *set;
    memset(&out.made, 0, sizeof(out.made));
    out.by_name = (MadeIndex){ 0 };
    VEC_EACH (MadeObject, it, &set->made) {
        const Object object = {
            .kind = it->kind, .schema = it->schema, .table = it->table, .name = it->name
        };
        if (!is_of(&object, table))
            *VEC_PUSH(arena, &out.made) = *it;
    }
    return out;
}

static Sentence *sentences_of(Arena *arena, const Dialect *dialect, const Section *section)
{
    Sentence *out = arena_alloc(arena, (section->statements.count + 1) * sizeof(*out));
    for (size_t i = 0; i < section->statements.count; i++) {
        Text sql = section->statements.items[i].sql;
        sentence_read(arena, dialect, arena_strndup(arena, sql.p, sql.n), &out[i]);
    }
    return out;
}

// Judges one table at the statement that made its copy, as if that had changed the old table.
static void judge_table(const JudgeRevision *revision, const ChangeList *all, const Schema *renamed,
                        const Object *table)
{
    Lint *lint = revision->lint;
    Arena *arena = revision->arena;
    LintPlace place = lint_place_of(revision, table);
    ChangeList changes = changes_of(arena, all, table);
    if (!changes.count || !place.statement || place.section >= revision->up.count)
        return;
    const Section *section = revision->up.items[place.section];
    const Sentence none = {
        .verb = VERB_OTHER, .kind = "table", .object = {table->schema, table->name}
    };
    LintSet *set = lint->set, without = set_without(arena, set, table);
    size_t index = lint->allow->section_index;
    const Judge judge = { .arena = arena,
                          .lint = lint,
                          .revision = revision->revision,
                          .section = section,
                          .direction = UPGRADE,
                          .statement = &section->statements.items[place.statement - 1],
                          .number = place.statement,
                          .sql = "",
                          .sentence = &none,
                          .sentences = sentences_of(arena, lint->dialect, section),
                          .before = revision->before,
                          .after = revision->after,
                          .renamed = renamed,
                          .changes = &changes,
                          .rebuilt = true };
    lint->set = &without;
    lint->allow->section_index = place.section;
    for (size_t i = 0; lint_families[i]; i++)
        if (goes_by_difference(lint_families[i]))
            lint_families[i]->statement(&judge);
    lint->set = set;
    lint->allow->section_index = index;
}

void lint_judge_rebuilt(const JudgeRevision *revision)
{
    ChangeList all = { 0 };
    const Schema *renamed = revision->before;
    const RenameList none = { 0 };
    Error ignored = { 0 };
    bool compared = false;
    if (!revision->before || !revision->after || revision->lint->planned)
        return;
    VEC_EACH (Table *, it, &revision->after->tables) {
        const Object *head = &(*it)->head;
        if (!schema_table(revision->before, head->schema, head->name) || !lint_made_by(revision, head))
            continue;
        if (!compared && !diff_schemas(revision->arena, revision->lint->dialect, revision->before,
                                       revision->after, &none, &all, &renamed, &ignored))
            return;
        compared = true;
        judge_table(revision, &all, renamed, head);
    }
}
