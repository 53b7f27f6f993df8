// help and completion: what is printed from the tables.
#include <string.h>

#include "cli/output/json_schema.h"
#include "cli/output/lint_print.h"
#include "cli/workflow/project.h"
#include "cli/workflow/revision_new.h"

typedef struct HelpOptions {
    bool man, markdown, lint;
    const char *json_schema;
} HelpOptions;

static const Opt options[] = {
    {.name = "man",
     .kind = OPT_FLAG,
     .offset = offsetof(HelpOptions, man),
     .help = "print the manual page (roff)" },
    { .name = "markdown",
     .kind = OPT_FLAG,
     .offset = offsetof(HelpOptions, markdown),
     .help = "print the reference (Markdown)" },
    { .name = "lint",
     .kind = OPT_FLAG,
     .offset = offsetof(HelpOptions, lint),
     .help = "print the rules of lint (Markdown)" },
    { .name = "json-schema",
     .kind = OPT_CHOICE,
     .offset = offsetof(HelpOptions, json_schema),
     .value_name = "model|config",
     .help = "print the JSON Schema of schema.yaml or cmigrate.yaml, for editors",
     .choices = json_schema_words },
    { 0        },
};

static bool unknown(const char *word, Error *err)
{
    const char *names[64];
    size_t count = 0;
    for (; count < COUNT_OF(names) && commands[count]; count++)
        names[count] = commands[count]->name;
    error_set(err, ERR_USAGE, "unknown command '%s'", word);
    const char *near = nearest_word(word, names, count);
    return near ? error_hint(err, "Did you mean '%s'?", near)
                : error_hint(err, "'cmigrate help' lists the commands.");
}

// Prints one of the texts that the tables of commands, options and rules give.
static bool run(Session *session, Error *err)
{
    const HelpOptions *o = session->options;
    const char *word = session->args.count ? session->args.items[0] : NULL;
    const Command *command = word ? command_find(word) : NULL;
    if (word && !command)
        return unknown(word, err);
    StrBuf out;
    strbuf_init(&out, session->arena);
    if (o->man)
        help_man(&out);
    else if (o->markdown)
        help_markdown(&out);
    else if (o->lint)
        help_lint(&out);
    else if (o->json_schema)
        json_schema_put(&out, o->json_schema);
    else if (command)
        help_command(&out, command, report_columns(&session->report));
    else
        help_overview(&out, report_columns(&session->report));
    session_print_text(session, "help", &out);
    return true;
}

// What the shells ask while one types: ids and labels, without a database.
static bool print_revisions(Session *session, Error *err)
{
    Project project;
    Graph graph;
    if (!project_open(session, NEEDS_FOLDERS, &project, err) ||
        !project_graph(session, &project, &graph, err))
        return false;
    VEC_EACH (Revision *, it, &graph.revisions) {
        report_line(&session->report, "%s", (*it)->id);
        VEC_EACH (const char *, label, &(*it)->script->labels)
            report_line(&session->report, "%s", *label);
    }
    return true;
}

static bool print_environments(Session *session, Error *err)
{
    if (!session_configure(session, err))
        return false;
    VEC_EACH (const char *, name, &session->config.environments)
        report_line(&session->report, "%s", *name);
    return true;
}

static bool run_completion(Session *session, Error *err)
{
    const char *shell = session->args.items[0];
    if (strcmp(shell, "revisions") == 0)
        return print_revisions(session, err);
    if (strcmp(shell, "environments") == 0)
        return print_environments(session, err);
    StrBuf out;
    strbuf_init(&out, session->arena);
    if (!complete_script(&out, shell, err))
        return false;
    session_print_text(session, "script", &out);
    return true;
}

const Command cmd_help = {
    .name = "help",
    .summary = "show help, for a command too",
    .arguments = "[COMMAND]",
    .options = options,
    .options_size = sizeof(HelpOptions),
    .max_args = 1,
    .completes = COMPLETES_COMMAND,
    .run = run,
};

static const char *const completion_examples[] = {
    "For this shell",
    "eval \"$(cmigrate completion bash)\"",
    NULL,
};

static const char *const shells[] = { "bash", "zsh", "fish", NULL };

const Command cmd_completion = {
    .name = "completion",
    .summary = "print the completion script of a shell",
    .arguments = "bash|zsh|fish",
    .first_words = shells,
    .examples = completion_examples,
    .min_args = 1,
    .max_args = 1,
    .run = run_completion,
};
