// Database and model, for a program: how many differences, and which.
#include "core/api/internal.h"
#include "core/compare/sql_model.h"
#include "core/compare/unmanaged.h"
#include "core/revision/made.h"

typedef struct Ours {
    NameList claims;
    MadeList made;
} Ours;

static bool is_claimed(void *payload, const char *schema)
{
    const Ours *ours = payload;
    return names_have(&ours->claims, schema);
}

static bool was_made(void *payload, ObjectKind kind, const char *name)
{
    const Ours *ours = payload;
    return made_has(&ours->made, kind, name);
}

// A model of plain SQL is run in a scratch place of the database's own engine.
static bool read_model(Cmigrate *m, const Filter *filter, Comparison *c, Error *err)
{
    bool sql = false;
    Db *scratch = NULL;
    if (!sql_model_is(m->scratch, &m->schema, &sql, err))
        return false;
    if (!sql)
        return compare_model(m->scratch, &m->schema, filter, c->dialect, &c->want, &c->renames, err);
    bool ok =
        m->db->driver->scratch
            ? db_scratch(m->db, m->scratch, &scratch, err) &&
                  sql_model_read(m->scratch, scratch, &m->schema, filter, &c->want, err)
            : error_set(err, ERR_UNSUPPORTED, "this engine has no scratch place to read a model of SQL in");
    db_close(scratch);
    return ok;
}

// Reads both sides and compares them. The filter needs the model first: what the model or a revision makes is
// ours even where no pattern includes it.
static bool compare(Cmigrate *m, const Graph *graph, Comparison *out, Error *err)
{
    Comparison c = { .dialect = m->db->dialect,
                     .columns_ordered = m->config.columns_ordered,
                     .environment = m->options.environment };
    Ours ours = { 0 };
    Filter filter = m->filter;
    if (!read_model(m, &filter, &c, err))
        return false;
    filter_claims(m->scratch, &c.want, &ours.claims);
    if (c.dialect->caps & CAN_SCHEMAS)
        made_by_graph(m->scratch, graph, c.dialect, &ours.made);
    filter.names_schema = is_claimed;
    filter.made = was_made;
    filter.payload = &ours;
    if (!m->db->driver->introspect(m->db, m->scratch, &filter, &c.have, err) ||
        (unmanaged_leave(m->scratch, &filter, m->config.unmanaged, false, &c), false) ||
        !compare_schemas(m->scratch, m->db, NULL, &c, err))
        return false;
    compare_certain(m->scratch, &c);
    *out = c;
    return true;
}

// Declared rows: one for each, one for a whole file of them, one for each that another is in the way of.
static size_t count_rows(const Comparison *c)
{
    size_t count = c->data.problems.count;
    VEC_EACH (const DataTable, t, &c->data.tables)
        count += t->changes.count + (t->spooled > 0);
    return count;
}

// Fills `out`, which has room for every change of rows, every spooled table and every problem: the caller has
// counted them.
static void add_rows(Arena *arena, const Comparison *c, CmigrateDifference *out)
{
    static const char *const words[] = {
        [DATA_ADDS] = "create", [DATA_CHANGES] = "alter", [DATA_REMOVES] = "drop"
    };
    VEC_EACH (const DataTable, t, &c->data.tables) {
        const char *table = object_title(arena, &t->set->table->head);
        VEC_EACH (const DataChange, it, &t->changes)
            *out++ = (CmigrateDifference){ .change = words[it->kind],
                                           .kind = "row",
                                           .name = arena_printf(arena, "%s.%s", table, it->title),
                                           .file = it->row ? it->row->at.file : NULL,
                                           .line = it->row ? it->row->at.line : 0 };
        if (t->spooled)
            *out++ = (CmigrateDifference){
                .change = "create", .kind = "row", .name = table, .file = t->set->file->shown
            };
    }
    for (const Error *it = c->data.problems.first; it; it = it->next)
        *out++ = (CmigrateDifference){
            .change = "conflict", .kind = "row", .name = it->message, .file = it->at.file, .line = it->at.line
        };
}

CmigrateStatus cmigrate_check(Cmigrate *m, CmigrateCheck *out)
{
    call_begin(m);
    Error err = { 0 };
    Graph graph;
    NameList rows = { 0 };
    RevisionList current = { 0 };
    WarningList changed = { 0 };
    CmigrateCheck answer = { 0 };
    Comparison c;
    bool ok = call_is_open(m, &err) && graph_read(m->scratch, &m->folders, &graph, &err) &&
              version_read(m->db, m->scratch, &m->store, &rows, NULL, &err) &&
              version_resolve(m->scratch, &graph, &rows, &current, &err) && compare(m, &graph, &c, &err) &&
              history_changed_scripts(m->db, m->scratch, &m->store, &graph, &changed, &err);
    if (ok) {
        answer.differences = c.changes.count + count_rows(&c);
        answer.at_head = graph_at_head(m->scratch, &graph, &current);
        answer.changed_scripts = changed.count;
        *out = answer;
    }
    return call_end(m, ok, &err);
}

static const char *name_of(Arena *arena, const Object *object)
{
    const char *name = object->name ? object->name : "without a name";
    if (!object->table)
        return object_title(arena, object);
    return arena_printf(arena, "%s%s%s.%s", object->schema ? object->schema : "", object->schema ? "." : "",
                        object->table, name);
}

CmigrateStatus cmigrate_differences(Cmigrate *m, const CmigrateDifference **list, size_t *count)
{
    static const char *const words[] = { "create", "drop", "alter" };
    call_begin(m);
    Error err = { 0 };
    Graph graph;
    Comparison c = { 0 };
    bool ok = call_is_open(m, &err) && graph_read(m->scratch, &m->folders, &graph, &err) &&
              compare(m, &graph, &c, &err);
    CmigrateDifference *out = arena_alloc(m->scratch, (c.changes.count + count_rows(&c) + 1) * sizeof(*out));
    for (size_t i = 0; ok && i < c.changes.count; i++) {
        const Change *change = &c.changes.items[i];
        const Object *object = change->want ? change->want : change->have;
        out[i] = (CmigrateDifference){ .change = words[change->kind],
                                       .kind = object_kinds[object->kind].word,
                                       .name = name_of(m->scratch, object),
                                       .file = change->want ? object->at.file : NULL,
                                       .line = change->want ? object->at.line : 0 };
    }
    if (ok)
        add_rows(m->scratch, &c, out + c.changes.count);
    *list = ok ? out : NULL;
    *count = ok ? c.changes.count + count_rows(&c) : 0;
    return call_end(m, ok, &err);
}
