// three_way.h -- model, history and database, each against each: who drifted?
//
// The history is what the revisions make in a scratch place. Against the model it is taken whole, against the database as
// far as the database has come, so that what is merely not upgraded yet is no drift.
#ifndef CLI_WORKFLOW_THREE_WAY_H
#define CLI_WORKFLOW_THREE_WAY_H

#include "cli/output/diff_print.h"
#include "cli/workflow/version.h"

typedef struct ThreeWay {
    bool asked;
    const Standing *standing;
    const Comparison *model_database; // from the database to the model
    Comparison model_history;         // from the history to the model
    Comparison history_database;      // from the database to the history as far as it has come
    Db *scratch;
} ThreeWay;

// `model_database` was made already; its model is compared with the history too.
bool three_way_compare(Session *session, const Project *project, const Graph *graph, const Standing *standing,
                       const Comparison *model_database, ThreeWay *out, Error *err) MUST_USE;
bool three_way_equal(const ThreeWay *three); // the two with the history in them; also where nobody asked
void three_way_print(Session *session, const ThreeWay *three);
void three_way_json(Json *json, Arena *arena, const ThreeWay *three); // the members `history` and `drift`
void three_way_close(ThreeWay *three);

#endif
