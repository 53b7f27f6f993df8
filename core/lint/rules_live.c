// S1, S2 of a live database: what no schema shows, since the server counts it while it runs.
#include "core/lint/internal.h"

enum { NEARLY_USED = 70 }; // percent

static const LintRule rules[] = {
    {.code = "S106",
     .name = "key-running-out",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "Most numbers of the generated key are used.",
     .why = "When the last one is given, every insert fails. Numbers of rows that were deleted or rolled "
             "back do not "
             "come back, and a wider type rewrites the table and all that references it.", .instead = "change the key and what references it to bigint while there is time",
     .aliases = "auto_inc_capacity" },
    { .code = "S203",
     .name = "unused-index",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_OFF,
     .summary = "No query has used the index since the server began to count.",
     .why = "Each write maintains it. The server counts on each replica by itself, and from the last reset "
             "of its "
             "statistics.", .instead = "look at the replicas too, then drop it; on MySQL and MariaDB, hide it first" },
    { .code = "S204",
     .name = "invalid-index",
     .engines = ON_POSTGRESQL,
     .level = LINT_ERROR,
     .summary = "The index is not valid: building it was interrupted.",
     .why = "Each write maintains it and no query uses it. A unique one refuses duplicates of new rows, and "
             "does not "
             "prove that there are none.", .instead = "DROP INDEX CONCURRENTLY, and build it again" },
    { 0},
};

static void judge_schema(const JudgeRevision *judge)
{
    Lint *lint = judge->lint;
    const LiveFactList none = { 0 }, *live = lint->live ? lint->live : &none;
    VEC_EACH (const LiveFact, it, live) {
        const LintPlace place = { 0 };
        if (it->kind == LIVE_KEY && it->percent >= NEARLY_USED)
            lint_found_in(judge, "S106", place, it->table, "%d %% of the numbers of %s%s%s are used",
                          it->percent, it->table, it->name ? "." : "", it->name ? it->name : "");
        else if (it->kind == LIVE_UNUSED_INDEX)
            lint_found_in(judge, "S203", place, it->table, "index %s of table %s was never used", it->name,
                          it->table);
        else if (it->kind == LIVE_INVALID_INDEX)
            lint_found_in(judge, "S204", place, it->table, "index %s of table %s is not valid", it->name,
                          it->table);
    }
}

const LintFamily lint_live = { .group = "schema", .rules = rules, .schema = judge_schema };
