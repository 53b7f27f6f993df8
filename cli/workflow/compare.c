#include "cli/workflow/compare.h"

#include <string.h>

#include "cli/workflow/model_ahead.h"
#include "cli/output/progress.h"
#include "cli/workflow/replay.h"
#include "core/base/clock.h"
#include "core/compare/sql_model.h"
#include "core/compare/unmanaged.h"
#include "core/base/file.h"

// A model of plain SQL, by way of a scratch place of its engine.
static bool read_sql_files(Session *session, const NameList *paths, Project *project, const Dialect *dialect,
                           Schema *out, Error *err)
{
    Db *scratch = NULL;
    if (!project->dialect || project->dialect != dialect) {
        error_set(err, ERR_CONFIG,
                  "a model of plain SQL is read by its engine, and no database of %s is named",
                  dialect->name);
        return error_hint(err, "Set url: in cmigrate.yaml, or give --url or CMIGRATE_URL.");
    }
    progress_begin(session->progress, "reading the model in a scratch place", 0, 0);
    bool ok = replay_open(session, project, &project->url, project->url_folder, &scratch, err) &&
              sql_model_read(session->arena, scratch, paths, &project->filter, out, err);
    progress_end(session->progress);
    db_close(scratch);
    progress_watch(session->progress, project->db);
    if (ok)
        project_claim(session, project, out);
    return ok;
}

bool compare_read_files(Session *session, const NameList *paths, Project *project, const Dialect *dialect,
                        Schema *out, RenameList *renames, Error *err)
{
    bool is_sql = false;
    if (!sql_model_is(session->arena, paths, &is_sql, err))
        return false;
    if (is_sql)
        return read_sql_files(session, paths, project, dialect, out, err);
    if (!compare_model(session->arena, paths, &project->filter, dialect, out, renames, err))
        return false;
    project_claim(session, project, out);
    return true;
}

bool compare_read_model(Session *session, Project *project, const Dialect *dialect, Comparison *out,
                        Error *err)
{
    out->want_title = project->schema_title;
    return compare_read_files(session, &project->schema, project, dialect, &out->want, &out->renames, err);
}

// What a command without a model is about: on a connection that does not work in the engine's usual schema, the schemas of
// its search path; else the whole database.
void compare_scope(Project *project)
{
    const char *usual = project->dialect->default_schema, *own = project->db->server.default_schema;
    if ((project->dialect->caps & CAN_SCHEMAS) && own && usual && strcmp(own, usual) != 0)
        project_claim_names(project, &project->db->server.search_path);
}

// The line at the top of what `inspect -o` made of a whole database.
const char compare_whole_mark[] = "# cmigrate: the whole database\n";

void compare_whole(Session *session, Project *project)
{
    Text text;
    size_t n = strlen(compare_whole_mark);
    project->whole = project->schema.count == 1 && file_exists(project->schema.items[0]) &&
                     file_read(session->arena, project->schema.items[0], 0, &text, NULL) && text.n >= n &&
                     memcmp(text.p, compare_whole_mark, n) == 0;
}

static void warn_of_unused(Session *session, const NameList *globs, const bool *used, SourcePos at,
                           const char *key)
{
    WarningList warnings = { 0 };
    for (size_t i = 0; i < globs->count && used; i++)
        if (!used[i] && strcmp(globs->items[i], "*") != 0)
            *VEC_PUSH(session->arena, &warnings) =
                (Warning){ .text =
                               arena_printf(session->arena, "%s: nothing matches '%s'", key, globs->items[i]),
                           .at = at };
    report_warnings(&session->report, &warnings);
}

static void warn_of_unused_kinds(Session *session, const KindPatternList *patterns, const char *key)
{
    WarningList warnings = { 0 };
    VEC_EACH (KindPattern, it, patterns)
        if (!it->used)
            *VEC_PUSH(session->arena, &warnings) =
                (Warning){ .text = arena_printf(session->arena, "%s: no %s matches '%s'", key,
                                                it->constraint ? "constraint" : object_kinds[it->kind].word,
                                                it->name),
                           .at = it->at };
    report_warnings(&session->report, &warnings);
}

