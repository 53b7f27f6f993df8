// From words to a command, its options and its exit status.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/command.h"
#include "cli/output/json.h"
#include "cli/output/progress.h"
#include "cli/workflow/fleet.h"
#include "cli/workflow/project.h"

static const char *const formats[] = { "text", "json", NULL };
static const char *const color_words[] = { "auto", "always", "never", NULL };

#define AT(member) offsetof(CommonOptions, member)
const Opt common_options[] = {
    {.name = "config",
     .letter = 'c',
     .kind = OPT_TEXT,
     .offset = AT(config),
     .value_name = "FILE",
     .help = "configuration file (default: cmigrate.yaml, here or in the nearest parent folder)",
     .env = "CMIGRATE_CONFIG",
     .completes = COMPLETES_FILE },
    { .name = "url",
     .kind = OPT_TEXT,
     .offset = AT(url),
     .value_name = "URL",
     .help = "database to work on",
     .env = "CMIGRATE_URL" },
    { .name = "name",
     .letter = 'n',
     .kind = OPT_TEXT,
     .offset = AT(environment),
     .value_name = "ENVIRONMENT",
     .completes = COMPLETES_ENVIRONMENT,
     .help = "environment (of environments:) whose settings override the others" },
    { .name = "database",
     .kind = OPT_TEXT,
     .offset = AT(database),
     .value_name = "NAME",
     .help = "one of the project's databases:, or all (the default)" },
    { .name = "directory",
     .letter = 'd',
     .kind = OPT_TEXT,
     .offset = AT(directory),
     .value_name = "DIR",
     .help = "folder of the revision scripts",
     .completes = COMPLETES_FOLDER },
    { .name = "schema",
     .kind = OPT_LIST,
     .offset = AT(schema),
     .value_name = "PATH",
     .help = "model: a file or a folder; may be repeated",
     .completes = COMPLETES_FILE },
    { .name = "set",
     .letter = 'x',
     .kind = OPT_LIST,
     .offset = AT(variables),
     .value_name = "KEY=VALUE",
     .help = "value for ${x.KEY} in revision scripts; may be repeated" },
    { .name = "env-file",
     .kind = OPT_LIST,
     .offset = AT(env_files),
     .value_name = "FILE",
     .help = "take variables that are not set from this file (NAME=VALUE lines); may be repeated",
     .completes = COMPLETES_FILE },
    { .name = "format",
     .kind = OPT_CHOICE,
     .offset = AT(format),
     .value_name = "text|json",
     .help = "form of the answer",
     .choices = formats },
    { .name = "quiet",
     .letter = 'q',
     .kind = OPT_FLAG,
     .offset = AT(quiet),
     .help = "print results and errors only" },
    { .name = "verbose",
     .letter = 'v',
     .kind = OPT_COUNT,
     .offset = AT(verbose),
     .help = "print more; repeat it for still more" },
    { .name = "color",
     .kind = OPT_CHOICE,
     .offset = AT(color),
     .value_name = "auto|always|never",
     .help = "colours (default: on a terminal, unless NO_COLOR is set)",
     .choices = color_words },
    { .name = "no-progress",
     .kind = OPT_FLAG,
     .offset = AT(no_progress),
     .help = "no elapsed time and no bar" },
    { .name = "help",                                                      .letter = 'h', .kind = OPT_FLAG, .offset = AT(help), .help = "show this help" },
    { .name = "version",             .kind = OPT_FLAG, .offset = AT(version), .help = "show the version" },
    { 0                                                       },
};

// `list_templates` as `list-templates`: so Alembic's hands write it.
static bool is_name(const char *name, const char *word)
{
    while (*name && (*name == *word || (*name == '-' && *word == '_')))
        name++, word++;
    return *name == *word;
}

const Command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (is_name(commands[i]->name, name))
            return commands[i];
    return NULL;
}

// What other tools call a command.
static const char *command_of_others(const char *word)
{
    static const char *const words[][2] = {
        {"up",              "upgrade"  },
        { "run",            "upgrade"  },
        { "deploy",         "upgrade"  },
        { "down",           "downgrade"},
        { "rollback",       "downgrade"},
        { "undo",           "downgrade"},
        { "revert",         "downgrade"},
        { "new",            "revision" },
        { "generate",       "migrate"  },
        { "autogenerate",   "migrate"  },
        { "makemigrations", "migrate"  },
        { "make",           "migrate"  },
        { "info",           "history"  },
        { "log",            "history"  },
        { "list",           "history"  },
        { "version",        "current"  },
        { "baseline",       "stamp"    },
        { "dump",           "inspect"  },
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(words[i][0], word) == 0)
            return words[i][1];
    return NULL;
}

