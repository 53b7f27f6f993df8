// The database as a model.
#include <string.h>

#include "cli/workflow/templates.h"
#include "cli/workflow/compare.h"
#include "cli/output/json.h"
#include "core/base/file.h"
#include "core/compare/unmanaged.h"
#include "core/schema/schema_write.h"

typedef struct InspectOptions {
    const char *output, *stats, *data;
    bool force;
} InspectOptions;

#define BY_INSPECT      "Written by `cmigrate inspect`: it may write this file again."
#define WRITTEN_BY      "# " BY_INSPECT "\n"
#define WRITTEN_BY_JSON "{\n  \"$comment\": \"" BY_INSPECT "\""

static const Opt options[] = {
    {.name = "output",
     .letter = 'o',
     .kind = OPT_TEXT,
     .offset = offsetof(InspectOptions, output),
     .value_name = "FILE",
     .help = "write the model to this file",
     .completes = COMPLETES_FILE },
    { .name = "force",
     .kind = OPT_FLAG,
     .offset = offsetof(InspectOptions, force),
     .help = "overwrite a file that cmigrate did not write" },
    { .name = "data",
     .kind = OPT_TEXT,
     .offset = offsetof(InspectOptions, data),
     .value_name = "TABLE[,TABLE...]",
     .help = "write the rows of these tables, too, as declared rows" },
    { .name = "stats",
     .kind = OPT_TEXT,
     .offset = offsetof(InspectOptions, stats),
     .value_name = "FILE",
     .help = "write the rows and sizes of the tables to this file instead, for lint",
     .completes = COMPLETES_FILE },
    { 0                                    },
};

// A model of a whole database says so: the first revision made from it may drop what else there is in another.
static void put_model(StrBuf *out, const Project *project, const Schema *schema, bool to_file)
{
    const Filter *filter = &project->filter;
    bool narrowed = filter->names_schema || filter->include.count || filter->exclude.count ||
                    filter->include_kinds.count || filter->exclude_kinds.count;
    if (!narrowed && (project->dialect->caps & CAN_SCHEMAS))
        strbuf_puts(out, compare_whole_mark);
    if (to_file)
        strbuf_puts(out, WRITTEN_BY);
    schema_write_yaml(out, schema);
}

// The same as JSON, which has no comments: what says who wrote it is its first key.
static void put_json(StrBuf *out, const Schema *schema, bool to_file)
{
    StrBuf plain;
    strbuf_init(&plain, out->arena);
    schema_write_json(&plain, schema);
    const char *rest = to_file && plain.text[0] == '{' ? plain.text + 1 : NULL;
    if (rest)
        strbuf_printf(out, WRITTEN_BY_JSON "%s", rest[0] == '}' ? "\n" : ",");
    strbuf_puts(out, rest ? rest : plain.text);
}

// A file that is there is somebody's work, unless its first line says that inspect wrote it.
static bool may_write(Session *session, const InspectOptions *o, Error *err)
{
    Text text;
    if (o->force || !file_exists(o->output))
        return true;
    FileState state;
    if (!file_state(o->output, &state))
        return true; // a pipe, or a device
    if (!file_read(session->arena, o->output, 0, &text, err))
        return false;
    const char *first = text.p; // file_read ends it with a NUL
    if (strncmp(first, compare_whole_mark, strlen(compare_whole_mark)) == 0)
        first += strlen(compare_whole_mark);
    // what init wrote, as it wrote it, now or before it named a JSON Schema in the first line
    const char *written = template_find("generic")->schema;
    bool untouched = strcmp(text.p, written) == 0 || strcmp(text.p, strchr(written, '\n') + 1) == 0;
    if (text.n == 0 || untouched || strncmp(first, WRITTEN_BY, strlen(WRITTEN_BY)) == 0 ||
        strncmp(first, WRITTEN_BY_JSON, strlen(WRITTEN_BY_JSON)) == 0)
        return true;
    error_set(err, ERR_USAGE, "%s exists, and cmigrate inspect did not write it", o->output);
    return error_hint(err, "Give another name, or overwrite it with --force.");
}

#define STATS_BEGIN "{\"tables\": ["

// {"tables": [{"schema": …, "name": …, "rows": …, "bytes": …}]}: what lint reads where it has no connection.
static bool write_stats(Session *session, Project *project, const char *path, bool force, Error *err)
{
    Text old;
    bool ours = force || !file_exists(path) ||
                (file_read(session->arena, path, 0, &old, NULL) && old.n >= strlen(STATS_BEGIN) &&
                 memcmp(old.p, STATS_BEGIN, strlen(STATS_BEGIN)) == 0);
    if (!ours) {
        error_set(err, ERR_USAGE, "%s exists, and holds no sizes of tables", path);
        return error_hint(err, "Give another name, or overwrite it with --force.");
    }
    TableStatList stats = { 0 };
    Json json;
    Db *db = project->db;
    if (!db->driver->statistics(db, session->arena, &stats, err))
        return false;
    json_start(&json, session->arena);
    json_open(&json, '{');
    json_key(&json, "tables");
    json_open(&json, '[');
    VEC_EACH (TableStat, it, &stats) {
        strbuf_puts(&json.out, json.comma ? "" : "\n");
        json_open(&json, '{');
        json_put_text(&json, "schema", it->schema);
        json_put_text(&json, "name", it->name);
        json_key(&json, "rows");
        (it->rows < 0 ? json_null(&json) : json_int(&json, it->rows));
        json_key(&json, "bytes");
        (it->bytes < 0 ? json_null(&json) : json_int(&json, it->bytes));
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    strbuf_putc(&json.out, '\n');
    if (!file_write(path, (Text){ json.out.text, json.out.length }, false, err))
        return false;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "url", project->url_title);
        json_put_text(&json, "path", path);
        json_put_int(&json, "tables", (long long)stats.count);
        session_answer_end(session, &json, '{');
    }
    report_note(&session->report, "Wrote %s (sizes of %zu table%s)", path, stats.count,
                stats.count == 1 ? "" : "s");
    return true;
}

