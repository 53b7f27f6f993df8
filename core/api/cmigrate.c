// The public face, core/api/cmigrate.h: the stages lined up for a program that has no command line.
#include "core/api/cmigrate.h"

#include <string.h>

#include "core/apply/apply.h"
#include "core/base/file.h"
#include "core/compare/sql_model.h"
#include "core/compare/unmanaged.h"
#include "core/revision/made.h"
#include "core/config/config_read.h"

struct Cmigrate {
    Arena *arena;   // the handle's own
    Arena *scratch; // of the last call: lists that were handed out live in it
    CmigrateOptions options;
    Config config;
    Url url;
    VersionStore store;
    Filter filter;
    NameList folders, schema;
    Db *db;
    const char *message;
    char native[40];
    bool stopped; // on_revision said so
};

const char *cmigrate_version(void) { return CMIGRATE_VERSION; }
const char *cmigrate_message(const Cmigrate *m) { return m->message; }
const char *cmigrate_native_code(const Cmigrate *m) { return m->native; }

static void put_error(StrBuf *out, const Error *err)
{
    if (out->length)
        strbuf_puts(out, "\n");
    if (err->at.file && err->at.line)
        strbuf_printf(out, "%s:%u:%u: ", err->at.file, err->at.line, err->at.column);
    else if (err->at.file)
        strbuf_printf(out, "%s: ", err->at.file);
    strbuf_puts(out, err->message);
    if (err->label[0])
        strbuf_printf(out, " (%s)", err->label);
    if (err->detail[0])
        strbuf_printf(out, "\n%s", err->detail);
    if (err->hint[0])
        strbuf_printf(out, "\n%s", err->hint);
}

static void begin_call(Cmigrate *m)
{
    arena_free(m->scratch);
    m->scratch = arena_new();
    m->message = "";
    m->native[0] = '\0';
}

static CmigrateStatus end_call(Cmigrate *m, bool ok, const Error *err)
{
    if (ok)
        return CMIGRATE_OK;
    StrBuf text;
    strbuf_init(&text, m->scratch);
    for (const Error *it = err; it; it = it->next)
        put_error(&text, it);
    m->message = text.text;
    memcpy(m->native, err->native, sizeof(m->native));
    return (CmigrateStatus)error_exit_status(err->code);
}

static bool read_config(Cmigrate *m, Error *err)
{
    const CmigrateOptions *o = &m->options;
    if (!o->config)
        config_default(m->arena, ".", &m->config);
    else if (!config_read(m->arena, o->config, o->environment, &m->config, err))
        return false;
    if (o->lock_timeout_ms)
        m->config.lock_timeout_ms = o->lock_timeout_ms;
    const char *folder = m->config.folder;
    *VEC_PUSH(m->arena, &m->folders) =
        o->migrations ? o->migrations : path_join(m->arena, folder, m->config.directory);
    VEC_EACH (const char *, path, &m->config.version_paths)
        *VEC_PUSH(m->arena, &m->folders) = path_join(m->arena, folder, *path);
    if (o->schema)
        *VEC_PUSH(m->arena, &m->schema) = o->schema;
    else
        VEC_EACH (const char *, path, &m->config.schema)
            *VEC_PUSH(m->arena, &m->schema) = path_join(m->arena, folder, *path);
    return version_store_named(m->arena, m->config.version_table, &m->store, err);
}

static bool connect(Cmigrate *m, Error *err)
{
    const char *url = m->options.url ? m->options.url : m->config.url;
    if (!url)
        return error_set(err, ERR_CONFIG, "no database is named");
    if (!url_parse(m->arena, url, &m->url, err))
        return false;
    m->filter = (Filter){
        .include = m->config.include,
        .exclude = m->config.exclude,
        .include_kinds = m->config.include_kinds,
        .exclude_kinds = m->config.exclude_kinds,
        .default_schema = filter_default_schema(m->arena, dialect_by_scheme(m->url.scheme), &m->url),
        .version_table = m->store.table,
        .version_schema = m->store.schema,
    };
    const ConnectOptions options = {
        .create = true,
        .folder = m->options.url ? NULL : m->config.folder,
        .statement_timeout_ms = m->config.statement_timeout_ms,
    };
    if (!db_open(m->arena, &m->url, &options, &m->db, err))
        return false;
    if (m->db->server.default_schema)
        m->filter.default_schema = m->db->server.default_schema;
    return true;
}

