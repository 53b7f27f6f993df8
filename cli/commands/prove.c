// Runs revisions up, down and up again on rows, in a scratch database.
#include "cli/output/prove_print.h"

#define AT(member) offsetof(ProveRequest, member)
static const Opt options[] = {
    {.name = "rows",
     .kind = OPT_TEXT,
     .offset = AT(rows),
     .value_name = "N",
     .help = "rows made for each table (20)" },
    { .name = "seed",
     .kind = OPT_TEXT,
     .offset = AT(seed),
     .value_name = "N",
     .help = "another number, other rows (1)" },
    { .name = "pending",
     .kind = OPT_FLAG,
     .offset = AT(pending),
     .help = "the revisions that the database does not have yet" },
    { .name = "since",
     .kind = OPT_TEXT,
     .offset = AT(since),
     .value_name = "GITREF",
     .help = "what the working tree adds to a git revision" },
    { .name = "heads",
     .kind = OPT_FLAG,
     .offset = AT(heads),
     .help = "and whether the order of heads matters" },
    { .name = "kill",
     .kind = OPT_FLAG,
     .offset = AT(kill),
     .help = "stop each upgrade after each of its statements, and resume it" },
    { .name = "from-copy",
     .kind = OPT_TEXT,
     .offset = AT(from_copy),
     .value_name = "URL",
     .help = "take rows from this database first, which is only read" },
    { .name = "sample",
     .kind = OPT_TEXT,
     .offset = AT(sample),
     .value_name = "N",
     .help = "rows taken from each table of --from-copy (100)" },
    { .name = "strict",
     .kind = OPT_FLAG,
     .offset = AT(strict),
     .help = "status 1 also for what could not be covered" },
    { 0                        },
};

static bool run(Session *session, Error *err)
{
    ProveRequest request = *(const ProveRequest *)session->options;
    ProveRun run = { .session = session };
    request.revisions = session->args.count ? session->args.items[0] : NULL;
    bool ok = prove_run_open(session, &request, &run, err) && prove_run_all(&run, prove_print_revision, err);
    if (ok) {
        prove_print_end(&run);
        session->status = prove_run_holds(&run) ? 0 : 1;
    }
    prove_run_close(&run);
    return ok;
}

static const char *const examples[] = {
    "Every revision",
    "cmigrate prove",
    "The newest one, with more rows",
    "cmigrate prove head --rows 200",
    "What a branch adds, for a pull request",
    "cmigrate prove --since origin/main --strict --format json",
    NULL,
};

const Command cmd_prove = {
    .name = "prove",
    .summary = "run revisions up, down and up again on rows",
    .arguments = "[REVISION|A:B]",
    .details =
        "For each revision: the revisions before it are replayed in a scratch database, every table gets "
        "rows at "
        "the edges of what it takes, the upgrade runs on them, then the downgrade, then the upgrade again. "
        "Schema and rows must come back as they were, value by value, but for what the script says that it "
        "loses (`-- cmigrate: loses TABLE[.COLUMN] reason`, or the comment that migrate writes). At the head "
        "the "
        "schema must be the model's.\n\n"
        "No database of the project is touched: see scratch_url in docs/configuration.md for where scratch "
        "databases are made. docs/prove.md tells all of it.\n\n"
        "Status 0: proved. Status 1: refuted.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(ProveRequest),
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .run = run,
};
