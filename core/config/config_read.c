#include "core/config/config_read.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/strbuf.h"
#include "core/base/url.h"
#include "core/config/internal.h"

enum { LARGEST = 1024 * 1024, DEFAULT_LOCK_TIMEOUT = 60000, DEFAULT_SLUG_LENGTH = 40 };

// A value as it is filled in, and where it stands.
typedef struct Filling {
    ConfigReader *reader;
    const Node *node;
} Filling;

static const char *environment_value(void *payload, const char *name)
{
    const Filling *filling = payload;
    return variable_value(&filling->reader->variables, name);
}

static const char *no_value(void *payload, const char *name)
{
    (void)payload;
    (void)name;
    return "";
}

static void no_variable(void *payload, const char *name)
{
    const Filling *filling = payload;
    const ConfigReader *r = filling->reader;
    Error *err = issues_add(r->issues, ERR_CONFIG, node_at(filling->node),
                            "the environment has no variable '%s'", name);
    error_hint(err, "Set it, or give a default: ${%s:-value}.%s", name,
               r->missing_file ? arena_printf(r->arena, " There is no file %s.", r->missing_file) : "");
}

// ${NAME} and ${NAME:-default}; $$ is a dollar sign. Nothing is run.
static const char *fill_in_by(ConfigReader *r, const Node *node,
                              const char *(*look_up)(void *payload, const char *name))
{
    Filling filling = { r, node };
    const Fill fill = { r->arena, look_up, no_variable, &filling };
    const char *text = fill_text(&fill, node_string(node));
    if (text)
        return text;
    issues_add(r->issues, ERR_CONFIG, node_at(node), "'${' has no closing '}'");
    return node_string(node);
}

static const char *fill_in(ConfigReader *r, const Node *node)
{
    return fill_in_by(r, node, environment_value);
}

const char *config_text(ConfigReader *r, const Node *node, const char *key)
{
    if (node_is_null(node))
        return NULL;
    if (node->kind == NODE_SCALAR)
        return fill_in(r, node);
    issues_add(r->issues, ERR_CONFIG, node_at(node), "%s must be a text or a number", key);
    return NULL;
}

void config_read_text(ConfigReader *r, const Node *map, const char *key, const char **out)
{
    const Node *node = node_get(map, key);
    const char *text = node ? config_text(r, node, key) : NULL;
    if (text)
        *out = text;
}

void config_read_list(ConfigReader *r, const Node *map, const char *key, NameList *out)
{
    const Node *node = node_get(map, key);
    if (!node || node_is_null(node))
        return;
    *out = (NameList){ 0 };
    if (node->kind == NODE_SCALAR)
        *VEC_PUSH(r->arena, out) = fill_in(r, node);
    else if (node->kind == NODE_MAP)
        issues_add(r->issues, ERR_CONFIG, node_at(node), "%s must be a text, or a list of texts", key);
    for (unsigned i = 0; node->kind == NODE_LIST && i < node->count; i++) {
        const char *text = config_text(r, node_item(node, i), key);
        if (text)
            *VEC_PUSH(r->arena, out) = text;
    }
}

static void read_truth(ConfigReader *r, const Node *map, const char *key, bool *out)
{
    const Node *node = node_get(map, key);
    if (node && !node_is_null(node) && !node_truth(node, out))
        issues_add(r->issues, ERR_CONFIG, node_at(node), "%s must be true or false", key);
}

static void read_column_order(ConfigReader *r, const Node *map, Config *config)
{
    const char *text = NULL;
    config_read_text(r, map, "column_order", &text);
    if (!text)
        return;
    config->columns_ordered = strcmp(text, "exact") == 0;
    if (!config->columns_ordered && strcmp(text, "any") != 0)
        issues_add(r->issues, ERR_CONFIG, node_at(node_get(map, "column_order")),
                   "column_order is 'any' or 'exact': '%s'", text);
}

