// Rows of a history that was made before they had an owner: those that were written of the scripts that this project has
// become its own. What is left (of scripts that were changed or deleted since, or of another project) is read by every
// project that shares the history, where it has no row of its own.
#include <string.h>

#include "core/apply/apply_internal.h"

enum { ROWS_AT_ONCE = 200 };

typedef struct Claim {
    Run *run;
    StrBuf where;
    size_t count;
} Claim;

static bool send(Claim *claim, Error *err)
{
    StrBuf sql;
    const Run *run = claim->run;
    if (!claim->count)
        return true;
    history_begin_update(run, &sql, run->arena);
    strbuf_puts(&sql, HISTORY_OWNER " = ");
    run->dialect->put_literal(&sql, run->owner);
    strbuf_printf(&sql, " WHERE " HISTORY_OWNER " = '' AND (%s)", claim->where.text);
    strbuf_clear(&claim->where);
    claim->count = 0;
    return exec_sql(run->db, sql.text, err);
}

static bool add(Claim *claim, const Revision *revision, const char *checksum, Error *err)
{
    strbuf_puts(&claim->where, claim->count++ ? " OR (revision = " : "(revision = ");
    claim->run->dialect->put_literal(&claim->where, revision->id);
    strbuf_printf(&claim->where, " AND checksum = '%s')", checksum);
    VEC_EACH (HistoryEntry, entry, &claim->run->open)
        if (strcmp(entry->revision, revision->id) == 0 && strcmp(entry->checksum, checksum) == 0)
            entry->owner = claim->run->owner;
    return claim->count < ROWS_AT_ONCE || send(claim, err);
}

bool history_claim(Run *run, Error *err)
{
    Claim claim = { .run = run };
    strbuf_init(&claim.where, run->arena);
    if (!run->graph)
        return true;
    VEC_EACH (Revision *, it, &run->graph->revisions) {
        for (int direction = UPGRADE; direction <= DOWNGRADE; direction++) {
            Arena *scratch = arena_new(); // a script at a time: there may be thousands
            char checksum[CHECKSUM];
            Error unreadable = { 0 };
            bool read = script_direction_checksum(scratch, run->dialect, (*it)->script->path,
                                                  (Direction)direction, checksum, &unreadable);
            arena_free(scratch);
            if (read && !add(&claim, *it, checksum, err))
                return false;
        }
    }
    return send(&claim, err);
}
