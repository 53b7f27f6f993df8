// source.h -- one side of a diff: a URL, a model file or folder, the revisions replayed, the project's own.
#ifndef CLI_WORKFLOW_SOURCE_H
#define CLI_WORKFLOW_SOURCE_H

#include "cli/workflow/compare.h"

typedef enum SourceKind { SOURCE_DATABASE, SOURCE_MODEL, SOURCE_MIGRATIONS } SourceKind;

typedef struct Source {
    SourceKind kind;
    const char *title;
    Url url;            // SOURCE_DATABASE
    const char *folder; // that a relative path of the URL is relative to
    NameList paths;     // SOURCE_MODEL
    Db *db;             // open while the sides are compared
} Source;

// `word`: what is on the command line; NULL: the project's database or, for the second side, its model.
bool source_find(Session *session, const Project *project, const char *word, bool second, Source *out,
                 Error *err) MUST_USE;
// Before anything is read: the connection of a database tells what names without a schema mean.
bool source_connect(Session *session, Project *project, Source *source, Error *err) MUST_USE;
// Models first, then revisions, then databases: of a database, that is read which the others name.
bool source_read(Session *session, Project *project, const Dialect *dialect, Source *source, Schema *out,
                 RenameList *renames, Error *err) MUST_USE;
void source_close(Source *source);
// The engine that one source alone is read for: its own, the project's, or SQLite where a model names none.
const Dialect *source_dialect(const Project *project, const Source *source);

// Both sides of a comparison, with their titles and dialect, without what `unmanaged:` leaves alone. Not compared yet.
// out->dialect: the engine where neither the sides nor the project name one; NULL: that is ERR_CONFIG.
bool sources_read(Session *session, Project *project, Source *from, Source *to, Comparison *out,
                  Error *err) MUST_USE;

#endif
