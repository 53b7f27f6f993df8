// progress.h -- what goes on while something runs long, and what an interruption does.
//
// A thread of its own waits for SIGINT and SIGTERM: it cancels the running statement, so that its transaction rolls back
// and the command ends with status 130 by its usual way. The same thread shows, on a terminal only, how long a
// statement has been running and, where the server can tell, how far it is; a run of many revisions shows a bar.
#ifndef CLI_OUTPUT_PROGRESS_H
#define CLI_OUTPUT_PROGRESS_H

#include "cli/output/report.h"
#include "core/db/driver.h"

typedef struct Progress Progress;

// Starts the line on the terminal, drawn only if `shown`. Lives in `arena`; progress_stop() ends it.
Progress *progress_start(Arena *arena, Report *report, bool shown);
void progress_stop(Progress *progress); // NULL is allowed

// From here on SIGINT and SIGTERM are ours. Called before the first connection is tried.
void progress_arm(Progress *progress);

// In a child process: signals are as they were.
void progress_forked(void);

// The connection that an interruption cancels; NULL: none.
void progress_watch(Progress *progress, Db *db);
bool progress_interrupted(const Progress *progress);

// What runs now ("3f2a9c1b8e07, add bio"); NULL: nothing, and the line goes away. `done` of `total` for the bar.
void progress_begin(Progress *progress, const char *what, size_t done, size_t total);
bool progress_shown(const Progress *progress);                     // on a terminal
void progress_step(Progress *progress, size_t step, size_t steps); // "statement 2 of 3" of what was begun
void progress_end(Progress *progress);

// ProgressFn: what a driver tells. False: give up.
bool progress_tell(Progress *progress, const char *what, double seconds, double part_done);

#endif
