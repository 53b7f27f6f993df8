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

// `word`: what stands on the command line; NULL: the project's database or, for the second side, its model.
bool source_find(Session *session, const Project *project, const char *word, bool second, Source *out,
                 Error *err) MUST_USE;
// Before anything is read: the connection of a database tells what names without a schema mean.
bool source_connect(Session *session, Project *project, Source *source, Error *err) MUST_USE;
// Models first, then revisions, then databases: of a database, that is read which the others name.
bool source_read(Session *session, Project *project, const Dialect *dialect, Source *source, Schema *out,
                 RenameList *renames, Error *err) MUST_USE;
void source_close(Source *source);

#endif
