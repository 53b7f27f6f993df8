// What SQLite makes of other texts when a table or a column is renamed: the schema is created in a memory database,
// renamed there by the same ALTER TABLE statements, and read back.
//
// ALTER TABLE ... RENAME parses every view and trigger of the schema and fails at the first that cannot be resolved. Such
// an object is dropped here and marked: the plan drops it before the rename and creates it again afterwards.
#include "drivers/sqlite/canonical/stage.h"

#include <string.h>

typedef struct Renaming {
    Arena *arena;
    Stage stage;
    const Schema *have;
    Schema *copy;
    Schema before, after; // as read from the stage
    NameList removed;     // views and triggers that hinder renames
} Renaming;

typedef struct TextPair {
    const char *old, *new;
} TextPair;
typedef VEC(TextPair) TextPairList;

static bool is_removed(const Renaming *r, const char *name)
{
    VEC_EACH (const char *, it, &r->removed)
        if (sqlite_same_name(*it, name))
            return true;
    return false;
}

// "error in view NAME: ..." or "error in view NAME after rename: ...", as alter.c of SQLite writes it.
static bool is_blamed(const char *message, const Object *object)
{
    const char *at = strstr(message, object->kind == OBJECT_VIEW ? "error in view " : "error in trigger ");
    if (!at)
        return false;
    at += strlen(object->kind == OBJECT_VIEW ? "error in view " : "error in trigger ");
    size_t n = strlen(object->name);
    return strncmp(at, object->name, n) == 0 && (at[n] == ':' || strncmp(at + n, " after ", 7) == 0);
}

// Drops the view or trigger that the last error names; false: it names none.
static bool remove_blamed(Renaming *r, const char *message)
{
    VEC_EACH (Object *, it, &r->have->objects) {
        if (((*it)->kind != OBJECT_VIEW && (*it)->kind != OBJECT_TRIGGER) || is_removed(r, (*it)->name) ||
            !is_blamed(message, *it))
            continue;
        StrBuf text;
        strbuf_init(&text, r->arena);
        if ((*it)->kind == OBJECT_VIEW)
            sql(&text, &sqlite_dialect, KW("DROP VIEW"), ID((*it)->name));
        else
            sql(&text, &sqlite_dialect, KW("DROP TRIGGER"), ID((*it)->name));
        *VEC_PUSH(r->arena, &r->removed) = (*it)->name;
        Error ignored = { 0 };
        return stage_takes(&r->stage, text.text, &ignored);
    }
    return false;
}

static bool alter(Renaming *r, const char *text, Error *why)
{
    for (;;) {
        *why = (Error){ 0 };
        if (stage_takes(&r->stage, text, why))
            return true;
        if (!remove_blamed(r, why->message))
            return false;
    }
}

static bool rename_table(Renaming *r, const char *from, const char *to, Error *why)
{
    StrBuf text;
    strbuf_init(&text, r->arena);
    sql(&text, &sqlite_dialect, KW("ALTER TABLE"), ID(from), KW("RENAME TO"), ID(to));
    return alter(r, text.text, why);
}

// A table whose name another one takes is dropped by the plan before the rename: so here too.
static bool make_way(Renaming *r, const char *name, Error *why)
{
    StrBuf text;
    strbuf_init(&text, r->arena);
    sql(&text, &sqlite_dialect, KW("DROP TABLE IF EXISTS"), ID(name));
    return stage_takes(&r->stage, text.text, why);
}

static bool make_move(Renaming *r, const RenameMove *move, Error *why)
{
    if (move->kind == OBJECT_COLUMN) {
        StrBuf text;
        strbuf_init(&text, r->arena);
        sql(&text, &sqlite_dialect, KW("ALTER TABLE"), ID(move->table), KW("RENAME COLUMN"), ID(move->from),
            KW("TO"), ID(move->to));
        return alter(r, text.text, why);
    }
    if (move->kind != OBJECT_TABLE)
        return true; // SQLite renames no others: they are dropped and created
    if (!sqlite_same_name(move->from, move->to))
        return make_way(r, move->to, why) && rename_table(r, move->from, move->to, why);
    const char *third = sqlite_third_name(r->arena, move->to); // SQLite takes both for one name
    return rename_table(r, move->from, third, why) && rename_table(r, third, move->to, why);
}

// ---- Texts before and after, found by what they were

static void add_pair(Arena *arena, TextPairList *pairs, const char *old, const char *new)
{
    if (old && new)
        *VEC_PUSH(arena, pairs) = (TextPair){ old, new };
}

static void pair_parts(Arena *arena, TextPairList *pairs, const PartList *old, const PartList *new)
{
    for (size_t i = 0; i < old->count && i < new->count; i++)
        add_pair(arena, pairs, old->items[i].expression, new->items[i].expression);
}

// Both were read from one table, so that their parts are in one order.
static void pair_tables(Arena *arena, TextPairList *pairs, const Table *old, const Table *new)
{
    for (size_t i = 0; i < old->columns.count && i < new->columns.count; i++) {
        add_pair(arena, pairs, old->columns.items[i]->generated, new->columns.items[i]->generated);
        add_pair(arena, pairs, old->columns.items[i]->default_sql, new->columns.items[i]->default_sql);
    }
    for (size_t i = 0; i < old->constraints.count && i < new->constraints.count; i++)
        add_pair(arena, pairs, old->constraints.items[i]->expression, new->constraints.items[i]->expression);
    for (size_t i = 0; i < old->indexes.count && i < new->indexes.count; i++) {
        add_pair(arena, pairs, old->indexes.items[i]->where, new->indexes.items[i]->where);
        pair_parts(arena, pairs, &old->indexes.items[i]->parts, &new->indexes.items[i]->parts);
    }
}

