#include "cli/workflow/compare.h"

#include <string.h>

#include "cli/workflow/model_ahead.h"
#include "cli/output/progress.h"
#include "core/base/clock.h"

bool compare_read_files(Session *session, const NameList *paths, const Project *project,
                        const Dialect *dialect, Schema *out, RenameList *renames, Error *err)
{
    return compare_model(session->arena, paths, &project->filter, dialect, out, renames, err);
}

bool compare_read_model(Session *session, const Project *project, const Dialect *dialect, Comparison *out,
                        Error *err)
{
    out->want_title = project->schema_title;
    return compare_read_files(session, &project->schema, project, dialect, &out->want, &out->renames, err);
}

bool compare_read_database(Session *session, const Project *project, Db *db, Schema *out, Error *err)
{
    progress_begin(session->progress, "reading the database", 0, 0);
    bool ok = db->driver->introspect(db, session->arena, &project->filter, out, err);
    progress_end(session->progress);
    return ok;
}

static void show_stage(void *payload, const char *stage)
{
    const Session *session = payload;
    progress_begin(session->progress, stage, 0, 0);
}

static void end_stage(void *payload)
{
    const Session *session = payload;
    progress_end(session->progress);
}

bool compare_diff(Session *session, Db *db, Comparison *c, Error *err)
{
    const CompareEvents events = { .begins = show_stage, .ended = end_stage, .payload = session };
    c->columns_ordered = session->config.columns_ordered;
    return compare_schemas(session->arena, db, &events, c, err);
}

// A fault of the model is told before one of the database, whichever was read first.
static bool read_both(Session *session, Project *project, Db *db, Comparison *out, Error *err)
{
    if (!project->model_ahead)
        return compare_read_model(session, project, project->dialect, out, err) &&
               compare_read_database(session, project, db, &out->have, err);
    Error of_database = { 0 };
    bool read = compare_read_database(session, project, db, &out->have, &of_database);
    out->want_title = project->schema_title;
    if (!model_ahead_take(session, project, &out->want, &out->renames, err))
        return false;
    if (!read)
        *err = of_database;
    return read;
}

bool compare_project(Session *session, Project *project, Db *db, const char *title, const NameList *renames,
                     Comparison *out, Error *err)
{
    *out = (Comparison){ .dialect = db->dialect, .have_title = title };
    double start = now_ms();
    if (!read_both(session, project, db, out, err))
        return false;
    if (renames && !compare_add_renames(session, out, renames, err))
        return false;
    bool ok = compare_diff(session, db, out, err);
    out->ms = now_ms() - start;
    return ok;
}

static bool bad_rename(const char *text, Error *err)
{
    error_set(err, ERR_USAGE, "--rename '%s' is not OLD=NEW", text);
    return error_hint(err, "Write --rename old_table=new_table, or --rename table.old_column=new_column.");
}

// The table under its new name, where the same call renames it too.
static const char *new_table_name(const RenameList *renames, const char *schema, const char *name)
{
    VEC_EACH (Rename, it, renames)
        if (it->kind == OBJECT_TABLE && strcmp(it->from, name) == 0 &&
            (it->schema ? schema && strcmp(it->schema, schema) == 0 : !schema))
            return it->to;
    return name;
}

static const Object *find_object(const Schema *have, const char *schema, const char *name)
{
    VEC_EACH (Object *, it, &have->objects)
        if ((*it)->name && strcmp((*it)->name, name) == 0 &&
            ((*it)->schema ? schema && strcmp((*it)->schema, schema) == 0 : !schema))
            return *it;
    return NULL;
}

// A part of a table that has this name: a column, a constraint or an index.
static bool find_part(const Table *table, const char *name, ObjectKind *kind)
{
    if (!table)
        return false;
    if (table_column(table, name)) {
        *kind = OBJECT_COLUMN;
        return true;
    }
    const Constraint *constraint = table_constraint(table, name);
    const Index *index = table_index(table, name);
    if (constraint)
        *kind = constraint->head.kind;
    else if (index)
        *kind = OBJECT_INDEX;
    return constraint || index;
}

