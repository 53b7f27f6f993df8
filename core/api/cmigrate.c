// The public face, core/api/cmigrate.h: the stages lined up for a program that has no command line.
#include "core/api/internal.h"

#include <string.h>

#include "core/base/file.h"

const char *cmigrate_version(void) { return CMIGRATE_VERSION; }
const char *cmigrate_message(const Cmigrate *m) { return m->message; }
const char *cmigrate_native_code(const Cmigrate *m) { return m->native; }
const char *cmigrate_error_file(const Cmigrate *m) { return m->at.file; }
unsigned cmigrate_error_line(const Cmigrate *m) { return m->at.line; }
unsigned cmigrate_error_column(const Cmigrate *m) { return m->at.column; }

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

void call_begin(Cmigrate *m)
{
    arena_free(m->scratch);
    m->scratch = arena_new();
    m->message = "";
    m->native[0] = '\0';
    m->at = (SourcePos){ 0 };
}

CmigrateStatus call_end(Cmigrate *m, bool ok, const Error *err)
{
    if (ok)
        return CMIGRATE_OK;
    StrBuf text;
    strbuf_init(&text, m->scratch);
    for (const Error *it = err; it; it = it->next)
        put_error(&text, it);
    m->message = text.text;
    memcpy(m->native, err->native, sizeof(m->native));
    m->at = err->at;
    m->at.file = arena_strdup(m->scratch, err->at.file);
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

// Opens the database that the options or the configuration name. The URL gives the filter's default schema,
// which the server's own replaces once connected.
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
    ConnectOptions options = { .create = true, .folder = m->options.url ? NULL : m->config.folder };
    config_connect(m->arena, &m->config, &options);
    options.connection = m->options.connection;
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
    call_begin(m);
    Error err = { 0 };
    return call_end(m, read_config(m, &err) && connect(m, &err), &err);
}

void cmigrate_close(Cmigrate *m)
{
    if (!m)
        return;
    db_close(m->db);
    arena_free(m->scratch);
    arena_free(m->arena);
}

bool call_is_open(const Cmigrate *m, Error *err)
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

// What cmigrate_upgrade() and cmigrate_downgrade() share. One call, one scratch arena: `moved` counts revisions that are
// done even where a later revision fails.
static CmigrateStatus move(Cmigrate *m, Direction direction, const char *target, size_t *moved)
{
    call_begin(m);
    Error err = { 0 };
    Graph graph;
    size_t count = 0;
    m->stopped = false;
    const Policy policy = { m, &graph };
    const ApplyEvents events = { .begins = tell, .interrupted = was_stopped, .payload = m };
    const ApplyRequest request = {
        .store = &m->store,
        .graph = &graph,
        .direction = direction,
        .target = target,
        .lock_timeout_ms = m->config.lock_timeout_ms,
        .who = "libcmigrate",
        .tool = "libcmigrate " CMIGRATE_VERSION,
        .stops_at_contract = direction == UPGRADE && !m->options.contract,
        .permits = policy_permits,
        .permits_payload = &policy,
        .events = &events,
    };
    bool ok = call_is_open(m, &err) && graph_read(m->scratch, &m->folders, &graph, &err) &&
              apply_run(m->db, m->scratch, &request, &count, &err);
    if (moved)
        *moved = count;
    return call_end(m, ok, &err);
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
    call_begin(m);
    Error err = { 0 };
    NameList rows = { 0 };
    bool ok = call_is_open(m, &err) && version_read(m->db, m->scratch, &m->store, &rows, NULL, &err);
    *revisions = ok ? rows.items : NULL;
    *count = ok ? rows.count : 0;
    return call_end(m, ok, &err);
}

CmigrateStatus cmigrate_stamp(Cmigrate *m, const char *target, bool purge)
{
    call_begin(m);
    Error err = { 0 };
    Graph graph;
    NameList targets = { 0 }, before = { 0 }, after = { 0 };
    *VEC_PUSH(m->scratch, &targets) = target ? target : "head";
    const ApplyRequest request = {
        .store = &m->store,
        .graph = &graph,
        .lock_timeout_ms = m->config.lock_timeout_ms,
        .who = "libcmigrate",
        .tool = "libcmigrate " CMIGRATE_VERSION,
    };
    bool ok = call_is_open(m, &err) && graph_read(m->scratch, &m->folders, &graph, &err) &&
              apply_stamp(m->db, m->scratch, &request, &targets, purge, &before, &after, &err);
    return call_end(m, ok, &err);
}

// Is the revision, or one that builds on it, among those that the database is at?
static bool is_applied(const Graph *graph, const RevisionList *current, const Revision *revision)
{
    VEC_EACH (Revision *, it, current)
        if (graph_is_ancestor(graph, revision, *it))
            return true;
    return false;
}

CmigrateStatus cmigrate_history(Cmigrate *m, const CmigrateRevision **list, size_t *count)
{
    call_begin(m);
    Error err = { 0 };
    Graph graph = { 0 };
    NameList rows = { 0 };
    RevisionList current = { 0 };
    bool ok = call_is_open(m, &err) && graph_read(m->scratch, &m->folders, &graph, &err) &&
              version_read(m->db, m->scratch, &m->store, &rows, NULL, &err) &&
              version_resolve(m->scratch, &graph, &rows, &current, &err);
    const size_t n = ok ? graph.revisions.count : 0;
    CmigrateRevision *out = arena_alloc(m->scratch, (n + 1) * sizeof(*out));
    for (size_t i = 0; i < n; i++) {
        const Revision *it = graph.revisions.items[n - 1 - i];
        const Script *script = it->script;
        out[i] = (CmigrateRevision){
            .revision = it->id,
            .message = script->message,
            .path = script->path,
            .applied = is_applied(&graph, &current, it),
            .head = it->is_head,
            .contract = script->phase && strcmp(script->phase, "contract") == 0,
        };
    }
    *list = ok ? out : NULL;
    *count = n;
    return call_end(m, ok, &err);
}
