#include "cli/workflow/apply_run.h"

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
    .options = move_options,
    .options_size = sizeof(MoveOptions),
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    OF_FLEET(MoveOptions, fleet),
    .gist = moves_gist,
    .run = run,
};
