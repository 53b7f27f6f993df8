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

// The candidates by the place and name that they come from and by those that they go to.
typedef struct Candidates {
    const Diff *diff;
    Candidate *items;
    size_t count;
    NameTable from, to;
} Candidates;

// A name with the places that it must differ within: others may have it elsewhere, or of another kind.
static const char *name_in_place(const Diff *diff, const Rename *place, const char *name)
{
    const char *parts[] = { object_kinds[place->kind].word, place->schema, place->table, name };
    return placed_name(diff->scratch, parts, COUNT_OF(parts));
}

// Is one of the name at place `i`, or of those of this name behind it, taken?
static bool has_taken(const Candidates *all, const NameTable *table, size_t i)
{
    while (i != SIZE_MAX && !all->items[i].taken)
        i = name_table_next(table, i);
    return i != SIZE_MAX;
}

// The name will be free: another rename that is taken leaves it.
static bool is_vacated(const Candidates *all, const char *to)
{
    return has_taken(all, &all->from, name_table_first(&all->from, to));
}

// Another taken rename has the same old or the same new name.
static bool is_rivalled(const Candidates *all, const char *from, const char *to)
{
    return has_taken(all, &all->from, name_table_first(&all->from, from)) ||
           has_taken(all, &all->to, name_table_first(&all->to, to));
}

static bool may_take(const Candidates *all, size_t i)
{
    const Candidate *it = &all->items[i];
    const char *from = all->from.names[i], *to = all->to.names[i];
    return !it->taken && it->hint && it->from_live && it->wanted &&
           (!it->to_live || it->respelled || is_vacated(all, to)) && !is_rivalled(all, from, to);
}

// A hint of the model is taken when the old name is live and the new one is not, or is left by another that is taken; it
// stays harmless afterwards. One that is taken lets those that wait for its old name be taken, and so on along a chain.
static void take_hints(const Candidates *all)
{
    for (size_t i = 0; i < all->count; i++)
        for (size_t at = i; at != SIZE_MAX && may_take(all, at);) {
            all->items[at].taken = true;
            at = name_table_first(&all->to, all->from.names[at]);
            while (at != SIZE_MAX && !may_take(all, at))
                at = name_table_next(&all->to, at);
        }
}

// The hint that goes to the name that the one at place `i` comes from, and waits, since both names are live; SIZE_MAX: none.
static size_t waits_for(const Candidates *all, size_t i)
{
    size_t next = name_table_first(&all->to, all->from.names[i]);
    for (; next != SIZE_MAX; next = name_table_next(&all->to, next)) {
        const Candidate *it = &all->items[next];
        if (it->hint && !it->taken && it->from_live && it->to_live && it->wanted)
            break;
    }
    return next;
}

// Hints that name each other: a is said to be the old b, and b the old a. The result looks like the beginning. The place of
// one of them; SIZE_MAX: there are none. Each is walked over once: `walk` says from where.
static size_t find_circle(const Candidates *all)
{
    size_t *walk = arena_alloc(all->diff->scratch, (all->count + 1) * sizeof(*walk));
    for (size_t i = 0; i < all->count; i++) {
        size_t at = i;
        if (!all->items[i].hint || all->items[i].taken)
            continue;
        while (at != SIZE_MAX && !walk[at]) {
            walk[at] = i + 1;
            at = waits_for(all, at);
        }
        if (at != SIZE_MAX && walk[at] == i + 1)
            return at;
    }
    return SIZE_MAX;
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
static const Candidate *asked_before(const Candidates *all, size_t asked)
{
    size_t first = SIZE_MAX;
    for (int side = 0; side < 2; side++) {
        const NameTable *table = side ? &all->to : &all->from;
        size_t i = name_table_first(table, table->names[asked]);
        while (i < asked && all->items[i].hint)
            i = name_table_next(table, i);
        if (i < asked && i < first)
            first = i;
    }
    return first == SIZE_MAX ? NULL : &all->items[first];
}

// A rename that is asked for on the command line must be possible. Asked for twice it is made once, and two that exclude
// each other are refused: a script that renames one thing twice would fail at its second statement.
static bool take_asked(const Candidates *all, size_t i, Error *err)
{
    const Diff *diff = all->diff;
    Candidate *it = &all->items[i];
    if (!is_possible(it, err))
        return false;
    const Candidate *before = asked_before(all, i);
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

static Candidate candidate(const Diff *diff, const Schema *have, const RenameList *renames,
                           const Rename *rename)
{
    const char *old_table = old_table_name(diff, renames, rename, have);
    Table *table, *other;
    Object *from = find_renamed(diff, have, rename, old_table, rename->from, &table);
    Candidate it = {
        .effective = {rename, from, table},
        .hint = rename->at.file != NULL,
        .from_live = from != NULL,
        .to_live = find_renamed(diff, have, rename, old_table, rename->to, &other) != NULL,
        .wanted = find_renamed(diff, diff->want, rename, rename->table, rename->to, &other) != NULL,
    };
    const bool one_name = same_name(diff->dialect, rename->from, rename->to);
    it.respelled =
        one_name && from && strcmp(from->name, rename->from) == 0 && strcmp(rename->from, rename->to) != 0;
    if (one_name && it.hint && !it.respelled)
        it.from_live = false; // it has the new spelling already
    return it;
}

bool renames_choose(const Diff *diff, const Schema *have, const RenameList *renames, EffectiveList *out,
                    Error *err)
{
    const size_t count = renames->count;
    Candidates all = { .diff = diff,
                       .items = arena_alloc(diff->scratch, (count + 1) * sizeof(*all.items)),
                       .count = count,
                       .from = name_table_new(diff->scratch, diff->dialect, count),
                       .to = name_table_new(diff->scratch, diff->dialect, count) };
    for (size_t i = count; i-- > 0;) {
        const Rename *rename = &renames->items[i];
        all.items[i] = candidate(diff, have, renames, rename);
        name_table_enter(&all.from, i, name_in_place(diff, rename, rename->from));
        name_table_enter(&all.to, i, name_in_place(diff, rename, rename->to));
    }
    for (size_t i = 0; i < count; i++)
        if (!all.items[i].hint && !take_asked(&all, i, err))
            return false;
    take_hints(&all);
    const size_t first = find_circle(&all);
    if (first != SIZE_MAX)
        return refuse_circle(&all.items[first], &all.items[waits_for(&all, first)], err);
    for (size_t i = 0; i < count; i++)
        if (all.items[i].taken)
            *VEC_PUSH(diff->arena, out) = all.items[i].effective;
    return true;
}
