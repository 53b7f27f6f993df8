#include "cli/workflow/verify_show.h"

#include "cli/output/json.h"

static const char *rows_text(Arena *arena, const VerifyFailure *failure)
{
    if (failure->refusal)
        return arena_printf(arena, "the database refuses the query: %s", safe(arena, failure->refusal));
    return arena_printf(arena, "%llu row%s%s%s", (unsigned long long)failure->rows,
                        failure->rows == 1 ? "" : "s", failure->first ? ", the first: " : "",
                        failure->first ? safe(arena, failure->first) : "");
}

void verify_print(Session *session, const VerifyReport *verify)
{
    Arena *arena = session->arena;
    Report *report = &session->report;
    bool refused = false;
    VEC_EACH (VerifyFailure, it, &verify->failures) {
        refused |= it->refusal != NULL;
        report_line(report, "%s:%u: %s (revision %s): %s", path_shown(arena, it->at.file), it->at.line,
                    safe(arena, it->text), it->revision->id, rows_text(arena, it));
    }
    if (verify->failures.count)
        report_line(report, "%zu of %zu quer%s of verify sections failed", verify->failures.count,
                    verify->queries, verify->queries == 1 ? "y" : "ies");
    else
        report_line(report, "%zu quer%s of verify sections hold%s", verify->queries,
                    verify->queries == 1 ? "y" : "ies", verify->queries == 1 ? "s" : "");
    if (refused)
        report_note(report, "A query that does not fit the schema any more may be changed or removed: verify "
                            "sections are no part of a script's checksum.");
}

void verify_json(Json *json, Session *session, const VerifyReport *verify)
{
    json_key(json, "verify");
    json_open(json, '{');
    json_put_int(json, "queries", (long long)verify->queries);
    json_key(json, "failed");
    json_open(json, '[');
    VEC_EACH (VerifyFailure, it, &verify->failures) {
        json_open(json, '{');
        json_put_text(json, "revision", it->revision->id);
        json_put_text(json, "path", path_shown(session->arena, it->at.file));
        json_put_int(json, "line", it->at.line);
        json_put_text(json, "text", it->text);
        json_put_int(json, "rows", (long long)it->rows);
        json_put_text(json, "first", it->first);
        json_put_text(json, "refusal", it->refusal);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}
