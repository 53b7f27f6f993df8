// Renames: a copy of the live schema under its new names, so that what merely follows a rename is no
// difference.
#include <string.h>

#include "core/dialect/sql.h"
#include "core/diff/diff_internal.h"

static const char *rewrite(const Diff *diff, const char *text, const char *from, const char *to)
{
    return sql_renamed(diff->arena, diff->dialect, text, from, to);
}

static void rewrite_parts(const Diff *diff, PartList *parts, const char *from, const char *to)
{
    VEC_EACH (Part, part, parts) {
        if (part->column && same_name(diff->dialect, part->column, from))
            part->column = to;
        part->expression = rewrite(diff, part->expression, from, to);
    }
}

static void rewrite_names(const Diff *diff, NameList *names, const char *from, const char *to)
{
    VEC_EACH (const char *, name, names)
        if (same_name(diff->dialect, *name, from))
            *name = to;
}

// Every text of a table: expressions of its columns, checks and indexes.
static void rewrite_table_texts(const Diff *diff, Table *table, const char *from, const char *to)
{
    VEC_EACH (Column *, it, &table->columns) {
        (*it)->generated = rewrite(diff, (*it)->generated, from, to);
        (*it)->default_sql = rewrite(diff, (*it)->default_sql, from, to);
    }
    VEC_EACH (Constraint *, it, &table->constraints) {
        (*it)->expression = rewrite(diff, (*it)->expression, from, to);
        (*it)->where = rewrite(diff, (*it)->where, from, to);
    }
    VEC_EACH (Index *, it, &table->indexes)
        (*it)->where = rewrite(diff, (*it)->where, from, to);
}

static void rewrite_objects(const Diff *diff, Schema *schema, const char *from, const char *to,
                            const char *mentioning)
{
    VEC_EACH (Object *, it, &schema->objects) {
        Object *object = *it;
        View *view = object->kind == OBJECT_VIEW ? (View *)(void *)object : NULL;
        const char *text = view ? view->query : object->definition;
        if (!text || !strcasestr(text, mentioning))
            continue;
        object->definition = rewrite(diff, object->definition, from, to);
        if (view)
            view->query = rewrite(diff, view->query, from, to);
    }
}

// Copies, so that the live schema stays as it was read.

#define COPY_LIST(diff, list)                                                                                \
    do {                                                                                                     \
        size_t bytes = (list)->count * sizeof(*(list)->items);                                               \
        void *copied = arena_alloc((diff)->arena, bytes ? bytes : 1);                                        \
        if (bytes)                                                                                           \
            memcpy(copied, (list)->items, bytes);                                                            \
        (list)->items = copied;                                                                              \
        (list)->capacity = (list)->count;                                                                    \
    } while (0)

static void *copy_bytes(const Diff *diff, const void *from, size_t size)
{
    void *to = arena_alloc(diff->arena, size);
    memcpy(to, from, size);
    return to;
}

static void copy_indexes(const Diff *diff, IndexList *indexes)
{
    COPY_LIST(diff, indexes);
    VEC_EACH (Index *, it, indexes) {
        *it = copy_bytes(diff, *it, sizeof(Index));
        COPY_LIST(diff, &(*it)->parts);
        COPY_LIST(diff, &(*it)->include);
    }
}

static Table *copy_table(const Diff *diff, const Table *from)
{
    Table *table = copy_bytes(diff, from, sizeof(Table));
    COPY_LIST(diff, &table->columns);
    COPY_LIST(diff, &table->constraints);
    VEC_EACH (Column *, it, &table->columns)
        *it = copy_bytes(diff, *it, sizeof(Column));
    VEC_EACH (Constraint *, it, &table->constraints) {
        *it = copy_bytes(diff, *it, sizeof(Constraint));
        COPY_LIST(diff, &(*it)->parts);
        COPY_LIST(diff, &(*it)->include);
        COPY_LIST(diff, &(*it)->referred_columns);
    }
    copy_indexes(diff, &table->indexes);
    return table;
}

typedef struct Remap {
    const Diff *diff;
    Object **by_slot;
    size_t count;
} Remap;

static void note_copy(void *payload, Object *object, Table *table)
{
    (void)table;
    Remap *remap = payload;
    if (object->slot < remap->count)
        remap->by_slot[object->slot] = object; // slots are still the original's
}

static void remap_depends(void *payload, Object *object, Table *table)
{
    (void)table;
    Remap *remap = payload;
    COPY_LIST(remap->diff, &object->depends_on);
    VEC_EACH (Object *, it, &object->depends_on)
        if ((*it)->slot < remap->count && remap->by_slot[(*it)->slot])
            *it = remap->by_slot[(*it)->slot];
}

