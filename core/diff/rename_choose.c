// Which of the asked renames are to be made.
#include <string.h>

#include "core/diff/diff_internal.h"

// What a rename talks about, on one side. Columns are looked for in the table as it is called there.

static Table *find_table(const Diff *diff, const Schema *schema, const char *schema_name, const char *name)
{
    VEC_EACH (Table *, it, &schema->tables)
        if (same_name(diff->dialect, (*it)->head.name, name) &&
            same_name(diff->dialect, (*it)->head.schema, schema_name))
            return *it;
    return NULL;
}

Object *find_renamed(const Diff *diff, const Schema *schema, const Rename *rename, const char *table_name,
                     const char *name, Table **table)
{
    *table = NULL;
    if (rename->kind == OBJECT_TABLE) {
        *table = find_table(diff, schema, rename->schema, name);
        return *table ? &(*table)->head : NULL;
    }
    if (rename->kind == OBJECT_COLUMN) {
        *table = find_table(diff, schema, rename->schema, table_name);
        VEC_EACH (Column *, it, &(*table ? *table : &(Table){ 0 })->columns)
            if (same_name(diff->dialect, (*it)->head.name, name))
                return &(*it)->head;
        return NULL;
    }
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == rename->kind && same_name(diff->dialect, (*it)->name, name) &&
            same_name(diff->dialect, (*it)->schema, rename->schema))
            return *it;
    return NULL;
}

// The name that a column's table has in the live database: the one it is renamed from, when it is.
static const char *old_table_name(const Diff *diff, const RenameList *renames, const Rename *rename,
                                  const Schema *have)
{
    if (rename->kind != OBJECT_COLUMN)
        return NULL;
    VEC_EACH (Rename, it, renames)
        if (it->kind == OBJECT_TABLE && same_name(diff->dialect, it->to, rename->table) &&
            same_name(diff->dialect, it->schema, rename->schema) &&
            find_table(diff, have, it->schema, it->from) &&
            (!it->at.file || !find_table(diff, have, it->schema, it->to)))
            return it->from;
    return rename->table;
}

typedef struct Candidate {
    Effective effective;
    bool hint;               // of the model, not of the command line
    bool from_live, to_live; // in the database
    bool wanted;             // the model has the new name
    bool respelled;          // old and new name differ in case only, and the database has the old spelling
    bool taken;
} Candidate;

static bool same_place(const Diff *diff, const Rename *a, const Rename *b)
{
    return a->kind == b->kind && same_name(diff->dialect, a->schema, b->schema) &&
           same_name(diff->dialect, a->table, b->table);
}

// The name will be free: another rename that is taken leaves it.
static bool is_vacated(const Diff *diff, const Candidate *list, size_t count, const Rename *rename)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].taken && same_place(diff, list[i].effective.rename, rename) &&
            same_name(diff->dialect, list[i].effective.rename->from, rename->to))
            return true;
    return false;
}

// Another taken rename has the same old or the same new name.
static bool is_rivalled(const Diff *diff, const Candidate *list, size_t count, const Rename *rename)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].taken && same_place(diff, list[i].effective.rename, rename) &&
            (same_name(diff->dialect, list[i].effective.rename->to, rename->to) ||
             same_name(diff->dialect, list[i].effective.rename->from, rename->from)))
            return true;
    return false;
}

// A hint of the model is taken when the old name is live and the new one is not, or is left by another that is taken; it
// stays harmless afterwards.
static void take_hints(const Diff *diff, Candidate *list, size_t count)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < count; i++) {
            Candidate *it = &list[i];
            const Rename *rename = it->effective.rename;
            if (it->taken || !it->hint || !it->from_live || !it->wanted ||
                (it->to_live && !it->respelled && !is_vacated(diff, list, count, rename)) ||
                is_rivalled(diff, list, count, rename))
                continue;
            more = it->taken = true;
        }
    }
}

// Hints that name each other: a is said to be the old b, and b the old a. The result looks like the beginning.
static const Candidate *in_circle(const Diff *diff, const Candidate *list, size_t count,
                                  const Candidate *first)
{
    const Candidate *at = first, *second = NULL;
    for (size_t steps = 0; steps < count; steps++) {
        const Candidate *next = NULL;
        for (size_t i = 0; i < count && !next; i++)
            if (list[i].hint && !list[i].taken && list[i].from_live && list[i].to_live && list[i].wanted &&
                same_place(diff, list[i].effective.rename, at->effective.rename) &&
                same_name(diff->dialect, list[i].effective.rename->to, at->effective.rename->from))
                next = &list[i];
        if (!next)
            return NULL;
        second = second ? second : next;
        if (next == first)
            return second;
        at = next;
    }
    return NULL;
}

