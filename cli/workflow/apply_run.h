// apply_run.h -- what upgrade and downgrade share: the run with its events, the dry run, the offline script.
#ifndef CLI_WORKFLOW_APPLY_RUN_H
#define CLI_WORKFLOW_APPLY_RUN_H

#include "cli/workflow/fleet.h"
#include "cli/workflow/version.h"

typedef struct MoveOptions {
    bool sql, dry_run, single_transaction, allow_irreversible, allow_destructive;
    const char *resume_at, *resume_after, *tag; // numbers of statements; NULL: not said
    FleetOptions fleet;
} MoveOptions;

extern const Opt move_options[]; // of upgrade and of downgrade, ended by an empty one

bool run_moves(Session *session, Direction direction, const char *target, const MoveOptions *options,
               Error *err) MUST_USE;

#endif
