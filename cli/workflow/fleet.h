// fleet.h -- one command for many databases: tenants, shards, files that a product ships.
//
// Each target is a process of its own, forked, of which a bounded number runs at once: what one does cannot hurt another,
// and memory does not grow with their number. A URL is never on a command line, so that no password can be seen in a list
// of processes. What is done already is done quickly the next time.
#ifndef CLI_WORKFLOW_FLEET_H
#define CLI_WORKFLOW_FLEET_H

#include "cli/workflow/project.h"

typedef struct FleetOptions {
    const char *
        targets; // a file with a URL or a database's name on each line, or a SELECT that gives them; NULL: none
    const char *jobs;   // how many at once; NULL: as many as there are processors
    bool stop_on_error; // start no more after the first failure
} FleetOptions;

#define FLEET_OPTIONS(T, member)                                                                             \
    { .name = "targets",                                                                                     \
      .kind = OPT_TEXT,                                                                                      \
      .offset = offsetof(T, member.targets),                                                                 \
      .value_name = "FILE|QUERY",                                                                            \
      .help = "do it on many databases: a file of URLs or names, a line each, or a SELECT that gives them",  \
      .completes = COMPLETES_FILE },                                                                         \
        { .name = "jobs",                                                                                    \
          .kind = OPT_TEXT,                                                                                  \
          .offset = offsetof(T, member.jobs),                                                                \
          .value_name = "N",                                                                                 \
          .help = "how many of the targets at once (default: one for each processor)" },                     \
    {                                                                                                        \
        .name = "stop-on-error", .kind = OPT_FLAG, .offset = offsetof(T, member.stop_on_error),              \
        .help = "begin no further target after one has failed"                                               \
    }

// Runs `words` (the command and its arguments, ended by NULL) for every target. session->status becomes the worst of
// theirs.
bool fleet_run(Session *session, const FleetOptions *options, const char *const *words, Error *err) MUST_USE;

#endif
