#include "cli/workflow/apply_run.h"

static bool run(Session *session, Error *err)
{
    return run_moves(session, UPGRADE, session->args.count ? session->args.items[0] : "head",
                     session->options, err);
}

static const char *const examples[] = {
    "Bring the database to the head",
    "cmigrate upgrade",
    "Two revisions on from where it is",
    "cmigrate upgrade +2",
    "A script for a database that cannot be reached from here",
    "cmigrate upgrade --sql 9d1e0c55ab12:head",
    NULL,
};

const Command cmd_upgrade = {
    .name = "upgrade",
    .summary = "run the revisions up to TARGET",
    .arguments = "[TARGET]",
    .details =
        "Takes the lock of the database, reads its version again, and runs what is missing. Each revision "
        "commits together with its version row where the engine has transactional DDL. TARGET is a revision "
        "id or a unique beginning of one, head, heads, +N, REV+N or LABEL@head; the default is head.",
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
