#include "cli/apply_run.h"

#define AT(member) offsetof(MoveOptions, member)
static const Opt options[] = {
    {.name = "sql",
     .kind = OPT_FLAG,
     .offset = AT(sql),
     .help = "print the script for FROM:TO, without connecting" },
    { .name = "dry-run",
     .kind = OPT_FLAG,
     .offset = AT(dry_run),
     .help = "print what would run on this database, run nothing" },
    { .name = "single-transaction",
     .kind = OPT_FLAG,
     .offset = AT(single_transaction),
     .help = "all revisions or none, where the engine can" },
    { .name = "resume-at",
     .kind = OPT_TEXT,
     .offset = AT(resume_at),
     .value_name = "N",
     .help = "go on with statement N of the revision that was broken off" },
    { .name = "resume-after",
     .kind = OPT_TEXT,
     .offset = AT(resume_after),
     .value_name = "N",
     .help = "the same, behind statement N: it is done" },
    FLEET_OPTIONS(MoveOptions, fleet),
    { 0                               },
};

static bool run(Session *session, Error *err)
{
    return run_moves(session, DOWNGRADE, session->args.count ? session->args.items[0] : "-1",
                     session->options, err);
}

static const char *const examples[] = {
    "Undo the last revision",
    "cmigrate downgrade",
    "Undo everything",
    "cmigrate downgrade base",
    "The script that would do it",
    "cmigrate downgrade --sql head:base",
    NULL,
};

const Command cmd_downgrade = {
    .name = "downgrade",
    .summary = "undo revisions down to TARGET",
    .arguments = "[TARGET]",
    .details = "The downgrade sections of the scripts, newest first. TARGET is the revision to be at "
               "afterwards, -N, base, REV-N or LABEL@base; the default is -1: one revision back.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(MoveOptions),
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    .run = run,
};
