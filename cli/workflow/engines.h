// engines.h -- `dialects: [sqlite, postgresql]`: one history for several engines.
//
// For each engine the revisions are replayed in a scratch place of it, and the model is compared with what they make: no database
// of the project is asked. The scratch places: memory for SQLite; where `scratch_url:` of the engine leads; else, for the engine
// of the project's URL, beside its database.
#ifndef CLI_WORKFLOW_ENGINES_H
#define CLI_WORKFLOW_ENGINES_H

#include "cli/output/diff_print.h"
#include "core/revision/graph.h"

typedef struct EngineSide {
    Project project; // as the given one, for this engine
    Db *scratch;
    Comparison comparison;
    Plan up, down;
    Losses losses;
} EngineSide;
typedef VEC(EngineSide) EngineSides;

// Does the configuration name several engines?
bool engines_several(const Config *config);
// The project as it is for one engine: its URL says where scratch places are made. ERR_CONFIG where there is no server for them.
bool engines_project(Session *session, const Project *project, const char *name, Project *out,
                     Error *err) MUST_USE;
// A side for each, in the order of the setting, from the replay to both plans. Errors name their engine. The sides are closed by
// engines_close, also after a failure.
bool engines_compare(Session *session, const Project *project, const Graph *graph, const NameList *renames,
                     const PlanOptions *how, EngineSides *out, Error *err) MUST_USE;
bool engines_differ(const EngineSides *sides); // is there something to write?
// The text of the script, and whether the policy `destructive:` lets it be written.
void engines_write(const EngineSides *sides, const Script *head, StrBuf *out);
bool engines_permit(Session *session, const EngineSides *sides, const Script *head, const StrBuf *text,
                    Error *err) MUST_USE;
void engines_print(Session *session, const EngineSides *sides);
void engines_json(Json *json, Arena *arena, const EngineSides *sides); // the member `dialects`
void engines_close(EngineSides *sides);

#endif