static Schema *copy_schema(const Diff *diff, const Schema *from)
{
    Schema *schema = copy_bytes(diff, from, sizeof(Schema));
    COPY_LIST(diff, &schema->tables);
    COPY_LIST(diff, &schema->objects);
    VEC_EACH (Table *, it, &schema->tables)
        *it = copy_table(diff, *it);
    VEC_EACH (Object *, it, &schema->objects) {
        *it = copy_bytes(diff, *it, object_kinds[(*it)->kind].size);
        if ((*it)->kind == OBJECT_VIEW)
            copy_indexes(diff, &((View *)(void *)*it)->indexes);
    }
    Remap remap = { diff, arena_alloc(diff->arena, (from->object_count + 1) * sizeof(Object *)),
                    from->object_count };
    schema_walk(schema, note_copy, &remap);
    schema_walk(schema, remap_depends, &remap);
    return schema;
}

Schema *schema_copy(Arena *arena, const Schema *from)
{
    const Diff diff = { .arena = arena };
    return copy_schema(&diff, from);
}

// One rename on the copy.

static bool references(const Diff *diff, const Constraint *key, const char *schema, const char *table)
{
    return key->head.kind == OBJECT_FOREIGN_KEY && same_name(diff->dialect, key->referred_table, table) &&
           same_name(diff->dialect, key->referred_schema, schema);
}

// Renames `table` in the copy of the database's schema and all that refers to it. Texts follow only where the
// engine rewrites them on a rename (RENAMES_FOLLOW).
static void rename_table(const Diff *diff, Schema *schema, Table *table, const char *to)
{
    const char *from = table->head.name;
    VEC_EACH (Table *, it, &schema->tables)
        VEC_EACH (Constraint *, key, &(*it)->constraints)
            if (references(diff, *key, table->head.schema, from))
                (*key)->referred_table = to;
    table->head.name = to;
    VEC_EACH (Column *, it, &table->columns)
        (*it)->head.table = to;
    VEC_EACH (Constraint *, it, &table->constraints)
        (*it)->head.table = to;
    VEC_EACH (Index *, it, &table->indexes)
        (*it)->head.table = to;
    if (diff->dialect->caps & RENAMES_FOLLOW) {
        rewrite_objects(diff, schema, from, to, from);
        rewrite_table_texts(diff, table, from, to);
    }
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->table && same_name(diff->dialect, (*it)->table, from) &&
            same_name(diff->dialect, (*it)->schema, table->head.schema))
            (*it)->table = to;
}

static void rename_column(const Diff *diff, Schema *schema, Table *table, Column *column, const char *to)
{
    const char *from = column->head.name;
    column->head.name = to;
    VEC_EACH (Constraint *, it, &table->constraints) {
        rewrite_parts(diff, &(*it)->parts, from, to);
        rewrite_names(diff, &(*it)->include, from, to);
        if ((*it)->column && same_name(diff->dialect, (*it)->column, from))
            (*it)->column = to;
    }
    VEC_EACH (Index *, it, &table->indexes) {
        rewrite_parts(diff, &(*it)->parts, from, to);
        rewrite_names(diff, &(*it)->include, from, to);
    }
    rewrite_table_texts(diff, table, from, to);
    VEC_EACH (Table *, it, &schema->tables)
        VEC_EACH (Constraint *, key, &(*it)->constraints)
            if (references(diff, *key, table->head.schema, table->head.name))
                rewrite_names(diff, &(*key)->referred_columns, from, to);
    if (diff->dialect->caps & RENAMES_FOLLOW)
        rewrite_objects(diff, schema, from, to, table->head.name);
}

static void rename_object(const Diff *diff, Schema *schema, Object *object, const char *to)
{
    const char *from = object->name;
    object->name = to;
    if (object->kind == OBJECT_ENUM || object->kind == OBJECT_DOMAIN || object->kind == OBJECT_COMPOSITE)
        VEC_EACH (Table *, table, &schema->tables)
            VEC_EACH (Column *, column, &(*table)->columns) {
                (*column)->type = rewrite(diff, (*column)->type, from, to);
                (*column)->default_sql = rewrite(diff, (*column)->default_sql, from, to);
            }
    object->definition = rewrite(diff, object->definition, from, to);
    if (object->kind == OBJECT_VIEW) // its triggers and rules
        VEC_EACH (Object *, it, &schema->objects)
            if ((*it)->table && same_name(diff->dialect, (*it)->table, from) &&
                same_name(diff->dialect, (*it)->schema, object->schema))
                (*it)->table = to;
    if (diff->dialect->caps & RENAMES_FOLLOW)
        rewrite_objects(diff, schema, from, to, from);
}

