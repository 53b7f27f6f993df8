// error.h -- what went wrong: filled where it happens, read where it is shown.
//
// A function that can fail returns bool (a maker returns NULL), is MUST_USE, and takes `Error *err` last. It sets
// the error and returns false in one line:
//
//     return error_set(err, ERR_SCHEMA, "column '%s' appears twice", name);
//
// Callers add context with error_prefix() and never print: only cli/output/report.c does. Setting an error cannot fail.
// A reader that finds several problems chains them: the first is *err itself, the others hang on `next`.
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include "core/base/arena.h"

typedef enum ErrorCode {
    ERR_NONE,
    ERR_USAGE,       // the call is wrong                                     exit 2
    ERR_CONFIG,      // cmigrate.yaml or the environment is wrong             exit 2
    ERR_SCHEMA,      // the model is wrong                                    exit 2
    ERR_SCRIPT,      // a revision script or the graph is wrong               exit 2
    ERR_UNSUPPORTED, // this engine or this version cannot do it              exit 2
    ERR_IO,          // a file could not be read or written                   exit 2
    ERR_STATE,       // a negative answer: not at the head, differences       exit 1
    ERR_CONNECT,     // no connection                                         exit 3
    ERR_SQL,         // the database refused                                  exit 3
    ERR_REVISION,    // a revision failed while it was applied                exit 4
    ERR_LOCKED,      // another cmigrate held the lock past lock_timeout      exit 5
    ERR_INTERRUPTED, // SIGINT or SIGTERM                                     exit 130
    ERR_BUG,         // ours                                                  exit 70
    ERR_COUNT
} ErrorCode;

// Where in a file. Lines and columns count from 1; a column counts characters (code points), 0: not known.
typedef struct SourcePos {
    const char *file; // as the user would name it; NULL: nowhere
    unsigned line;
    unsigned column;
    unsigned length; // characters to underline; 0: one caret
} SourcePos;

typedef struct Error {
    ErrorCode code;
    char message[2048]; // one phrase: lower case, no newline at the end, no final stop; names in 'quotes'
    char label[256];    // what follows the carets: "did you mean 'string'?"
    char hint[2048];    // what to do: whole sentences, or commands, one a line
    char native[40];    // SQLSTATE or the client library's number
    char detail[4096];  // what the server said besides (DETAIL, HINT), or the state that things are in now
    unsigned position;  // of the fault in the statement, in characters from 1; 0: the database did not say
    SourcePos at;
    SourcePos also; // the other place, of a name used twice
    char also_label[128];
    struct Error *next; // the next problem of the same reading
} Error;

// All return false. `err` may be NULL: then nothing is recorded.
bool error_set(Error *err, ErrorCode code, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool error_at(Error *err, ErrorCode code, SourcePos at, const char *fmt, ...) PRINTF_LIKE(4, 5);
bool error_prefix(Error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool error_hint(Error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool error_label(Error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool error_detail(Error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
// The other place that is concerned, with what follows its carets.
bool error_also(Error *err, SourcePos also, const char *label);
bool error_native(Error *err, const char *native);

// The exit status of a code (spec: cli.md, Exit status).
int error_exit_status(ErrorCode code);

// Problems of one reading, in the order they were found. issues_add copies; issues_raise moves them all into
// *err (the first, the others on `next`) and returns true when there are none.
typedef struct Issues {
    Arena *arena;
    Error *first, *last;
    size_t count;
} Issues;
Error *issues_add(Issues *issues, ErrorCode code, SourcePos at, const char *fmt, ...) PRINTF_LIKE(4, 5);
bool issues_raise(const Issues *issues, Error *err) MUST_USE;

// The candidate nearest to `word` by edit distance (case-insensitive, transpositions count one), else the only one that
// begins with it, or NULL when none is near enough to suggest.
const char *nearest_word(const char *word, const char *const *candidates, size_t count);

#endif
