// diff_print.h -- changes as a list for people, and as JSON.
#ifndef CLI_OUTPUT_DIFF_PRINT_H
#define CLI_OUTPUT_DIFF_PRINT_H

#include "cli/workflow/compare.h"
#include "cli/output/json.h"

// What a change costs, for the list: a phrase per lossy change, in the order of comparison->changes.
typedef struct Losses {
    const char **texts;   // NULL where nothing is lost
    const char **queries; // that show the rows which a change will fail on; NULL: none
    size_t failing;       // changes that will fail
} Losses;

// Asks the database how many rows lose something, and which rows are in the way: one query per change. Without a database:
// only that data is lost. `allow_loss`: values may be rounded or cut.
bool losses_count(Session *session, Db *db, const Comparison *comparison, const Plan *plan, bool allow_loss,
                  Losses *out, Error *err) MUST_USE;
// Says below a script that was written that it will fail, and what to do. False: it is not known to.
bool losses_warn(Session *session, const Losses *losses, size_t changes);

// The changes for people, one line each, by table; then rows and conflicts. `losses` of losses_count(); NULL:
// none are shown.
void diff_print(Session *session, const Comparison *comparison, const Losses *losses);
// The same as a JSON list of objects, put as the next value. `losses` may be NULL.
void diff_json(Json *json, Arena *arena, const Comparison *comparison, const Losses *losses);
// The statements of a plan as a JSON list, put as the next value.
void plan_json(Json *json, const Plan *plan);

// "column bio text", "index ix_a on t (a)": an object in a line.
const char *object_phrase(Arena *arena, const Dialect *dialect, const Object *object);
// The same of a change: "column email: string(120) -> string(254), not null".
const char *change_phrase(Arena *arena, const Dialect *dialect, const Change *change);

#endif