CmigrateStatus cmigrate_open(const CmigrateOptions *options, Cmigrate **out)
{
    Arena *arena = arena_new();
    Cmigrate *m = ARENA_NEW(arena, Cmigrate);
    m->arena = arena;
    m->options = *options;
    m->options.config = arena_strdup(arena, options->config);
    m->options.environment = arena_strdup(arena, options->environment);
    m->options.url = arena_strdup(arena, options->url);
    m->options.migrations = arena_strdup(arena, options->migrations);
    m->options.schema = arena_strdup(arena, options->schema);
    *out = m;
    begin_call(m);
    Error err = { 0 };
    return end_call(m, read_config(m, &err) && connect(m, &err), &err);
}

void cmigrate_close(Cmigrate *m)
{
    if (!m)
        return;
    db_close(m->db);
    arena_free(m->scratch);
    arena_free(m->arena);
}

static bool is_open(const Cmigrate *m, Error *err)
{
    return m->db || error_set(err, ERR_USAGE, "the database was not opened");
}

static void tell(void *payload, const Move *move, size_t statements, size_t index, size_t total)
{
    (void)statements, (void)index, (void)total;
    Cmigrate *m = payload;
    const CmigrateOptions *o = &m->options;
    if (o->on_revision && !m->stopped)
        m->stopped = !o->on_revision(o->payload, move->revision->id, move->revision->script->message,
                                     move->direction == DOWNGRADE);
}

static bool was_stopped(void *payload)
{
    const Cmigrate *m = payload;
    return m->stopped;
}

static CmigrateStatus move(Cmigrate *m, Direction direction, const char *target, size_t *moved)
{
    begin_call(m);
    Error err = { 0 };
    Graph graph;
    size_t count = 0;
    m->stopped = false;
    const ApplyEvents events = { .begins = tell, .interrupted = was_stopped, .payload = m };
    const ApplyRequest request = {
        .store = &m->store,
        .graph = &graph,
        .direction = direction,
        .target = target,
        .lock_timeout_ms = m->config.lock_timeout_ms,
        .who = "libcmigrate",
        .tool = "libcmigrate " CMIGRATE_VERSION,
        .events = &events,
    };
    bool ok = is_open(m, &err) && graph_read(m->scratch, &m->folders, &graph, &err) &&
              apply_run(m->db, m->scratch, &request, &count, &err);
    if (moved)
        *moved = count;
    return end_call(m, ok, &err);
}

CmigrateStatus cmigrate_upgrade(Cmigrate *m, const char *target, size_t *moved)
{
    return move(m, UPGRADE, target ? target : "head", moved);
}

CmigrateStatus cmigrate_downgrade(Cmigrate *m, const char *target, size_t *moved)
{
    return move(m, DOWNGRADE, target ? target : "-1", moved);
}

CmigrateStatus cmigrate_current(Cmigrate *m, const char *const **revisions, size_t *count)
{
    begin_call(m);
    Error err = { 0 };
    NameList rows = { 0 };
    bool ok = is_open(m, &err) && version_read(m->db, m->scratch, &m->store, &rows, NULL, &err);
    *revisions = ok ? rows.items : NULL;
    *count = ok ? rows.count : 0;
    return end_call(m, ok, &err);
}

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

static bool count_differences(Cmigrate *m, const Graph *graph, size_t *out, Error *err)
{
    Comparison c = { .dialect = m->db->dialect, .columns_ordered = m->config.columns_ordered };
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
    *out = c.changes.count;
    return true;
}

CmigrateStatus cmigrate_check(Cmigrate *m, CmigrateCheck *out)
{
    begin_call(m);
    Error err = { 0 };
    Graph graph;
    NameList rows = { 0 };
    RevisionList current = { 0 };
    WarningList changed = { 0 };
    CmigrateCheck answer = { 0 };
    bool ok = is_open(m, &err) && graph_read(m->scratch, &m->folders, &graph, &err) &&
              version_read(m->db, m->scratch, &m->store, &rows, NULL, &err) &&
              version_resolve(m->scratch, &graph, &rows, &current, &err) &&
              count_differences(m, &graph, &answer.differences, &err) &&
              history_changed_scripts(m->db, m->scratch, &m->store, &graph, &changed, &err);
    if (ok) {
        answer.at_head = graph_at_head(m->scratch, &graph, &current);
        answer.changed_scripts = changed.count;
        *out = answer;
    }
    return end_call(m, ok, &err);
}
