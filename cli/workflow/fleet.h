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
    const char *shard;  // "K/N", the K-th of N parts of them; NULL: all
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
        { .name = "shard",                                                                                   \
          .kind = OPT_TEXT,                                                                                  \
          .offset = offsetof(T, member.shard),                                                               \
          .value_name = "K/N",                                                                               \
          .help = "with --targets: the K-th of N parts of them, so that N calls share the work" },           \
        { .name = "jobs",                                                                                    \
          .kind = OPT_TEXT,                                                                                  \
          .offset = offsetof(T, member.jobs),                                                                \
          .value_name = "N",                                                                                 \
          .help = "how many of the targets at once (default: one for each processor)" },                     \
    {                                                                                                        \
        .name = "stop-on-error", .kind = OPT_FLAG, .offset = offsetof(T, member.stop_on_error),              \
        .help = "begin no further target after one has failed"                                               \
    }

// For the table of a command that can be run so: where its struct keeps them.
#define OF_FLEET(T, member) .of_fleet = true, .fleet_at = offsetof(T, member)

// The options of a session's command; NULL: it has none.
const FleetOptions *fleet_options(const Session *session);

// Runs the session's command, with the options and arguments that it was given, for every target. session->status becomes
// the worst of theirs. ERR_USAGE for options that do not go together.
bool fleet_run(Session *session, const FleetOptions *options, Error *err) MUST_USE;

#endif
