#include "core/compare/unmanaged.h"

#include <fnmatch.h>
#include <string.h>

#include "core/compare/copies.h"
#include "core/compare/kept_partitions.h"

typedef struct Leaving {
    Arena *arena;
    const Filter *filter;
    Unmanaged unmanaged;
    bool whole;
    Comparison *c;
} Leaving;

// ---- Patterns for kinds

static bool pattern_is_for(const KindPattern *pattern, ObjectKind kind)
{
    bool constraint = object_kind_is_part(kind) && kind != OBJECT_COLUMN && kind != OBJECT_INDEX;
    return pattern->constraint ? constraint : pattern->kind == kind;
}

// A glob over the name, and over the name with its table's and its schema's before it.
static bool pattern_matches(const Filter *filter, KindPattern *pattern, const Object *object)
{
    char texts[3][1024];
    const char *table = object->table, *name = object->name ? object->name : "";
    const char *schema = object->schema ? object->schema : filter->default_schema;
    snprintf(texts[0], sizeof(texts[0]), "%s", name);
    snprintf(texts[1], sizeof(texts[1]), "%s.%s", table ? table : schema ? schema : "", name);
    snprintf(texts[2], sizeof(texts[2]), "%s.%s.%s", schema ? schema : "", table ? table : "", name);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (fnmatch(pattern->name, texts[i], filter->any_case ? FNM_CASEFOLD : 0) == 0) {
            pattern->used = true;
            return true;
        }
    return false;
}

static bool patterns_match(const Filter *filter, const KindPatternList *patterns, const Object *object,
                           bool *any)
{
    bool found = false;
    VEC_EACH (KindPattern, pattern, patterns) {
        if (!pattern_is_for(pattern, object->kind))
            continue;
        *any = true;
        found |= pattern_matches(filter, pattern, object);
    }
    return found;
}

// Does a pattern leave this very object out?
static bool is_left_out(const Filter *filter, const Object *object)
{
    bool excludes = false, includes = false;
    if (!filter)
        return false;
    if (patterns_match(filter, &filter->exclude_kinds, object, &excludes))
        return true;
    bool included = patterns_match(filter, &filter->include_kinds, object, &includes);
    return includes && !included;
}

// ---- What is left alone, and why

// What belongs to a database as a whole (extensions, publications, servers) is shared by all who use it: such a kind is the
// model's only where that has a section for it, empty or not. What lies in a schema is as much the model's as that.
static bool has_kind(const Leaving *l, ObjectKind kind)
{
    bool of_database = object_kind_is_global(kind) || kind == OBJECT_EXTENSION;
    if (l->whole || !of_database || kind == OBJECT_SCHEMA || (l->c->want.kinds & KIND_BIT(kind)))
        return true;
    VEC_EACH (Object *, it, &l->c->want.objects)
        if ((*it)->kind == kind)
            return true;
    return false;
}

static bool is_renamed(const Leaving *l, const Object *object)
{
    VEC_EACH (Rename, it, &l->c->renames)
        if (it->kind == object->kind && object->name && strcmp(it->from, object->name) == 0)
            return true;
    return false;
}

static void report(const Leaving *l, const Object *object, const char *why)
{
    *VEC_PUSH(l->arena, &l->c->left) =
        arena_printf(l->arena, "%s %s is left alone: %s", object_kinds[object->kind].word,
                     object_title(l->arena, object), why);
}

// The model has something in the schema, so that it means the schema to be there, whoever makes it.
static bool is_used(const Leaving *l, const char *schema)
{
    VEC_EACH (Table *, it, &l->c->want.tables)
        if (same_text((*it)->head.schema, schema))
            return true;
    VEC_EACH (Object *, it, &l->c->want.objects)
        if (same_text((*it)->schema, schema))
            return true;
    return false;
}