// Slots of the copy are still the original's, so the copy of an object is found by its slot.
static Object *copy_of(const Remap *copies, const Object *original)
{
    return copies->by_slot[original->slot];
}

// Renames one object of the copy, and remembers the move for the engine to make.
static void rename_one(const Diff *diff, Schema *copy, const Remap *copies, const Effective *it,
                       const char *to, RenameMoveList *moves)
{
    Object *object = copy_of(copies, it->original);
    const char *from = object->name;
    *VEC_PUSH(diff->arena, moves) = (RenameMove){ .kind = object->kind,
                                                  .schema = object->schema,
                                                  .table = it->table && object->kind == OBJECT_COLUMN
                                                               ? copy_of(copies, &it->table->head)->name
                                                               : object->table,
                                                  .from = object->name,
                                                  .to = to };
    if (it->rename->kind == OBJECT_TABLE)
        rename_table(diff, copy, (Table *)(void *)object, to);
    else if (it->rename->kind == OBJECT_COLUMN)
        rename_column(diff, copy, (Table *)(void *)copy_of(copies, &it->table->head),
                      (Column *)(void *)object, to);
    else
        rename_object(diff, copy, object, to);
    if (diff->dialect->carry_rename)
        diff->dialect->carry_rename(diff->arena, copy, object, from);
}

// Does one rename take the name that another leaves? Then texts must not be read between the two.
static bool any_follows(const Diff *diff, const EffectiveList *chosen)
{
    VEC_EACH (Effective, a, chosen)
        VEC_EACH (Effective, b, chosen)
            if (a != b && a->rename->kind == b->rename->kind &&
                (a->rename->kind != OBJECT_COLUMN || a->table == b->table) &&
                same_name(diff->dialect, a->rename->to, b->rename->from))
                return true;
    return false;
}

// A column whose name is taken by another that is renamed: it goes out of the way before it is dropped.
static void displace_columns(const Diff *diff, const EffectiveList *chosen, EffectiveList *out)
{
    VEC_EACH (Effective, it, chosen) {
        *VEC_PUSH(diff->arena, out) = *it;
        bool left = it->rename->kind != OBJECT_COLUMN;
        VEC_EACH (Effective, other, chosen)
            left |=
                other->table == it->table && same_name(diff->dialect, other->rename->from, it->rename->to);
        VEC_EACH (Column *, column, &(it->table ? it->table : &(Table){ 0 })->columns) {
            if (left || !same_name(diff->dialect, (*column)->head.name, it->rename->to))
                continue;
            Rename *away = ARENA_NEW(diff->arena, Rename);
            *away = *it->rename;
            away->from = (*column)->head.name;
            away->to = arena_printf(diff->arena, "cmigrate_gone_%zu", out->count);
            *VEC_PUSH(diff->arena, out) = (Effective){ away, &(*column)->head, it->table };
        }
    }
}

typedef struct Displacing {
    const Diff *diff;
    const EffectiveList *chosen;
} Displacing;

// What has a name that another object takes, and does not leave it, is dropped.
static void mark_displaced(void *payload, Object *object, Table *table)
{
    const Displacing *d = payload;
    bool taken = false;
    (void)table;
    VEC_EACH (Effective, it, d->chosen) {
        if (it->original->slot == object->slot)
            return;
        taken |= object->name && object->kind != OBJECT_COLUMN && it->rename->kind == object->kind &&
                 same_name(d->diff->dialect, it->rename->to, object->name) &&
                 same_name(d->diff->dialect, it->original->schema, object->schema) &&
                 same_name(d->diff->dialect, it->original->table, object->table);
    }
    object->displaced = taken;
}

static void rename_all(const Diff *diff, Schema *copy, const Remap *copies, const EffectiveList *chosen,
                       bool columns, RenameMoveList *moves)
{
    bool by_third = any_follows(diff, chosen);
    for (size_t i = 0; by_third && i < chosen->count; i++)
        if ((chosen->items[i].rename->kind == OBJECT_COLUMN) == columns)
            rename_one(diff, copy, copies, &chosen->items[i],
                       arena_printf(diff->arena, "cmigrate_swap_%zu", i), moves);
    VEC_EACH (Effective, it, chosen)
        if ((it->rename->kind == OBJECT_COLUMN) == columns)
            rename_one(diff, copy, copies, it, it->rename->to, moves);
}

