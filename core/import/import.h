// import.h -- the folder of another migration tool, read as revisions of ours.
//
// Each tool has one reader after one table. A reader gives revisions in their order: ids, parents, messages, labels, and
// the SQL of each direction as sections. Nothing is written here; `import_script` makes the text of a script and reads
// it back, so that what is written afterwards is known to be valid. `import_applied` asks their version table what has run.
// What cannot be carried is an ERR_SCRIPT or ERR_UNSUPPORTED placed in their file; what is left out is a warning.
#ifndef CORE_IMPORT_IMPORT_H
#define CORE_IMPORT_IMPORT_H

#include "core/db/driver.h"
#include "core/revision/graph.h"

typedef struct ImportedSection {
    Direction direction;
    bool no_transaction;
    const char *sql;
    size_t statements;
} ImportedSection;

typedef struct Imported {
    Script head;         // what the script will say of itself; its path is the file that it came from
    const char *version; // its name in their version table
    VEC(ImportedSection) sections;
    bool seen[2]; // Alembic: the direction was written
} Imported;
typedef VEC(Imported *) ImportedList;

typedef struct ImportFormat ImportFormat;

typedef struct Import {
    Arena *arena;
    const ImportFormat *format;
    const char *folder;
    const Dialect *dialect;
    const char *program; // how Alembic is called; NULL: found out
    const char *table;   // their version table, "name" or "schema.name"
    ImportedList revisions;
    WarningList warnings;
    NameList variables; // that the scripts ask for by ${x.NAME}
    TokenList books;    // the name of the table that the SQL itself keeps books in: not carried over
    size_t books_found; // statements of that kind
} Import;

struct ImportFormat {
    const char *name;
    const char *summary;
    const char *version_table; // where the user says no other
    const char *file_template; // of the scripts; NULL: the project's own
    bool (*read)(Import *import, Error *err);
    // The versions that their table says have run, as `version` of an Imported.
    bool (*applied)(const Import *import, Db *db, Arena *arena, NameList *out, Error *err);
    bool rows_are_heads; // one row stands for all that it builds on
};
extern const ImportFormat import_formats[]; // ended by an entry without a name
// The format of that name. NULL with the error set, which lists the known ones.
const ImportFormat *import_format(const char *name, Error *err);

// `import` comes with arena, format, folder, dialect, and what the user said of program and table.
bool import_read(Import *import, Error *err) MUST_USE;

// The whole text of a script.
bool import_script(const Import *import, const Imported *imported, StrBuf *out, Error *err) MUST_USE;

// Keeps a warning about a file for the caller to report; it never fails.
void import_warn(Import *import, const char *path, const char *fmt, ...) PRINTF_LIKE(3, 4);

// What `stamp` is to be told so that our version table says what theirs does. *exists: their table is there. ERR_STATE where
// theirs says something that no order of revisions gives: a failed migration, one that was passed over.
bool import_applied(Import *import, Db *db, Arena *arena, const Graph *graph, NameList *out, bool *exists,
                    Error *err) MUST_USE;

#endif