bool duration_parse(const char *text, unsigned *ms)
{
    char *end;
    if (!isdigit((unsigned char)text[0]))
        return false;
    double number = strtod(text, &end);
    while (*end == ' ')
        end++;
    static const struct {
        const char *unit;
        double factor;
    } units[] = {
        {"",     1000   },
        { "ms",  1      },
        { "s",   1000   },
        { "m",   60000  },
        { "min", 60000  },
        { "h",   3600000}
    };
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (strcmp(end, units[i].unit) == 0 && number * units[i].factor < INT_MAX) {
            *ms = (unsigned)(number * units[i].factor);
            return true;
        }
    return false;
}

static void read_duration(ConfigReader *r, const Node *map, const char *key, unsigned *out)
{
    const char *text = NULL;
    config_read_text(r, map, key, &text);
    if (text && !duration_parse(text, out)) {
        Error *err = issues_add(r->issues, ERR_CONFIG, node_at(node_get(map, key)),
                                "%s is not a duration: '%s'", key, text);
        error_hint(err, "Write 60s, 500ms, 2m or 0.");
    }
}

static void read_number(ConfigReader *r, const Node *map, const char *key, unsigned *out)
{
    const char *text = NULL;
    config_read_text(r, map, key, &text);
    if (!text)
        return;
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end || number > 1000000)
        issues_add(r->issues, ERR_CONFIG, node_at(node_get(map, key)), "%s is a number: '%s'", key, text);
    else
        *out = (unsigned)number;
}

static const KeyInfo keys[] = {
    {"url",                   "text",                         "the database, as in sqlite:///app.db or ${DATABASE_URL}"                  },
    { "schema",               "texts",                        "the model: a file, a folder, or a list of them"                           },
    { "directory",            "text",                         "the folder of the revision scripts"                                       },
    { "version_paths",        "texts",                        "more folders in which scripts are read"                                   },
    { "version_table",        "text",                         "the table that tells which revision a database is at"                     },
    { "file_template",        "text",                         "how new scripts are called: {timestamp}_{revision}_{slug}"                },
    { "template",             "text",                         "a file that new scripts are made from"                                    },
    { "timezone",             "text",                         "the time zone of {timestamp}"                                             },
    { "truncate_slug_length", "number",                       "characters of a message in the name of its script"                        },
    { "lock_timeout",         "duration",                     "how long to wait for another cmigrate: 60s"                               },
    { "statement_timeout",    "duration",                     "how long a statement may run; 0: as long as it takes"                     },
    { "include",              "patterns",                     "what is in scope beside the default schema and those that the model names"},
    { "exclude",              "patterns",                     "what is left out of scope"                                                },
    { "unmanaged",            "words drop, warn, keep",
     "what becomes of objects in scope that the model does not have"                                                                     },
    { "destructive",          "words allow, confirm, refuse", "what becomes of changes that destroy data"                                },
    { "drift",                "words warn, ignore",           "what is said of a database that its revisions did not make"               },
    { "dialects",             "texts",                        "engines that one history serves"                                          },
    { "linear",               "truth",                        "whether there may be one head only"                                       },
    { "online",               "truth",                        "prefer what does not block writers"                                       },
    { "column_order",         "words any, exact",             "whether the place of a column counts"                                     },
    { "scratch_url",          "text or by engine",            "where scratch databases are made"                                         },
    { "extensions",           "texts",                        "extensions that scratch databases load"                                   },
    { "hooks",                "texts",                        "commands that run after a script was written"                             },
    { "env_file",             "texts",                        "files of variables: NAME=VALUE a line"                                    },
    { "test",                 "test settings",                "how cmigrate test runs"                                                   },
    { "pragmas",              "texts by name",                "pragmas of each connection (SQLite)"                                      },
    { "on_connect",           "texts",                        "statements that each connection begins with"                              },
    { "lint",                 "lint settings",                "what cmigrate lint judges, and how strictly"                              },
    { "names",                "texts by name",                "patterns of names by kind of object, for lint"                            },
    { "on",                   "texts",                        "rules of lint that are switched on"                                       },
    { "infer_references",     "truth",                        "PARENT_id counts as a reference to PARENT, for lint"                      },
    { "environments",         "settings by name",             "settings that -n NAME lays over these"                                    },
    { "databases",            "settings by name",             "several databases of one project"                                         },
};
const KeyMap config_keys_map = { keys, COUNT_OF(keys) };

