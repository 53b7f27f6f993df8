// targets.h -- the databases that --targets names: by a file, or by what a query gives.
//
// A file has a URL or a database's name on each line; blank lines and those that begin with # are passed over. A text that
// begins with SELECT or WITH is a query that is run on the project's own database; its first column is the target. A name
// stands for the database of that name where the project's URL leads.
//
// --shard K/N takes a part of them, so that N calls share the work: of a file each N-th line, of a query what a hash of the name
// says, as its answer may change between two calls and none must be left out or come twice.
#ifndef CLI_WORKFLOW_TARGETS_H
#define CLI_WORKFLOW_TARGETS_H

#include "cli/workflow/project.h"

typedef struct Targets Targets;

typedef struct Target {
    const char *url;
    const char *title; // for people: without a password
} Target;

// Of a configured session. `shard` NULL: all of them. NULL: ERR_USAGE, or what the query failed with.
Targets *targets_open(Session *session, const char *text, const char *shard, Error *err);
// The next one, in `arena`; false: there is none.
bool targets_next(Targets *targets, Arena *arena, Target *out);
void targets_close(Targets *targets); // NULL is allowed

#endif