static bool unknown_command(const char *word, Error *err)
{
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; commands[i]; i++)
        if (!commands[i]->hidden && count < COUNT_OF(names))
            names[count++] = commands[i]->name;
    error_set(err, ERR_USAGE, "unknown command '%s'", word);
    const char *near = command_of_others(word);
    near = near ? near : nearest_word(word, names, count);
    if (strcmp(word, "db") == 0)
        return error_hint(err, "Leave it out: 'flask db upgrade' is 'cmigrate upgrade'.");
    return near ? error_hint(err, "Did you mean '%s'? 'cmigrate help' lists the commands.", near)
                : error_hint(err, "'cmigrate help' lists the commands.");
}

// A program that asked for JSON is told in JSON too of words that cannot be understood: they are only looked through.
static bool asks_for_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--format=json") == 0 ||
            (strcmp(argv[i], "--format") == 0 && i + 1 < argc && strcmp(argv[i + 1], "json") == 0))
            return true;
    return false;
}

// The word may be the value of an option that does not exist, or that belongs after its command.
static bool known_before(Session *session, int word, char **argv, Error *err)
{
    CommonOptions ignored = { 0 };
    NameList none = { 0 };
    const OptTable table = { common_options, &ignored };
    if (options_parse(session->arena, word, argv, 0, &table, 1, &none, err))
        return true;
    if (!err->hint[0])
        error_hint(err, "Options of a command go after it: cmigrate COMMAND %s", argv[word - 1]);
    return false;
}

// The words as they are worked with. What stands in the process list is made harmless: a password in a URL.
static char **private_words(Arena *arena, int argc, char **argv)
{
    char **words = arena_alloc(arena, ((size_t)argc + 1) * sizeof(*words));
    for (int i = 0; i < argc; i++) {
        words[i] = arena_strdup(arena, argv[i]);
        url_blank_secrets(argv[i], true);
    }
    return words;
}

static bool check_arguments(const Session *session, Error *err)
{
    const Command *command = session->command;
    if (session->args.count < command->min_args) {
        error_set(err, ERR_USAGE, "%s needs %s", command->name, command->arguments);
        return error_hint(err, "See 'cmigrate help %s'.", command->name);
    }
    if (session->args.count > command->max_args) {
        error_set(err, ERR_USAGE, "%s: unexpected argument '%s'", command->name,
                  session->args.items[command->max_args]);
        for (const Opt *opt = command->options; command->max_args == 0 && opt && opt->name; opt++)
            if (strcmp(opt->name, "message") == 0)
                return error_hint(err, "A message comes after -m: cmigrate %s -m MESSAGE", command->name);
        return error_hint(err, "See 'cmigrate help %s'.", command->name);
    }
    return true;
}

bool session_answer_begin(Session *session, Json *json, char bracket)
{
    json_start(json, session->arena);
    json_open(json, bracket);
    if (bracket == '{' && session->database)
        json_put_text(json, "database", session->database);
    return session->json;
}

void session_answer_end(Session *session, Json *json, char bracket)
{
    json_close(json, bracket == '{' ? '}' : ']');
    session_answer_print(session, json);
}

void session_answer_print(Session *session, Json *json)
{
    if (!session->json)
        return;
    strbuf_putc(&json->out, '\n');
    report_raw(&session->report, json->out.text, json->out.length);
}

void session_print_text(Session *session, const char *key, const StrBuf *text)
{
    if (!session->json) {
        report_raw(&session->report, text->text, text->length);
        return;
    }
    Json json;
    session_answer_begin(session, &json, '{');
    json_put_text(&json, key, text->text);
    session_answer_end(session, &json, '{');
}

void session_print_sql(Session *session, const StrBuf *text)
{
    if (session->several) {
        StrBuf title;
        strbuf_init(&title, session->arena);
        strbuf_printf(&title, "\n-- Database %s\n", safe(session->arena, session->database));
        report_raw(&session->report, title.text, title.length);
    }
    report_raw(&session->report, text->text, text->length);
}