void compare_report(Session *session, const Project *project, const Comparison *c)
{
    const Filter *filter = &project->filter;
    const Config *config = project->config;
    report_warnings(&session->report, &c->want.warnings);
    VEC_EACH (const char *, it, &c->left)
        report_note(&session->report, "%s", safe(session->arena, *it));
    warn_of_unused(session, &filter->include, filter->include_used, config->include_at, "include");
    warn_of_unused(session, &filter->exclude, filter->exclude_used, config->exclude_at, "exclude");
    warn_of_unused_kinds(session, &filter->include_kinds, "include");
    warn_of_unused_kinds(session, &filter->exclude_kinds, "exclude");
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

// A replay passes over subscriptions, which would reach their publishers: its side knows of none.
static void share_unreplayed(Session *session, Comparison *c)
{
    if (session->reached_out && unmanaged_share(session->arena, OBJECT_SUBSCRIPTION, c))
        report_note(&session->report,
                    "Subscriptions are not compared: a replay of the revisions does not make "
                    "them, for that would reach their publishers.");
}

bool compare_diff(Session *session, Db *db, Comparison *c, Error *err)
{
    const CompareEvents events = { .begins = show_stage, .ended = end_stage, .payload = session };
    c->columns_ordered = session->config.columns_ordered;
    c->environment = session->common.environment;
    c->without_data = session->without_data;
    c->allow_delete = session->allow_delete;
    c->spools = session->plans;
    share_unreplayed(session, c);
    return compare_schemas(session->arena, db, &events, c, err);
}

// A model that is read in a thread is waited for only when a schema turns up that it may or may not name.
typedef struct Reading {
    Session *session;
    Project *project;
    NameList names;
    bool known;
} Reading;

static bool names_schema(void *payload, const char *schema)
{
    Reading *reading = payload;
    if (reading->project->whole)
        return true;
    if (!reading->known)
        filter_claims(reading->session->arena, model_ahead_wait(reading->session, reading->project),
                      &reading->names);
    reading->known = true;
    return names_have(&reading->names, schema) || project_made(reading->project, OBJECT_SCHEMA, schema);
}

// A fault of the model is told before one of the database, whichever was read first.
static bool read_both(Session *session, Project *project, Db *db, Comparison *out, Error *err)
{
    if (!project->model_ahead)
        return compare_read_model(session, project, project->dialect, out, err) &&
               compare_read_database(session, project, db, &out->have, err);
    Error of_database = { 0 };
    Reading reading = { .session = session, .project = project };
    project->filter.names_schema = names_schema;
    project->filter.made = NULL;
    project->filter.payload = &reading;
    bool read = compare_read_database(session, project, db, &out->have, &of_database);
    project->filter.names_schema = NULL;
    out->want_title = project->schema_title;
    if (!model_ahead_take(session, project, &out->want, &out->renames, err))
        return false;
    project_claim(session, project, &out->want);
    if (!read)
        *err = of_database;
    return read;
}

bool compare_sides(Session *session, Project *project, Db *db, const NameList *renames, Comparison *out,
                   Error *err)
{
    if (renames && !compare_add_renames(session, out, renames, err))
        return false;
    unmanaged_leave(session->arena, &project->filter, project->config->unmanaged, project->whole, out);
    return compare_diff(session, db, out, err);
}

bool compare_project(Session *session, Project *project, Db *db, const char *title, const NameList *renames,
                     Comparison *out, Error *err)
{
    *out = (Comparison){ .dialect = db->dialect, .have_title = title };
    double start = now_ms();
    bool ok = read_both(session, project, db, out, err) && session_goes_on(session, err) &&
              compare_sides(session, project, db, renames, out, err) && session_goes_on(session, err);
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

// Finds out what OLD=NEW renames: with one, two or three parts in the old name it may be a table, a part of a
// table, or another object.
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