static void reject_unknown(ConfigReader *r, const Node *map)
{
    const char *names[COUNT_OF(keys)];
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        names[i] = keys[i].name;
    for (unsigned i = 0; i < map->count; i++) {
        const NodePair *pair = node_pair(map, i);
        bool found = false;
        for (size_t k = 0; k < COUNT_OF(keys); k++)
            found |= strcmp(names[k], node_string(pair->key)) == 0;
        if (found)
            continue;
        Error *err =
            issues_add(r->issues, ERR_CONFIG, node_at(pair->key), "unknown key '%s'", node_string(pair->key));
        const char *near = config_key_of_others(node_string(pair->key));
        near = near ? near : nearest_word(node_string(pair->key), names, COUNT_OF(names));
        if (near)
            error_label(err, "did you mean '%s'?", near);
    }
}

// A URL that cannot be filled in is no error yet: --url may stand in for it, and some commands need none.
static void read_url(ConfigReader *r, const Node *map, Config *config)
{
    const Node *node = node_get(map, "url");
    if (!node)
        return;
    Issues of_url = { .arena = r->arena }, *all = r->issues;
    config->url_at = node_at(node);
    config->url = NULL;
    r->issues = &of_url;
    config_read_text(r, map, "url", &config->url);
    r->issues = all;
    config->url_error = of_url.first;
    if (config->url_error)
        config->url = NULL;
}

// Reads the settings that the root, an environment and a database share. It writes only what `map` names, so
// that it can be laid over settings that are there.
static void read_settings(ConfigReader *r, const Node *map, Config *config)
{
    read_url(r, map, config);
    config_read_list(r, map, "schema", &config->schema);
    config_read_text(r, map, "directory", &config->directory);
    if (node_get(map, "directory"))
        config->directory_at = node_at(node_get(map, "directory"));
    config_read_list(r, map, "version_paths", &config->version_paths);
    config_read_text(r, map, "version_table", &config->version_table);
    config_read_text(r, map, "file_template", &config->file_template);
    if (node_get(map, "file_template"))
        config->file_template_at = node_at(node_get(map, "file_template"));
    config_read_text(r, map, "template", &config->template_file);
    if (node_get(map, "template"))
        config->template_at = node_at(node_get(map, "template"));
    config_read_text(r, map, "timezone", &config->timezone);
    if (node_get(map, "timezone"))
        config->timezone_at = node_at(node_get(map, "timezone"));
    read_number(r, map, "truncate_slug_length", &config->truncate_slug_length);
    read_duration(r, map, "lock_timeout", &config->lock_timeout_ms);
    read_duration(r, map, "statement_timeout", &config->statement_timeout_ms);
    config_read_patterns(r, map, "include", &config->include, &config->include_kinds, &config->include_at);
    config_read_patterns(r, map, "exclude", &config->exclude, &config->exclude_kinds, &config->exclude_at);
    config_read_policies(r, map, config);
    read_truth(r, map, "linear", &config->linear);
    read_truth(r, map, "online", &config->online);
    read_column_order(r, map, config);
    config_read_scratch_url(r, map, config);
    config_read_list(r, map, "extensions", &config->extensions);
    config_read_list(r, map, "on_connect", &config->on_connect);
    config_read_pragmas(r, map, &config->pragmas);
    config_read_dialects(r, map, config);
    config_read_list(r, map, "hooks", &config->hooks);
    config_read_test(r, map, config);
    if (node_get(map, "lint"))
        config->lint = node_get(map, "lint");
    if (node_get(map, "names"))
        config->lint_names = node_get(map, "names");
    config_read_list(r, map, "on", &config->lint_on);
    read_truth(r, map, "infer_references", &config->lint_infers_references);
    config->sets_lock_timeout |= node_get(map, "lock_timeout") != NULL;
}