void session_print_script(Session *session, const char *revision, const StrBuf *text)
{
    if (!session->json) {
        session_print_sql(session, text);
        return;
    }
    Json json;
    session_answer_begin(session, &json, '{');
    json_put_text(&json, "revision", revision);
    json_put_text(&json, "sql", text->text);
    session_answer_end(session, &json, '{');
}

bool session_goes_on(const Session *session, Error *err)
{
    return !progress_interrupted(session->progress) || error_set(err, ERR_INTERRUPTED, "interrupted");
}

static bool run_one(Session *session, Error *err)
{
    const FleetOptions *fleet = fleet_options(session);
    if (fleet && !fleet->targets && (fleet->shard || fleet->jobs || fleet->stop_on_error))
        return error_set(err, ERR_USAGE, "--%s goes with --targets only",
                         fleet->shard  ? "shard"
                         : fleet->jobs ? "jobs"
                                       : "stop-on-error");
    bool ok = fleet && fleet->targets ? fleet_run(session, fleet, err) : session->command->run(session, err);
    // What failed because it was cancelled is told as such; what it says of the state stays.
    if (!ok && progress_interrupted(session->progress) && err->code != ERR_INTERRUPTED) {
        err->code = ERR_INTERRUPTED;
        error_prefix(err, "interrupted: ");
    }
    return ok;
}

static const char *database_names(Arena *arena, const Config *config)
{
    StrBuf names;
    strbuf_init(&names, arena);
    for (size_t i = 0; i < config->database_count; i++)
        strbuf_printf(&names, "%s%s", i ? ", " : "", config->databases[i].name);
    return names.text;
}

// Runs the command for one or all databases of the project, and stops at the first that fails: a later one may
// build on it.
static bool run_databases(Session *session, Error *err)
{
    const char *chosen = session->common.database;
    Config whole = session->config;
    bool found = false, ok = true;
    for (size_t i = 0; i < whole.database_count; i++) {
        const ConfigDatabase *entry = &whole.databases[i];
        if (chosen && strcmp(chosen, "all") != 0 && strcmp(chosen, entry->name) != 0)
            continue;
        found = true;
        session->config = entry->config;
        session->database = entry->name;
        session->several = whole.database_count > 1 && (!chosen || strcmp(chosen, "all") == 0);
        if (!chosen || strcmp(chosen, "all") == 0)
            report_note(&session->report, "Database %s", entry->name);
        if (!run_one(session, err)) {
            ok = error_prefix(err, "database %s: ", entry->name);
            break;
        }
    }
    session->config = whole;
    if (found)
        return ok;
    const char *names[64];
    size_t count = 0;
    for (; count < whole.database_count && count < COUNT_OF(names); count++)
        names[count] = whole.databases[count].name;
    error_set(err, ERR_USAGE, "there is no database '%s' in %s", chosen,
              whole.path ? path_shown(session->arena, whole.path) : "the configuration");
    const char *near = nearest_word(chosen, names, count);
    return near ? error_hint(err, "Did you mean '%s'?", near)
                : error_hint(err, "Its databases are %s; leave out --database for all of them.",
                             database_names(session->arena, &whole));
}

static bool run_command(Session *session, Error *err)
{
    if (!session->command->per_database)
        return run_one(session, err);
    if (!session_configure(session, err))
        return false;
    const char *chosen = session->common.database;
    bool one = chosen && strcmp(chosen, "all") != 0;
    if (session->config.database_count && (one || !session->common.url))
        return run_databases(session, err);
    if (session->config.database_count && !session->common.directory) {
        error_set(err, ERR_USAGE, "--url does not say which of the project's databases is meant");
        return error_hint(err, "Add --database NAME, where NAME is one of: %s.",
                          database_names(session->arena, &session->config));
    }
    if (one)
        return error_set(err, ERR_USAGE, "--database %s: the configuration has no databases:", chosen);
    return run_one(session, err);
}

static void show_help(Session *session)
{
    StrBuf out;
    strbuf_init(&out, session->arena);
    if (session->command)
        help_command(&out, session->command, report_columns(&session->report));
    else
        help_overview(&out, report_columns(&session->report));
    session_print_text(session, "help", &out);
}