bool apply_renames(const Diff *diff, const Schema *have, const RenameList *renames,
                   const RenameOracle *oracle, const Schema **out, Error *err)
{
    *out = have;
    EffectiveList asked = { 0 }, chosen = { 0 };
    RenameMoveList moves = { 0 };
    if (!renames || !renames->count)
        return true;
    if (!renames_choose(diff, have, renames, &asked, err))
        return false;
    if (!asked.count)
        return true;
    displace_columns(diff, &asked, &chosen);
    Schema *copy = copy_schema(diff, have);
    Remap copies = { diff, arena_alloc(diff->arena, (have->object_count + 1) * sizeof(Object *)),
                     have->object_count };
    schema_walk(copy, note_copy, &copies);
    schema_walk(copy, mark_displaced, &(Displacing){ diff, &chosen });
    for (int columns = 0; columns < 2; columns++) { // tables first: a column's rename names its table again
        rename_all(diff, copy, &copies, &chosen, columns, &moves);
        VEC_EACH (Effective, it, &chosen) {
            if ((it->rename->kind == OBJECT_COLUMN) != (columns == 1))
                continue;
            Table *want_table;
            Object *want =
                find_renamed(diff, diff->want, it->rename, it->rename->table, it->rename->to, &want_table);
            if (!want) // displaced
                want = copy_of(&copies, it->original);
            add_change(diff, CHANGE_ALTER, it->original, want, it->table, want_table)->facets = FACET_NAME;
        }
    }
    if (oracle && !oracle->ask(oracle->payload, diff->arena, have, &moves, copy, err))
        return false;
    schema_sort(copy);
    *out = copy;
    return true;
}

static bool choose(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                   const RenameList *renames, EffectiveList *out, Error *err)
{
    Arena *scratch = arena_new();
    Diff diff = { .arena = arena, .scratch = scratch, .dialect = dialect, .have = have, .want = want };
    bool ok = renames_choose(&diff, have, renames, out, err);
    arena_free(scratch);
    return ok;
}

bool renames_made(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                  const RenameList *renames, RenameList *out, Error *err)
{
    EffectiveList chosen = { 0 };
    bool ok = choose(arena, dialect, have, want, renames, &chosen, err);
    VEC_EACH (Effective, it, &chosen)
        *VEC_PUSH(arena, out) = *it->rename;
    return ok;
}

bool renames_reversed(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                      const RenameList *renames, RenameList *out, Error *err)
{
    EffectiveList chosen = { 0 };
    bool ok = choose(arena, dialect, have, want, renames, &chosen, err);
    VEC_EACH (Effective, it, &chosen) {
        const Rename *rename = it->rename;
        // a column's table is named as the side one comes to calls it
        *VEC_PUSH(arena, out) = (Rename){ .kind = rename->kind,
                                          .schema = rename->schema,
                                          .table = it->table ? it->table->head.name : rename->table,
                                          .from = rename->to,
                                          .to = rename->from };
    }
    return ok;
}

// Two tables are alike when most of one's columns are in the other, with the same types.
static bool alike_tables(const Diff *diff, const Table *a, const Table *b)
{
    size_t same = 0;
    VEC_EACH (Column *, column, &a->columns) {
        const Column *other = table_column(b, (*column)->head.name);
        same += other && diff->dialect->same_type(diff->scratch, other->type, (*column)->type);
    }
    size_t most = a->columns.count > b->columns.count ? a->columns.count : b->columns.count;
    return most > 0 && same * 10 >= most * 7;
}

static bool alike(const Diff *diff, const Change *gone, const Change *made)
{
    if (gone->have->kind != made->want->kind ||
        !same_name(diff->dialect, gone->have->schema, made->want->schema))
        return false;
    if (gone->have->kind == OBJECT_TABLE)
        return alike_tables(diff, (const Table *)(const void *)gone->have,
                            (const Table *)(const void *)made->want);
    return gone->have->kind == OBJECT_COLUMN && gone->want_table == made->want_table &&
           differing_fields(diff, gone->have, made->want) == 0;
}

void renames_suspected(Arena *arena, const Dialect *dialect, const ChangeList *changes, RenameList *out)
{
    Arena *scratch = arena_new();
    Diff diff = { .arena = arena, .scratch = scratch, .dialect = dialect };
    VEC_EACH (Change, gone, changes) {
        if (gone->kind != CHANGE_DROP)
            continue;
        const Change *only = NULL;
        size_t candidates = 0;
        VEC_EACH (Change, made, changes)
            if (made->kind == CHANGE_CREATE && alike(&diff, gone, made)) {
                only = made;
                candidates++;
            }
        if (candidates == 1)
            *VEC_PUSH(arena, out) = (Rename){ .kind = gone->have->kind,
                                              .schema = gone->have->schema,
                                              .table = only->want->table,
                                              .from = gone->have->name,
                                              .to = only->want->name };
    }
    arena_free(scratch);
}