// Does a URL of the file, of whichever environment, carry a password that stands there itself?
// `all`: each value of the node is a URL.
static bool holds_password(ConfigReader *r, const Node *node, bool all)
{
    bool found = false;
    for (unsigned i = 0; node->kind == NODE_MAP && i < node->count && !found; i++) {
        const NodePair *pair = node_pair(node, i);
        bool scratch = strcmp(node_string(pair->key), "scratch_url") == 0;
        bool url = all || scratch || strcmp(node_string(pair->key), "url") == 0;
        if (pair->value->kind == NODE_SCALAR && url) {
            const char *literal = fill_in_by(r, pair->value, no_value);
            char *blanked = arena_strdup(r->arena, literal);
            url_blank_secrets(blanked, true);
            found = strcmp(blanked, literal) != 0;
        } else {
            found = holds_password(r, pair->value, scratch);
        }
    }
    return found;
}

static bool is_map(ConfigReader *r, const Node *node, const char *what)
{
    if (node->kind == NODE_MAP)
        return true;
    if (!node_is_null(node))
        error_hint(
            issues_add(r->issues, ERR_CONFIG, node_at(node), "%s must be a mapping of keys and values", what),
            "Write its keys and values in lines of their own, further in.");
    return false;
}

// The environments that are not asked for: their variables may be missing, but not their keys be wrong.
static void look_at_environments(ConfigReader *r, const Node *root, Config *config)
{
    const Node *environments = node_get(root, "environments");
    if (!environments || !is_map(r, environments, "environments"))
        return;
    for (unsigned i = 0; i < environments->count; i++) {
        *VEC_PUSH(r->arena, &config->environments) = node_string(node_pair(environments, i)->key);
        if (is_map(r, node_pair(environments, i)->value, "an environment"))
            reject_unknown(r, node_pair(environments, i)->value);
    }
}

// Lays the settings of environment `name` over those of the root. An unknown name is an issue with the nearest
// or all known ones as its hint.
static void lay_environment(ConfigReader *r, const Node *root, const char *name, Config *config)
{
    const Node *environments = node_get(root, "environments");
    NameList names = { 0 };
    for (unsigned i = 0; environments && environments->kind == NODE_MAP && i < environments->count; i++) {
        const NodePair *pair = node_pair(environments, i);
        *VEC_PUSH(r->arena, &names) = node_string(pair->key);
        if (strcmp(node_string(pair->key), name) != 0)
            continue;
        if (pair->value->kind == NODE_MAP)
            read_settings(r, pair->value, config);
        return;
    }
    Error *err = issues_add(r->issues, ERR_CONFIG, (SourcePos){ .file = root->file },
                            "there is no environment '%s'", name);
    const char *near = nearest_word(name, names.items, names.count);
    StrBuf known;
    strbuf_init(&known, r->arena);
    VEC_EACH (const char *, it, &names)
        strbuf_printf(&known, "%s%s", known.length ? ", " : "", *it);
    if (near)
        error_hint(err, "Did you mean '%s'?", near);
    else if (known.length)
        error_hint(err, "Its environments are %s.", known.text);
    else
        error_hint(err, "The file has no `environments:`. Add one, as in: environments: {%s: {url: ...}}",
                   name);
}

// The files of variables: before anything else is read, so that it can be filled in. One that is not there is no fault by
// itself: where the variables come from elsewhere, as in a pipeline, none is needed.
static void read_env_files(ConfigReader *r, const Node *root, const char *environment, Config *config)
{
    NameList files = { 0 };
    const Node *own = environment ? node_get(node_get(root, "environments"), environment) : NULL;
    config_read_list(r, node_get(own, "env_file") ? own : root, "env_file", &files);
    VEC_EACH (const char *, file, &files) {
        const char *path = path_join(r->arena, config->folder, *file);
        const size_t before = r->variables.count;
        Error err = { 0 };
        if (!file_exists(path))
            r->missing_file = *file;
        else if (!env_file_read(r->arena, path, &r->variables, &err))
            error_hint(issues_add(r->issues, ERR_CONFIG,
                                  node_at(node_get(node_get(own, "env_file") ? own : root, "env_file")), "%s",
                                  err.message),
                       "%s", err.hint);
        if (variables_hold_password(r->arena, &r->variables, before))
            *VEC_PUSH(r->arena, &config->env_files_with_password) = path;
    }
    config->variables = r->variables;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const ConfigDatabase *)a)->name, ((const ConfigDatabase *)b)->name);
}