// An object that the model does not have: true where it stays.
static bool stays(const Leaving *l, const Object *object)
{
    const char *tool = object->kind == OBJECT_TABLE ? filter_foreign_tool(object->name) : NULL;
    if (is_left_out(l->filter, object))
        return true;
    if (tool) {
        report(l, object, arena_printf(l->arena, "%s keeps its history there", tool));
        return true;
    }
    if (is_renamed(l, object))
        return false;
    if (l->unmanaged != UNMANAGED_DROP) {
        if (l->unmanaged == UNMANAGED_WARN)
            report(l, object, "the model does not have it");
        return true;
    }
    if (object->kind == OBJECT_SCHEMA &&
        (is_used(l, object->name) || !filter_owns_schema(l->filter, object->name)))
        return true;
    // Every database has its settings, and none can be without: that the model says nothing of them is no news.
    if (object->kind == OBJECT_DATABASE && !has_kind(l, object->kind))
        return true;
    const Filter *filter = l->filter;
    if (has_kind(l, object->kind) ||
        (filter && filter->made && filter->made(filter->payload, object->kind, object->name)))
        return false;
    report(l, object,
           arena_printf(l->arena, "the model has no section '%s'", object_kinds[object->kind].yaml));
    return true;
}

static const Table *table_of(const Schema *schema, const Object *object)
{
    return object->table ? schema_table(schema, object->schema, object->table) : NULL;
}

// The lists of a table hold pointers to structs that begin with an Object.
typedef VEC(Object *) PartsOfTable;

static Object *find_named(const PartsOfTable *parts, const Object *like)
{
    VEC_EACH (Object *, it, parts)
        if ((*it)->kind == like->kind && (*it)->name && like->name && strcmp((*it)->name, like->name) == 0)
            return *it;
    return NULL;
}

// Of one list of a table: what patterns leave out is as the database has it.
static void leave_parts(const Leaving *l, const PartsOfTable *have, PartsOfTable *want, size_t size)
{
    size_t kept = 0;
    for (size_t i = 0; i < want->count; i++)
        if (!is_left_out(l->filter, want->items[i]))
            want->items[kept++] = want->items[i];
    want->count = kept;
    VEC_EACH (Object *, it, have)
        if (is_left_out(l->filter, *it) && !find_named(want, *it))
            *VEC_PUSH(l->arena, want) = object_copied_as(l->arena, *it, size);
}

static void leave_parts_of(const Leaving *l, const Table *have, Table *want)
{
    leave_parts(l, (const PartsOfTable *)(const void *)&have->columns, (PartsOfTable *)(void *)&want->columns,
                sizeof(Column));
    leave_parts(l, (const PartsOfTable *)(const void *)&have->constraints,
                (PartsOfTable *)(void *)&want->constraints, sizeof(Constraint));
    leave_parts(l, (const PartsOfTable *)(const void *)&have->indexes, (PartsOfTable *)(void *)&want->indexes,
                sizeof(Index));
}

static bool has_kind_patterns(const Filter *filter)
{
    return filter && (filter->exclude_kinds.count || filter->include_kinds.count);
}

// What the model declares and a pattern leaves out is not created: the wanted side has it only where the database does.
static void remove_left_out(const Leaving *l)
{
    Schema *want = &l->c->want;
    size_t kept = 0;
    for (size_t i = 0; i < want->tables.count; i++)
        if (!is_left_out(l->filter, &want->tables.items[i]->head))
            want->tables.items[kept++] = want->tables.items[i];
    want->tables.count = kept;
    kept = 0;
    for (size_t i = 0; i < want->objects.count; i++)
        if (!is_left_out(l->filter, want->objects.items[i]))
            want->objects.items[kept++] = want->objects.items[i];
    want->objects.count = kept;
    schema_sort(want);
}

// May rights hide an object that the model has? None can be on a table that is not there.
static bool is_hidden(const Leaving *l, const Object *want)
{
    const Schema *have = &l->c->have;
    if (!(have->hidden & KIND_BIT(want->kind)) || schema_counterpart(have, want) ||
        (want->table && !schema_table(have, want->schema, want->table)))
        return false;
    VEC_EACH (Object *, it, &have->unread)
        if ((*it)->kind == want->kind && same_text((*it)->name, want->name))
            return false; // told of already
    return true;
}

// What the model has of a kind that rights hide may be there: to create it would fail.
static void leave_hidden(const Leaving *l, ObjectList *objects)
{
    VEC_EACH (Object *, it, &l->c->want.objects) {
        const Object *want = *it;
        if (!is_hidden(l, want))
            continue;
        *VEC_PUSH(l->arena, objects) = object_copied(l->arena, want);
        *VEC_PUSH(l->arena, &l->c->left) =
            arena_printf(l->arena, "The %s '%s' is not compared: this user lacks the right to see it.",
                         object_kinds[want->kind].word, want->name);
    }
}

