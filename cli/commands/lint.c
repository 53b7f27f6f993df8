// Judges revisions before anybody runs them.
#include "cli/output/lint_print.h"
#include "cli/workflow/lint_run.h"

typedef struct LintOptions {
    LintRequest request;
    const char *format, *explain;
    bool list;
} LintOptions;

static const char *const depths[] = { "text", "replay", "trace", NULL };
static const char *const fail_levels[] = { "error", "warning", "notice", "never", NULL };

#define AT(member)   offsetof(LintOptions, member)
#define ASKS(member) AT(request.member)
static const Opt options[] = {
    {.name = "pending",
     .kind = OPT_FLAG,
     .offset = ASKS(pending),
     .help = "the revisions that the database does not have yet" },
    { .name = "latest",
     .kind = OPT_TEXT,
     .offset = ASKS(latest),
     .value_name = "N",
     .help = "the last N revisions" },
    { .name = "all",                                                             .kind = OPT_FLAG, .offset = ASKS(all), .help = "every revision" },
    { .name = "since",
     .kind = OPT_TEXT,
     .offset = ASKS(since),
     .value_name = "GITREF",
     .help = "what the working tree adds to a git revision" },
    { .name = "file",
     .kind = OPT_TEXT,
     .offset = ASKS(file),
     .value_name = "FILE",
     .help = "one script or file of plain SQL; - is standard input",
     .completes = COMPLETES_FILE },
    { .name = "model",
     .kind = OPT_FLAG,
     .offset = ASKS(model),
     .help = "the model, and whether the revisions make it" },
    { .name = "database",.kind = OPT_FLAG, .offset = ASKS(database), .help = "the database as it is" },
    { .name = "depth",
     .kind = OPT_CHOICE,
     .offset = ASKS(depth),
     .value_name = "DEPTH",
     .choices = depths,
     .help = "text: statements alone; replay: with the schema they meet; trace: measure what each costs" },
    { .name = "fail-on",
     .kind = OPT_CHOICE,
     .offset = ASKS(fail_on),
     .value_name = "LEVEL",
     .choices = fail_levels,
     .help = "status 1 for findings of this level and above" },
    { .name = "stats",
     .kind = OPT_TEXT,
     .offset = ASKS(stats),
     .value_name = "FILE",
     .help = "sizes of tables, as inspect --stats wrote them",
     .completes = COMPLETES_FILE },
    { .name = "format",
     .kind = OPT_CHOICE,
     .offset = AT(format),
     .value_name = "FORMAT",
     .choices = lint_formats,
     .help = "text, json, sarif, github, gitlab or junit" },
    { .name = "list",                                                .kind = OPT_FLAG, .offset = AT(list), .help = "print all rules" },
    { .name = "explain",
     .kind = OPT_TEXT,
     .offset = AT(explain),
     .value_name = "RULE",
     .help = "print the page of a rule" },
    { 0},
};

// Judges revisions, or explains the rules. Findings from the level of --fail-on on make status 1.
static bool run(Session *session, Error *err)
{
    const LintOptions *o = session->options;
    LintRequest request = o->request;
    LintRun run = { 0 };
    if (o->list) {
        lint_print_list(session);
        return true;
    }
    if (o->explain)
        return lint_print_rule(session, o->explain, err);
    request.range = session->args.count ? session->args.items[0] : NULL;
    bool ok = lint_run_open(session, &request, &run, err) && lint_run_judge(session, &run, err);
    if (ok) {
        const LintAnswer answer = { &run.lint, &run.selected, run.settings.fail_on };
        lint_print_as(session, o->format, &answer);
        VEC_EACH (LintFinding, it, &run.lint.findings)
            if (lint_is_failure(it, run.settings.fail_on))
                session->status = 1;
    }
    lint_run_close(session, &run);
    return ok;
}

static const char *const examples[] = {
    "What the database does not have yet",
    "cmigrate lint --pending",
    "What a branch adds, for the code scanning of a pull request",
    "cmigrate lint --since origin/main --format sarif",
    "The last revision, measured in a scratch database",
    "cmigrate lint --latest 1 --depth trace",
    "What a rule says",
    "cmigrate lint --explain drop-column",
    NULL,
};

const Command cmd_lint = {
    .name = "lint",
    .summary = "find dangerous changes in revisions",
    .arguments = "[RANGE]",
    .details =
        "Judges each statement of the revisions against the schema that it meets: the earlier revisions are "
        "replayed in a scratch database, and the statements executed there. Without RANGE (as of history -r) "
        "or "
        "an option: what the branch adds to `lint: {base: …}` in a git repository that has it, else the "
        "revisions "
        "that the database does not have yet, or all where no database answers.\n\n"
        "A rule is named by its code or its name. `-- cmigrate: allow RULE reason` before a statement "
        "suppresses it there, `-- cmigrate: allow-all RULE reason` in the script. `lint:` in cmigrate.yaml "
        "sets "
        "levels. docs/linting.md tells all of it.\n\n"
        "Status 0: nothing at or above the level of --fail-on (error). Status 1: findings.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(LintOptions),
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .run = run,
};