// The format that was asked for: a command may take more of them by an option of its own.
static const char *format_of(const OptTable *tables, size_t count)
{
    for (size_t t = 0; t < count; t++)
        for (const Opt *opt = tables[t].opts; opt && opt->name; opt++)
            if (strcmp(opt->name, "format") == 0)
                return *(const char *const *)(const void *)((const char *)tables[t].values + opt->offset);
    return NULL;
}

static bool check_variables(const Session *session, Error *err)
{
    VEC_EACH (const char *, it, &session->common.variables) {
        const char *equals = strchr(*it, '=');
        if (equals && equals != *it)
            continue;
        error_set(err, ERR_USAGE, "-x takes KEY=VALUE, not '%s'", *it);
        return error_hint(err, "As in -x region=eu, which is ${x.region} in a script.");
    }
    return true;
}

// Everything up to running: false with *done where there is nothing more to do.
static bool prepare(Session *session, int argc, char **argv, bool *done, Error *err)
{
    session->json = asks_for_json(argc, argv);
    int word = options_find_word(argc, argv, common_options);
    if (word) {
        session->command = command_find(argv[word]);
        if (!session->command)
            return known_before(session, word, argv, err) && unknown_command(argv[word], err);
    }
    OptTable tables[2];
    size_t count = 0;
    if (session->command &&
        session->command->options) { // first: one of its own may be named like a common one
        void *values = arena_alloc(session->arena, session->command->options_size);
        session->options = values;
        tables[count++] = (OptTable){ session->command->options, values };
    }
    tables[count++] = (OptTable){ common_options, &session->common };
    bool parsed = options_parse(session->arena, argc, argv, word, tables, count, &session->args, err);
    if (!parsed && session->command && !err->hint[0])
        error_hint(err, "See 'cmigrate help %s'.", session->command->name);
    report_start(&session->report, session->arena, session->common.color);
    if (parsed)
        session->json = same_text(format_of(tables, count), "json");
    session->report.json = session->json;
    session->report.quiet = session->common.quiet;
    session->report.verbose = session->common.verbose;
    if (!parsed || !check_variables(session, err) || !session_take_env_files(session, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!options_from_environment(&tables[i], err))
            return false;
    if (session->common.version) {
        StrBuf version;
        strbuf_init(&version, session->arena);
        strbuf_puts(&version, session->json ? CMIGRATE_VERSION : "cmigrate " CMIGRATE_VERSION "\n");
        session_print_text(session, "version", &version);
        *done = true;
    } else if (session->common.help) {
        show_help(session);
        *done = true;
    } else if (!session->command) {
        StrBuf out;
        strbuf_init(&out, session->arena);
        help_overview(&out, report_columns(&session->report));
        fputs(out.text, session->report.err);
        session->status = error_exit_status(ERR_USAGE);
        *done = true;
    }
    return *done || check_arguments(session, err);
}

void session_outlives_output(Session *session)
{
    session->writes = true;
    signal(SIGPIPE, SIG_IGN);
}

// The answer that nobody got is the failure of a command that only answers. Of one that wrote to a database the status says
// what came of that; a caller that took a full disk under the log for a failed upgrade would do the wrong thing next.
static int end_output(Session *session)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return session->status;
    const char *why = errno ? strerror(errno) : "the answer is not complete";
    if (session->writes) {
        report_warning(&session->report,
                       "cannot write to standard output: %s; the status is that of the database", why);
        return session->status;
    }
    Error err = { 0 };
    error_set(&err, ERR_IO, "cannot write to standard output: %s", why);
    error_hint(&err, "%s%s; where it goes to a file, make room on that file system (df).",
               session->written ? session->written : "The answer is lost",
               session->written ? " was written, only the answer is lost" : "");
    report_error(&session->report, &err);
    return error_exit_status(ERR_IO);
}

int cli_run(Arena *arena, int argc, char **argv)
{
    Session session = { .arena = arena };
    Error err = { 0 };
    bool done = false;
    report_start(&session.report, arena, NULL);
    bool ok = prepare(&session, argc, private_words(arena, argc, argv), &done, &err);
    if (ok && !done) {
        session.progress =
            progress_start(arena, &session.report,
                           session.report.terminal && !session.common.no_progress && !session.common.quiet);
        ok = run_command(&session, &err);
        progress_stop(session.progress);
    }
    if (!ok) {
        if (session.json)
            report_error_json(&session.report, &err);
        report_error(&session.report, &err);
        return error_exit_status(err.code);
    }
    return end_output(&session);
}
