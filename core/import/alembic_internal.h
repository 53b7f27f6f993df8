// alembic_internal.h -- what the reader of Alembic's projects and the run of their revisions share.
#ifndef CORE_IMPORT_ALEMBIC_INTERNAL_H
#define CORE_IMPORT_ALEMBIC_INTERNAL_H

#include "core/base/process.h"
#include "core/import/import_internal.h"

typedef struct Alembic {
    Import *import;
    NameList program;   // "alembic", or "flask" "db"
    const char *ini;    // alembic -c; NULL: it finds its own
    const char *folder; // where it runs; NULL: here
    NameList before;    // words before the program
    const char *flask;  // flask db … -d; NULL: no such project
} Alembic;

// Calls it with these words, ended by NULL. A status other than 0 is no error.
bool alembic_ask(const Alembic *alembic, const char *const *words, ProcessResult *out, Error *err) MUST_USE;
// "alembic cannot WHAT: REASON", as ERR_SCRIPT. Always false.
bool alembic_refused(const Alembic *alembic, const char *what, const ProcessResult *result, Error *err);
// The revision of the last line `-- Running upgrade a -> b`; NULL: there is none.
const Imported *alembic_last_running(const Import *import, Text output);

// alembic_run.c: takes from a run on an empty SQLite database what was not seen yet of upgrades and downgrades. False without
// *ran: there was no such run, for the engine is another or Python did not load the trace.
bool alembic_read_by_running(const Alembic *alembic, bool *ran, Error *err) MUST_USE;

#endif
