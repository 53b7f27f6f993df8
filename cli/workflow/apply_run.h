// apply_run.h -- what upgrade and downgrade share: the run with its events, the dry run, the offline script.
#ifndef CLI_WORKFLOW_APPLY_RUN_H
#define CLI_WORKFLOW_APPLY_RUN_H

#include "cli/workflow/fleet.h"
#include "cli/workflow/version.h"

typedef struct MoveOptions {
    bool sql, dry_run, single_transaction, allow_irreversible, allow_destructive, contract;
    const char *resume_at, *resume_after, *tag; // numbers of statements; NULL: not said
    const char *wait;                           // how long, for the database to answer; NULL: not at all
    FleetOptions fleet;
} MoveOptions;

extern const Opt move_options[]; // of upgrade and of downgrade, ended by an empty one

struct Node;
// What a dry run says, in few words, for --targets; NULL of a run.
const char *moves_gist(const Session *session, Arena *arena, const struct Node *answer);

// What upgrade and downgrade do: run the revisions from where the database is to `target` (Alembic's words),
// or write them with --sql, or only say with --dry-run. Opens and closes the database itself; what was done
// before a failure stays.
bool run_moves(Session *session, Direction direction, const char *target, const MoveOptions *options,
               Error *err) MUST_USE;

// Appends the lines of comment above a statement of `body` that say what it loses, each after its `-- `.
void put_losses(Arena *arena, StrBuf *out, const Text *body, const ScriptStatement *statement);
// Notes what a move loses, line by line, before it runs.
void tell_losses(Session *session, const Dialect *dialect, const Move *move);

#endif
