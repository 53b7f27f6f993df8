// cmigrate.h -- the library: a C program brings its own database up to date when it starts.
//
//     Cmigrate *m;
//     CmigrateOptions options = { .url = "sqlite:///app.db", .migrations = "/usr/share/app/migrations" };
//     if (cmigrate_open(&options, &m) != CMIGRATE_OK || cmigrate_upgrade(m, "head", NULL) != CMIGRATE_OK)
//         fprintf(stderr, "%s\n", cmigrate_message(m));
//     cmigrate_close(m);
//
// Nothing here prints, reads the environment's CMIGRATE_ variables, or ends the process (but without memory it does, with
// status 70). There is no global state: handles are independent, and each may be used by one thread at a time. Every
// function that can fail returns a CmigrateStatus, the number being the exit status that the program has for it; what
// went wrong stands in cmigrate_message until the next call with the same handle.
//
// Link with what `pkg-config --cflags --libs cmigrate` prints, or `pkg-config --static` with -l:libcmigrate.a. No names but
// cmigrate_* are exported. PostgreSQL's and MySQL's drivers are modules, loaded when a URL asks for them.
#ifndef CMIGRATE_H
#define CMIGRATE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CMIGRATE_API __attribute__((visibility("default")))

typedef struct Cmigrate Cmigrate;

typedef enum CmigrateStatus {
    CMIGRATE_OK = 0,
    CMIGRATE_NO = 1,       // a negative answer: the database has a revision that no script has
    CMIGRATE_WRONG = 2,    // the call, the configuration, the model or a script is wrong; nothing was touched
    CMIGRATE_DATABASE = 3, // no connection, or the database refused
    CMIGRATE_REVISION =
        4,               // a revision failed: the message says where, what state it is in and what to do next
    CMIGRATE_LOCKED = 5, // another run held the lock past lock_timeout
    CMIGRATE_BUG = 70,   // of the library
    CMIGRATE_INTERRUPTED = 130, // on_revision said so
} CmigrateStatus;

// What is left out (NULL, 0) comes from the configuration file, and where there is none has the default of docs/commands.md.
typedef struct CmigrateOptions {
    const char *config;      // path of a cmigrate.yaml; NULL: none is read, and relative paths start here
    const char *environment; // one of its environments
    const char *url;         // of the database
    const char *migrations;  // the folder of revision scripts
    const char *schema;      // the model, for cmigrate_check
    unsigned lock_timeout_ms;
    // Told before each revision runs; false stops before it. May be NULL.
    bool (*on_revision)(void *payload, const char *revision, const char *message, bool downgrade);
    void *payload;
    // The application's own connection, a sqlite3 * or PGconn *, of the engine that `url` names (sqlite://, postgresql://): no other
    // is made for the work, a database in memory included. It must be open, with no transaction; cmigrate_close leaves it open, with
    // the settings that it had. Where it is of a file, SQLite keeps one descriptor of that open until the process ends. NULL: the
    // library connects. MySQL's and MariaDB's are refused (CMIGRATE_WRONG).
    void *connection;
    bool contract; // upgrade runs revisions of `phase contract`, too, and does not end before them
    bool
        allow_destructive; // permit what destroys data, where `destructive:` of the configuration is confirm or refuse
} CmigrateOptions;

typedef struct CmigrateCheck {
    bool at_head;           // every head has been applied
    size_t differences;     // between the database and the model
    size_t changed_scripts; // scripts that were edited after they were applied
} CmigrateCheck;

CMIGRATE_API const char *cmigrate_version(void); // "0.1.0"

// Reads the configuration and connects. *out is set even on failure, for its message; close it in any case.
CMIGRATE_API CmigrateStatus cmigrate_open(const CmigrateOptions *options, Cmigrate **out);
CMIGRATE_API void cmigrate_close(Cmigrate *m); // NULL is allowed

// TARGET as on the command line; NULL: head, and -1. *moved counts the revisions that ran, also on failure; may be NULL.
CMIGRATE_API CmigrateStatus cmigrate_upgrade(Cmigrate *m, const char *target, size_t *moved);
CMIGRATE_API CmigrateStatus cmigrate_downgrade(Cmigrate *m, const char *target, size_t *moved);

// The revisions that the database is at, one per head; the list lives until the next call with the same handle.
CMIGRATE_API CmigrateStatus cmigrate_current(Cmigrate *m, const char *const **revisions, size_t *count);

// Compares database and model. Changes nothing. CMIGRATE_OK whatever the answer is.
CMIGRATE_API CmigrateStatus cmigrate_check(Cmigrate *m, CmigrateCheck *out);

// One difference between the database and the model. `change` is what would lead to the model: "create", "drop" or "alter".
typedef struct CmigrateDifference {
    const char *change;
    const char *kind; // "table", "column", "index" and so on
    const char *name; // with its schema or table before it where it has one: "user.email"
    const char *file; // where the model declares it; NULL: it does not
    unsigned line;
} CmigrateDifference;
// The same comparison as cmigrate_check, as a list; it lives until the next call with the same handle.
CMIGRATE_API CmigrateStatus cmigrate_differences(Cmigrate *m, const CmigrateDifference **list, size_t *count);

// Sets the version table without running scripts. TARGET as on the command line, NULL: head. `purge` removes first what no script
// has.
CMIGRATE_API CmigrateStatus cmigrate_stamp(Cmigrate *m, const char *target, bool purge);

// A revision of the folder.
typedef struct CmigrateRevision {
    const char *revision, *message;
    const char *path;
    bool applied; // to this database
    bool head;
    bool contract; // upgrade ends before it, unless CmigrateOptions.contract is set
} CmigrateRevision;
// All of them, the newest first; the list lives until the next call with the same handle.
CMIGRATE_API CmigrateStatus cmigrate_history(Cmigrate *m, const CmigrateRevision **list, size_t *count);

// Where in a file the last call went wrong: its name, and line and column from 1. NULL and 0 where it is no file's fault.
CMIGRATE_API const char *cmigrate_error_file(const Cmigrate *m);
CMIGRATE_API unsigned cmigrate_error_line(const Cmigrate *m);
CMIGRATE_API unsigned cmigrate_error_column(const Cmigrate *m);

// What went wrong in the last call: whole lines for people, without passwords. "" where nothing did.
CMIGRATE_API const char *cmigrate_message(const Cmigrate *m);
// The SQLSTATE or the client library's number; "" where there is none.
CMIGRATE_API const char *cmigrate_native_code(const Cmigrate *m);

#ifdef __cplusplus
}
#endif
#endif