static bool refuse_circle(const Candidate *first, const Candidate *second, Error *err)
{
    const Rename *rename = first->effective.rename;
    const char *table = rename->table ? rename->table : "", *dot = rename->table ? "." : "";
    error_at(err, ERR_SCHEMA, rename->at,
             "%s '%s' and '%s' change places: whether they did so already cannot be seen",
             object_kinds[rename->kind].word, rename->from, rename->to);
    error_also(err, second->effective.rename->at, "the other is here");
    return error_hint(
        err, "Take renamed_from away and say it once: cmigrate migrate --rename %s%s%s=%s --rename %s%s%s=%s",
        table, dot, rename->from, rename->to, table, dot, second->effective.rename->from,
        second->effective.rename->to);
}

static bool is_possible(const Candidate *it, Error *err)
{
    const Rename *rename = it->effective.rename;
    const char *word = object_kinds[rename->kind].word;
    if (!it->from_live)
        return error_set(err, ERR_USAGE, "cannot rename %s '%s%s%s': the database has none of that name",
                         word, rename->table ? rename->table : "", rename->table ? "." : "", rename->from);
    if (!it->wanted)
        return error_set(err, ERR_USAGE, "cannot rename %s '%s' to '%s': the model has none of that name",
                         word, rename->from, rename->to);
    return true;
}

// The rename that was asked for before with the same old or the same new name.
static const Candidate *asked_before(const Diff *diff, const Candidate *list, const Candidate *it)
{
    const Rename *rename = it->effective.rename;
    for (; list < it; list++)
        if (!list->hint && same_place(diff, list->effective.rename, rename) &&
            (same_name(diff->dialect, list->effective.rename->from, rename->from) ||
             same_name(diff->dialect, list->effective.rename->to, rename->to)))
            return list;
    return NULL;
}

// A rename that is asked for on the command line must be possible. Asked for twice it is made once, and two that exclude
// each other are refused: a script that renames one thing twice would fail at its second statement.
static bool take_asked(const Diff *diff, const Candidate *list, Candidate *it, Error *err)
{
    if (!is_possible(it, err))
        return false;
    const Candidate *before = asked_before(diff, list, it);
    it->taken = !before;
    if (!before)
        return true;
    const Rename *first = before->effective.rename, *second = it->effective.rename;
    const char *word = object_kinds[second->kind].word;
    if (!same_name(diff->dialect, first->from, second->from))
        return error_set(err, ERR_USAGE, "cannot rename both %s '%s' and '%s' to '%s'", word, first->from,
                         second->from, second->to);
    return same_name(diff->dialect, first->to, second->to) ||
           error_set(err, ERR_USAGE, "cannot rename %s '%s' to both '%s' and '%s'", word, second->from,
                     first->to, second->to);
}

bool renames_choose(const Diff *diff, const Schema *have, const RenameList *renames, EffectiveList *out,
                    Error *err)
{
    size_t count = renames->count;
    Candidate *list = arena_alloc(diff->scratch, (count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i++) {
        const Rename *rename = &renames->items[i];
        const char *old_table = old_table_name(diff, renames, rename, have);
        Table *table, *other;
        Object *from = find_renamed(diff, have, rename, old_table, rename->from, &table);
        list[i] = (Candidate){
            .effective = {rename, from, table},
            .hint = rename->at.file != NULL,
            .from_live = from != NULL,
            .to_live = find_renamed(diff, have, rename, old_table, rename->to, &other) != NULL,
            .wanted = find_renamed(diff, diff->want, rename, rename->table, rename->to, &other) != NULL,
        };
        bool one_name = same_name(diff->dialect, rename->from, rename->to);
        list[i].respelled = one_name && from && strcmp(from->name, rename->from) == 0 &&
                            strcmp(rename->from, rename->to) != 0;
        if (one_name && list[i].hint && !list[i].respelled)
            list[i].from_live = false; // it has the new spelling already
        if (!list[i].hint && !take_asked(diff, list, &list[i], err))
            return false;
    }
    take_hints(diff, list, count);
    for (size_t i = 0; i < count; i++) {
        const Candidate *second =
            list[i].hint && !list[i].taken ? in_circle(diff, list, count, &list[i]) : NULL;
        if (second)
            return refuse_circle(&list[i], second, err);
        if (list[i].taken)
            *VEC_PUSH(diff->arena, out) = list[i].effective;
    }
    return true;
}