static void follow(const Renaming *r, const TextPairList *pairs, const char *was, const char **text)
{
    VEC_EACH (TextPair, pair, pairs)
        if (was && sql_same_tokens(r->arena, pair->old, was, SQLITE_LEX)) {
            *text = pair->new;
            return;
        }
}

static void follow_parts(const Renaming *r, const TextPairList *pairs, const PartList *was, PartList *parts)
{
    for (size_t i = 0; i < was->count; i++)
        follow(r, pairs, was->items[i].expression, &parts->items[i].expression);
}

static const Table *find_table(const Schema *schema, const char *name)
{
    VEC_EACH (Table *, it, &schema->tables)
        if (sqlite_same_name((*it)->head.name, name))
            return *it;
    return NULL;
}

// Takes SQLite's new texts for what the rename changed. The two tables have their parts at the same places.
static void follow_table(const Renaming *r, const Table *was, Table *table)
{
    const Table *old = find_table(&r->before, was->head.name);
    const Table *new = find_table(&r->after, table->head.name);
    if (!old || !new)
        return;
    if (table->ddl)
        table->ddl = new->ddl;
    if (table->is_virtual)
        table->head.definition = new->head.definition;
    TextPairList pairs = { 0 };
    pair_tables(r->arena, &pairs, old, new);
    for (size_t i = 0; i < was->columns.count; i++) {
        follow(r, &pairs, was->columns.items[i]->generated, &table->columns.items[i]->generated);
        follow(r, &pairs, was->columns.items[i]->default_sql, &table->columns.items[i]->default_sql);
    }
    for (size_t i = 0; i < was->constraints.count; i++)
        follow(r, &pairs, was->constraints.items[i]->expression, &table->constraints.items[i]->expression);
    for (size_t i = 0; i < was->indexes.count; i++) {
        follow(r, &pairs, was->indexes.items[i]->where, &table->indexes.items[i]->where);
        follow_parts(r, &pairs, &was->indexes.items[i]->parts, &table->indexes.items[i]->parts);
    }
}

static const Object *find_object(const Schema *schema, ObjectKind kind, const char *name)
{
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == kind && sqlite_same_name((*it)->name, name))
            return *it;
    return NULL;
}

// Views and triggers that are renamed themselves, and the triggers of such a view, are dropped and created: they keep the
// guess.
static void follow_object(const Renaming *r, const Object *was, Object *object)
{
    bool of_renamed_view = object->kind == OBJECT_TRIGGER && !sqlite_same_name(was->table, object->table) &&
                           !find_table(r->have, was->table);
    if (object->kind != OBJECT_VIEW && object->kind != OBJECT_TRIGGER)
        return;
    object->blocks_renames = is_removed(r, was->name);
    if (of_renamed_view)
        return;
    const Object *new = object->blocks_renames ? was : find_object(&r->after, object->kind, object->name);
    if (!new)
        return;
    if (object->kind == OBJECT_VIEW)
        ((View *)(void *)object)->query = ((const View *)(const void *)new)->query;
    else
        object->definition = new->definition;
}

static void note_original(void *payload, Object *object, Table *table)
{
    (void)table;
    const Object **by_slot = payload;
    by_slot[object->slot] = object;
}

static void follow_all(const Renaming *r)
{
    const Object **by_slot = arena_alloc(r->arena, (r->have->object_count + 1) * sizeof(Object *));
    schema_walk(r->have, note_original, by_slot);
    VEC_EACH (Table *, it, &r->copy->tables)
        follow_table(r, (const Table *)(const void *)by_slot[(*it)->head.slot], *it);
    VEC_EACH (Object *, it, &r->copy->objects)
        follow_object(r, by_slot[(*it)->slot], *it);
}

static bool refuse(const RenameMove *move, const Error *why, Error *err)
{
    error_set(err, ERR_SCHEMA, "SQLite cannot rename %s '%s%s%s' to '%s': %s", object_kinds[move->kind].word,
              move->table ? move->table : "", move->table ? "." : "", move->from, move->to, why->message);
    error_native(err, why->native);
    return error_hint(err, "Fix what the message names first, in a revision of its own.");
}

// A table that could not be created on the stage cannot be renamed there: it keeps the guess.
static bool rename_all(Renaming *r, const RenameMoveList *moves, Error *err)
{
    VEC_EACH (RenameMove, move, moves) {
        Error why = { 0 };
        if (make_move(r, move, &why))
            continue;
        if (why.code == ERR_INTERRUPTED) {
            *err = why;
            return false;
        }
        if (!r->stage.incomplete)
            return refuse(move, &why, err);
    }
    return true;
}

bool sqlite_follow_renames(Db *db, Arena *arena, const Schema *have, const RenameMoveList *moves,
                           Schema *copy, Error *err)
{
    Renaming r = { .arena = arena, .have = have, .copy = copy };
    Filter all = { 0 };
    if (!stage_open(db, arena, &r.stage, err))
        return false;
    stage_build(&r.stage, have);
    bool ok = sqlite_introspect(r.stage.db, arena, &all, &r.before, err) && rename_all(&r, moves, err) &&
              sqlite_introspect(r.stage.db, arena, &all, &r.after, err);
    if (ok)
        follow_all(&r);
    db_close(r.stage.db);
    return ok;
}
