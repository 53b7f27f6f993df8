// stage.h -- a memory database in which a schema is created, so that SQLite itself is asked about its texts.
//
// Functions, collations and table-valued names that only an application knows are given empty stand-ins, since a text
// that uses them is sound where the application runs. What stands in is listed in `borrowed`.
#ifndef DRIVERS_SQLITE_CANONICAL_STAGE_H
#define DRIVERS_SQLITE_CANONICAL_STAGE_H

#include "drivers/sqlite/driver/internal.h"

typedef struct Stage {
    Arena *arena;
    Db *db;
    bool incomplete;   // something of the schema could not be created
    NameList borrowed; // "function regexp", "collation LOCALIZED"
} Stage;

// Closed by db_close(stage->db).
bool stage_open(Db *db, Arena *arena, Stage *out, Error *err) MUST_USE;
// Runs one statement; a function or collation that is missing gets a stand-in, and the statement another try.
bool stage_takes(Stage *stage, const char *text, Error *why) MUST_USE;
// Creates all tables, indexes, views and triggers of `schema` that SQLite takes; the rest sets `incomplete`.
void stage_build(Stage *stage, const Schema *schema);

#endif
