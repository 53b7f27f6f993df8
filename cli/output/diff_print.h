// diff_print.h -- changes as a list for people, and as JSON.
#ifndef CLI_OUTPUT_DIFF_PRINT_H
#define CLI_OUTPUT_DIFF_PRINT_H

#include "cli/workflow/compare.h"
#include "cli/output/json.h"

// What a change costs, for the list: a phrase per lossy change, in the order of comparison->changes.
typedef struct Losses {
    const char **texts; // NULL where nothing is lost
} Losses;

// Asks the database how many rows lose something: one query per table. Without a database: only that data is lost.
bool losses_count(Session *session, Db *db, const Comparison *comparison, const Plan *plan, Losses *out,
                  Error *err) MUST_USE;

void diff_print(Session *session, const Comparison *comparison, const Losses *losses);
void diff_json(Json *json, Arena *arena, const Comparison *comparison, const Losses *losses);
void plan_json(Json *json, const Plan *plan);

// "column bio text", "index ix_a on t (a)": an object in a line.
const char *object_phrase(Arena *arena, const Dialect *dialect, const Object *object);
// The same of a change: "column email: string(120) -> string(254), not null".
const char *change_phrase(Arena *arena, const Dialect *dialect, const Change *change);

#endif
