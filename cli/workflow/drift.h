// drift.h -- is the database what its revisions make? Asked by migrate, where it found something to write.
//
// What somebody changed by hand would become part of the revision that is written, which then fails on every other database. The
// revisions are replayed in a scratch place (replay.h), and what differs from the database is named. `drift: ignore` leaves
// that out.
#ifndef CLI_WORKFLOW_DRIFT_H
#define CLI_WORKFLOW_DRIFT_H

#include "cli/output/diff_print.h"
#include "core/revision/graph.h"

typedef struct Drift {
    bool known;            // the two were compared
    Comparison comparison; // from the database to what the revisions make
} Drift;

// `model_database` was compared already, at the head of the graph; the database of it is not read once more. Where no scratch
// place can be had, or the revisions do not run in it, that is said as a note: it is no reason to write nothing.
void drift_look(Session *session, const Project *project, const Graph *graph,
                const Comparison *model_database, Drift *out);
void drift_warn(Session *session, const Drift *drift);
void drift_json(Json *json, Arena *arena,
                const Drift *drift); // the member `drift`: null, or the list of changes

#endif
