#include "cli/workflow/renames_ask.h"

#include "cli/output/ask.h"

// Asks about each drop and creation that look like a rename, or suggests --rename where nobody can be asked.
// Those confirmed are added to `answers`.
static bool ask_each(Session *session, const Comparison *c, NameList *answers, Error *err)
{
    RenameList suspected = { 0 };
    renames_suspected(session->arena, c->dialect, &c->changes, &suspected);
    VEC_EACH (Rename, it, &suspected) {
        bool column = it->kind == OBJECT_COLUMN;
        if (!column && it->kind != OBJECT_TABLE)
            continue;
        const char *owner = column ? it->table : it->schema;
        const char *old =
            arena_printf(session->arena, "%s%s%s", owner ? owner : "", owner ? "." : "", it->from);
        const char *asked = arena_printf(session->arena, "%s=%s", old, it->to);
        if (!session->report.interactive || session->json) {
            report_note(&session->report,
                        "%s and %s look like the same %s. If it was renamed, pass --rename %s", it->from,
                        it->to, object_kinds[it->kind].word, asked);
            continue;
        }
        bool yes = false;
        const char *question =
            arena_printf(session->arena, "Was %s %s renamed to %s? No drops %s and its values.",
                         object_kinds[it->kind].word, safe(session->arena, old), safe(session->arena, it->to),
                         safe(session->arena, old));
        if (!ask_yes_no(session->progress, question, &yes, err))
            return false;
        if (yes)
            *VEC_PUSH(session->arena, answers) = asked;
    }
    return true;
}

bool renames_ask(Session *session, Db *db, Comparison *c, Error *err)
{
    NameList answers = { 0 };
    return ask_each(session, c, &answers, err) &&
           (!answers.count ||
            (compare_add_renames(session, c, &answers, err) && compare_diff(session, db, c, err)));
}