// Each database starts as a copy of the root's settings, with a folder of its own for revisions. Sorted by
// name, so that runs over all have one order.
static void read_databases(ConfigReader *r, const Node *root, Config *config)
{
    const Node *databases = node_get(root, "databases");
    if (!databases || !is_map(r, databases, "databases"))
        return;
    size_t n = databases->count;
    config->databases = arena_alloc(r->arena, (n + 1) * sizeof(ConfigDatabase));
    for (unsigned i = 0; i < databases->count; i++) {
        const NodePair *pair = node_pair(databases, i);
        ConfigDatabase *database = &config->databases[config->database_count++];
        database->name = node_string(pair->key);
        database->config = *config;
        database->config.databases = NULL;
        database->config.database_count = 0;
        database->config.directory = arena_printf(r->arena, "%s/%s", config->directory, database->name);
        database->config.directory_at = (SourcePos){ 0 };
        if (!is_map(r, pair->value, "a database"))
            continue;
        reject_unknown(r, pair->value);
        if (node_get(pair->value, "env_file"))
            issues_add(r->issues, ERR_CONFIG, node_at(node_get(pair->value, "env_file")),
                       "env_file belongs to the whole project, or to an environment");
        read_settings(r, pair->value, &database->config);
    }
    if (config->database_count)
        qsort(config->databases, config->database_count, sizeof(ConfigDatabase), by_name);
}

void config_default(Arena *arena, const char *folder, Config *out)
{
    *out = (Config){ .folder = folder,
                     .directory = "migrations",
                     .version_table = "cmigrate_version",
                     .file_template = "{timestamp}_{revision}_{slug}",
                     .truncate_slug_length = DEFAULT_SLUG_LENGTH,
                     .lock_timeout_ms = DEFAULT_LOCK_TIMEOUT };
    *VEC_PUSH(arena, &out->schema) = "schema.yaml";
}

bool config_read(Arena *arena, const char *path, const char *environment, Config *out, Error *err)
{
    Text text;
    if (!file_read(arena, path, LARGEST, &text, err)) {
        err->code = ERR_CONFIG;
        return false;
    }
    Issues issues = { .arena = arena };
    ConfigReader r = { .arena = arena, .issues = &issues };
    Config config;
    config_default(arena, path_folder(arena, path), &config);
    config.path = path;
    Node *root = NULL;
    bool whole = node_parse((NodeMemory){ arena, arena }, path, text, &issues, &root);
    static const Node empty = { .kind = NODE_MAP };
    const Node *map = root && !node_is_null(root) ? root : &empty;
    if (whole && is_map(&r, map, "a configuration")) {
        reject_unknown(&r, map);
        look_at_environments(&r, map, &config);
        read_env_files(&r, map, environment, &config);
        read_settings(&r, map, &config);
        read_databases(&r, map, &config);
        if (environment)
            lay_environment(&r, map, environment, &config);
    }
    if (!issues_raise(&issues, err)) {
        for (Error *each = err; each; each = each->next)
            each->code = ERR_CONFIG;
        return false;
    }
    config.holds_password = holds_password(&r, map, false);
    *out = config;
    return true;
}

const char *config_find(Arena *arena, const char *from)
{
    char *folder = realpath(from, NULL);
    if (!folder)
        return NULL;
    const char *found = NULL;
    while (!found) {
        const char *path = arena_printf(arena, "%s/cmigrate.yaml", folder);
        if (file_exists(path))
            found = path;
        char *end = strrchr(folder, '/');
        if (!end)
            break;
        *end = '\0';
    }
    free(folder);
    return found;
}
