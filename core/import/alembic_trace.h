// alembic_trace.h -- Alembic's revisions run on an empty SQLite database of their own, and what they run there is written down.
//
// Batch mode asks the database what a table looks like, so Alembic cannot write it as SQL without one. A module that Python loads
// first (sitecustomize) has the module sqlite3 open the database of the trace, whatever env.py names, and writes each statement
// that changes something into a file, below a line `-- Running upgrade a -> b` as `--sql` writes them.
#ifndef CORE_IMPORT_ALEMBIC_TRACE_H
#define CORE_IMPORT_ALEMBIC_TRACE_H

#include "core/base/error.h"
#include "core/base/vec.h"

typedef struct AlembicTrace {
    Arena *arena;
    char *folder;   // NULL: nothing was made
    NameList words; // what the call of Alembic begins with
} AlembicTrace;

// Makes the folder and the module. Ended by alembic_trace_end, also after a failure.
bool alembic_trace_begin(Arena *arena, AlembicTrace *trace, Error *err) MUST_USE;
// Has the module been loaded since the last take? Where it was not, a run would change the project's own database.
bool alembic_trace_is_on(const AlembicTrace *trace);
// What was written since the last time.
bool alembic_trace_take(const AlembicTrace *trace, Text *out, Error *err) MUST_USE;
// The part before the first revision that reads rows, or, with `failed`, before the last one. *whole: it is all of it.
Text alembic_trace_sure(Text traced, bool failed, bool *whole);
void alembic_trace_end(AlembicTrace *trace);

#endif