static bool no_such_table(const Schema *have, const char *name, Error *err)
{
    const char *names[256];
    size_t count = 0;
    VEC_EACH (Table *, it, &have->tables)
        if (count < COUNT_OF(names))
            names[count++] = (*it)->head.name;
    error_set(err, ERR_USAGE, "--rename: the database has no '%s'", name);
    const char *near = nearest_word(name, names, count);
    return near ? error_hint(err, "Did you mean '%s'?", near)
                : error_hint(err, "OLD is a table, or table.column, by the name it has in the database.");
}

static bool no_such_part(const Table *table, const char *name, Error *err)
{
    const char *names[256];
    size_t count = 0;
    VEC_EACH (Column *, it, &table->columns)
        if (count < COUNT_OF(names))
            names[count++] = (*it)->head.name;
    error_set(err, ERR_USAGE, "--rename: table '%s' has no column '%s'", table->head.name, name);
    const char *near = nearest_word(name, names, count);
    return near ? error_hint(err, "Did you mean '%s'?", near) : false;
}

static bool resolve_rename(Arena *arena, const Schema *have, RenameList *renames, const char *old,
                           const NameList *parts, const char *to, Error *err)
{
    const char *const *p = parts->items;
    size_t n = parts->count;
    const char *last = p[n - 1];
    const char *schema = NULL, *owner = NULL;
    const Table *table = NULL;
    Rename rename = { .from = last, .to = to };
    if (n == 2 && (table = schema_table(have, NULL, p[0])))
        owner = p[0];
    else if (n == 2)
        schema = p[0];
    else if (n == 3 && (table = schema_table(have, p[0], p[1])))
        schema = p[0], owner = p[1];
    if (owner) {
        if (!find_part(table, last, &rename.kind))
            return no_such_part(table, last, err);
        rename.table = new_table_name(renames, schema, owner);
    } else if (n < 3 && schema_table(have, schema, last)) {
        rename.kind = OBJECT_TABLE;
    } else {
        const Object *object = n < 3 ? find_object(have, schema, last) : NULL;
        if (!object)
            return no_such_table(have, n == 1 ? old : p[n - 2], err);
        rename.kind = object->kind;
    }
    rename.schema = schema;
    *VEC_PUSH(arena, renames) = rename;
    return true;
}

// OLD=SCHEMA.NEW, where OLD lies in another schema. (TABLE.OLD=TABLE.NEW names a column.)
static bool moves_schema(const Schema *have, const NameList *from, const char *schema)
{
    if (from->count > 1)
        return !schema_table(have, NULL, from->items[0]) && strcmp(from->items[0], schema) != 0;
    const char *usual = have->server.default_schema;
    return !usual || strcmp(usual, schema) != 0;
}

static bool cannot_move(const char *old, const NameList *to, Error *err)
{
    error_set(err, ERR_USAGE, "--rename: '%s' cannot move to schema '%s'", old, to->items[0]);
    return error_hint(err, "Move it in a revision of your own: ALTER … SET SCHEMA %s.", to->items[0]);
}

bool compare_add_renames(Session *session, Comparison *c, const NameList *given, Error *err)
{
    Arena *arena = session->arena;
    // tables first, so that a column's rename finds its table's new name
    for (int round = 0; round < 2; round++) {
        VEC_EACH (const char *, text, given) {
            const char *equals = strchr(*text, '=');
            if (!equals || equals == *text || !equals[1])
                return bad_rename(*text, err);
            const char *old = arena_strndup(arena, *text, (size_t)(equals - *text));
            NameList from = { 0 }, to = { 0 };
            if (!name_split(arena, old, &from) || !name_split(arena, equals + 1, &to) || from.count > 3)
                return bad_rename(*text, err);
            bool of_table =
                from.count == 1 || (from.count == 2 && schema_table(&c->have, from.items[0], from.items[1]));
            if (of_table != (round == 0))
                continue;
            if (to.count == 2 && moves_schema(&c->have, &from, to.items[0]))
                return cannot_move(old, &to, err);
            if (!resolve_rename(arena, &c->have, &c->renames, old, &from, to.items[to.count - 1], err))
                return false;
        }
    }
    return true;
}
