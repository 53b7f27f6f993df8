#include "core/apply/apply_internal.h"

// That the engine refuses a query is a finding too: the schema may have moved on since. Only a lost connection ends it.
static bool ask(Db *db, Arena *arena, const Revision *revision, const ScriptStatement *statement,
                const NameList *variables, VerifyReport *out, Error *err)
{
    const char *query;
    FoundRows found;
    Error refusal = { 0 };
    if (!variables_fill(arena, variables, statement, &query, err))
        return false;
    out->queries++;
    bool asked = rows_ask(db, arena, query, &found, &refusal);
    if (!asked && (refusal.code != ERR_SQL || (db->driver->alive && !db->driver->alive(db)))) {
        *err = refusal;
        return false;
    }
    if (!asked || found.count)
        *VEC_PUSH(arena, &out->failures) = (VerifyFailure){
            .revision = revision,
            .at = statement->at,
            .text = statement->assertion,
            .rows = found.count,
            .first = found.first,
            .refusal = asked ? NULL : arena_strdup(arena, refusal.message),
        };
    return true;
}

bool verify_applied(Db *db, Arena *arena, const Graph *graph, const RevisionList *current,
                    const NameList *variables, VerifyReport *out, Error *err)
{
    RevisionList applied = { 0 };
    graph_applied(arena, graph, current, &applied);
    *out = (VerifyReport){ 0 };
    VEC_EACH (Revision *, it, &applied) {
        Script *script = ARENA_NEW(arena, Script);
        SectionList sections = { 0 };
        if (!script_read_whole(arena, (*it)->script, script, err) ||
            !script_verifications(arena, script, db->dialect, &sections, err))
            return false;
        VEC_EACH (Section *, section, &sections)
            VEC_EACH (ScriptStatement, statement, &(*section)->statements)
                if (!ask(db, arena, *it, statement, variables, out, err))
                    return false;
    }
    return true;
}