// What is in the database and could not be read makes no difference: the live side has it as the model does.
static void leave_unread(const Leaving *l)
{
    TableList tables = { 0 };
    ObjectList objects = { 0 };
    VEC_EACH (Object *, it, &l->c->have.unread) {
        const Object *unread = *it;
        const Table *table =
            unread->kind == OBJECT_TABLE ? schema_table(&l->c->want, unread->schema, unread->name) : NULL;
        const Object *object = unread->kind == OBJECT_TABLE ? NULL : schema_counterpart(&l->c->want, unread);
        if (!table && !object)
            continue;
        if (table)
            *VEC_PUSH(l->arena, &tables) = table_copied(l->arena, table);
        else
            *VEC_PUSH(l->arena, &objects) = object_copied(l->arena, object);
        *VEC_PUSH(l->arena, &l->c->left) =
            arena_printf(l->arena, "The %s '%s' is not compared: this user may not read it.",
                         object_kinds[unread->kind].word, unread->name);
    }
    leave_hidden(l, &objects);
    if (!tables.count && !objects.count)
        return;
    schema_add_tables(l->arena, &l->c->have, &tables);
    schema_add_objects(l->arena, &l->c->have, &objects);
    schema_sort(&l->c->have);
}

void unmanaged_leave(Arena *arena, const Filter *filter, Unmanaged unmanaged, bool whole, Comparison *c)
{
    Leaving l = { .arena = arena, .filter = filter, .unmanaged = unmanaged, .whole = whole, .c = c };
    bool patterns = has_kind_patterns(filter);
    TableList tables = { 0 };
    ObjectList objects = { 0 };
    if (patterns)
        remove_left_out(&l);
    leave_unread(&l);
    c->model = c->want;
    partitions_leave(arena, &c->model, &c->renames, c);
    VEC_EACH (Table *, have, &c->have.tables) {
        Table *want = schema_table(&c->want, (*have)->head.schema, (*have)->head.name);
        if (want && patterns)
            leave_parts_of(&l, *have, want);
        else if (!want && stays(&l, &(*have)->head))
            *VEC_PUSH(arena, &tables) = table_copied(arena, *have);
    }
    VEC_EACH (Object *, have, &c->have.objects) {
        if (schema_counterpart(&c->want, *have))
            continue;
        // what depends on a table that stays does so too
        const Table *on = table_of(&c->have, *have);
        bool with_table = on && !table_of(&c->want, *have) && !is_renamed(&l, &on->head) &&
                          (filter_foreign_tool(on->head.name) || is_left_out(filter, &on->head));
        if (with_table || stays(&l, *have))
            *VEC_PUSH(arena, &objects) = object_copied(arena, *have);
    }
    schema_add_tables(arena, &c->want, &tables);
    schema_add_objects(arena, &c->want, &objects);
    if (tables.count || objects.count || patterns)
        schema_sort(&c->want);
}

static bool take_missing(Arena *arena, ObjectKind kind, const Schema *from, Schema *to)
{
    ObjectList missing = { 0 };
    VEC_EACH (Object *, it, &from->objects)
        if ((*it)->kind == kind && !schema_counterpart(to, *it))
            *VEC_PUSH(arena, &missing) = object_copied(arena, *it);
    if (!missing.count)
        return false;
    schema_add_objects(arena, to, &missing);
    schema_sort(to);
    return true;
}

bool unmanaged_share(Arena *arena, ObjectKind kind, Comparison *c)
{
    bool taken = take_missing(arena, kind, &c->have, &c->want);
    return take_missing(arena, kind, &c->want, &c->have) || taken;
}

static void remove_parts(const Filter *filter, PartsOfTable *parts)
{
    size_t kept = 0;
    for (size_t i = 0; i < parts->count; i++)
        if (!is_left_out(filter, parts->items[i]))
            parts->items[kept++] = parts->items[i];
    parts->count = kept;
}

void unmanaged_remove(const Filter *filter, Schema *schema)
{
    Comparison c = { .want = *schema };
    const Leaving l = { .filter = filter, .c = &c };
    if (!has_kind_patterns(filter))
        return;
    remove_left_out(&l);
    VEC_EACH (Table *, it, &c.want.tables) {
        remove_parts(filter, (PartsOfTable *)(void *)&(*it)->columns);
        remove_parts(filter, (PartsOfTable *)(void *)&(*it)->constraints);
        remove_parts(filter, (PartsOfTable *)(void *)&(*it)->indexes);
    }
    schema_sort(&c.want);
    *schema = c.want;
}
