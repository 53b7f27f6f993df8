// prove_run.h -- which revisions are proved, and in which scratch databases.
//
// A scratch database is opened and the parents of a revision replayed in it; the next revision goes on in it where its parents
// are what was proved last, else another one is made. The project's database is never touched, and need not be there.
#ifndef CLI_WORKFLOW_PROVE_RUN_H
#define CLI_WORKFLOW_PROVE_RUN_H

#include "cli/workflow/project.h"
#include "core/prove/prove.h"

typedef struct ProveRequest {
    const char *revisions; // REV or A:B; NULL: see below
    bool pending;          // those that the database does not have
    const char *since;     // a git revision
    const char *rows, *seed, *from_copy, *sample;
    bool heads, kill, strict;
} ProveRequest;

typedef struct ProveRun {
    const ProveRequest *request;
    Session *session;
    Project project;
    Graph graph;
    RevisionList selected; // in topological order
    Prove prove;
    Db *scratch;
    const Revision *at; // what the scratch database was proved up to; NULL: nothing
    const char *place;  // "PostgreSQL 15.3 scratch"
    VEC(ProveResult) results;
    size_t sample;         // rows of each table of --from-copy
    NameList heads_differ; // of --heads: what differs between two orders
    bool heads_proved;
} ProveRun;

// Reads the project and chooses. Without a choice: all revisions.
bool prove_run_open(Session *session, const ProveRequest *request, ProveRun *run, Error *err) MUST_USE;
// The same for revisions of a graph that somebody has made (`migrate --prove`): `project` and `graph` are the caller's.
bool prove_run_with(Session *session, const ProveRequest *request, const Project *project, const Graph *graph,
                    const RevisionList *selected, ProveRun *run, Error *err) MUST_USE;
// Proves them one by one; `each` is called after each.
bool prove_run_all(ProveRun *run, void (*each)(ProveRun *run, const ProveResult *result),
                   Error *err) MUST_USE;
bool prove_run_holds(const ProveRun *run); // with --strict: and nothing was left out
size_t prove_run_gaps(const ProveRun *run);
void prove_run_close(ProveRun *run);

#endif