static bool no_such_table(const Schema *schema, const char *name, Error *err)
{
    const char *names[256];
    size_t count = 0;
    VEC_EACH (Table *, it, &schema->tables)
        if (count < COUNT_OF(names))
            names[count++] = (*it)->head.name;
    error_set(err, ERR_USAGE, "--data: the database has no table '%s'", name);
    const char *near = nearest_word(name, names, count);
    return near ? error_hint(err, "Did you mean '%s'?", near) : false;
}

// Table names, separated by commas, each with its schema before it or without.
static bool read_data(Session *session, const Project *project, const char *names, Schema *schema, Error *err)
{
    for (const char *p = names; *p;) {
        size_t n = strcspn(p, ",");
        const char *name = arena_strndup(session->arena, p, n);
        NameList parts = { 0 };
        p += n + (p[n] == ',');
        if (!name_split(session->arena, name, &parts) || !parts.count || parts.count > 2)
            return error_set(err, ERR_USAGE, "--data: '%s' is not the name of a table", name);
        const Table *table =
            schema_table(schema, parts.count > 1 ? parts.items[0] : NULL, parts.items[parts.count - 1]);
        if (!table)
            return no_such_table(schema, name, err);
        if (!data_read_table(session->arena, project->db, schema, table, err))
            return false;
    }
    return true;
}

// Prints or writes the database as a model. A file that would be replaced is refused before the database is
// read.
static bool inspect(Session *session, Project *project, Error *err)
{
    const InspectOptions *o = session->options;
    if (o->stats && (o->output || session->several))
        return error_set(err, ERR_USAGE, "--stats writes one file, of one database, and no model");
    if (o->stats)
        return write_stats(session, project, o->stats, o->force, err);
    Schema schema = { 0 };
    if (o->output && session->several) {
        error_set(err, ERR_USAGE, "-o writes one model, and there are several databases");
        return error_hint(err, "Say which: --database NAME");
    }
    compare_scope(project);
    if (o->output && !may_write(session, o, err))
        return false;
    if (!compare_read_database(session, project, project->db, &schema, err))
        return false;
    unmanaged_remove(&project->filter, &schema);
    if (o->data && !read_data(session, project, o->data, &schema, err))
        return false;
    report_warnings(&session->report, &schema.warnings);
    StrBuf text;
    strbuf_init(&text, session->arena);
    if (session->json)
        put_json(&text, &schema, o->output != NULL);
    else
        put_model(&text, project, &schema, o->output != NULL);
    if (!text.length || text.text[text.length - 1] != '\n')
        strbuf_putc(&text, '\n');
    if (!o->output) {
        if (session->several && !session->json) { // documents of one stream
            const char *title =
                arena_printf(session->arena, "---\n# Database %s\n", safe(session->arena, session->database));
            report_raw(&session->report, title, strlen(title));
        }
        report_raw(&session->report, text.text, text.length);
        return true;
    }
    if (!file_write(o->output, (Text){ text.text, text.length }, false, err))
        return false;
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "url", project->url_title);
        json_put_text(&json, "path", o->output);
        json_put_int(&json, "tables", (long long)schema.tables.count);
        session_answer_end(session, &json, '{');
    }
    report_note(&session->report, "Wrote %s (%zu table%s of %s)", o->output, schema.tables.count,
                schema.tables.count == 1 ? "" : "s", project->url_title);
    return true;
}

static bool run(Session *session, Error *err)
{
    Project project;
    bool ok = project_open(session, NEEDS_READING, &project, err) && inspect(session, &project, err);
    project_close(session, &project);
    return ok;
}

static const char *const examples[] = {
    "Begin with a database that exists",
    "cmigrate inspect -o schema.yaml --url postgresql://localhost/shop",
    "The rows of two tables are part of the model",
    "cmigrate inspect --data currency,role",
    NULL,
};

const Command cmd_inspect = {
    .name = "inspect",
    .summary = "print the database as a model",
    .arguments = "",
    .details = "Reading the model back gives an equal schema: check finds no difference. What a model cannot "
               "carry is named "
               "in a warning.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(InspectOptions),
    .per_database = true,
    .run = run,
};
