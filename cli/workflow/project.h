// project.h -- where a command works: the configuration, the folders, the database.
//
// Settings come from the options, then CMIGRATE_URL and CMIGRATE_CONFIG, then cmigrate.yaml (found here or in the nearest
// parent folder). What the file names is relative to the file, what an option names to the working directory.
#ifndef CLI_WORKFLOW_PROJECT_H
#define CLI_WORKFLOW_PROJECT_H

#include "cli/commands/command.h"
#include "core/apply/apply.h"
#include "core/revision/made.h"

typedef struct Project {
    const Config *config;
    NameList schema;          // paths of the model
    const char *schema_title; // "schema.yaml", for messages
    const char *directory;    // where new scripts go
    NameList folders;         // where scripts are read
    Url url;
    const char *url_title;  // without its password
    const char *url_folder; // what a relative path of the URL is relative to
    const Dialect *dialect; // NULL: no URL is set
    VersionStore store;
    Filter filter;
    Db *db;                         // NULL: not connected
    struct ModelAhead *model_ahead; // NULL: the model is not being read yet
    bool scratch_only; // its URL is where scratch places of an engine are made: it has no database of its own
    bool whole;        // the model is of the whole database: see compare_scope
    Session *session;
    MadeList *made;  // by its scripts; NULL: not looked for yet
    NameList claims; // schemas in which the model declares something: filter asks for them
} Project;

typedef enum ProjectNeeds {
    NEEDS_FOLDERS, // configuration only
    NEEDS_DIALECT, // and a URL that parses
    NEEDS_READING, // and a connection that changes nothing
    NEEDS_WRITING, // and one that may
} ProjectNeeds;

// Fills `out` from the session's configuration and options, as far as `needs` asks, and connects where it asks
// for that. False, with the missing part in *err. project_close() releases it, after a failure too.
bool project_open(Session *session, ProjectNeeds needs, Project *out, Error *err) MUST_USE;
// Connects a project that was opened without a connection. `read_only`: a database that is missing is not
// made.
bool project_connect(Session *session, Project *project, bool read_only, Error *err) MUST_USE;
// A read-only connection for something that can be done without: a server that does not answer is not waited for long.
bool project_ask(Session *session, Project *project, Error *err) MUST_USE;
// From now on the schemas in which this model declares something are in scope, beside the default one.
void project_claim(Session *session, Project *project, const Schema *model);
void project_claim_names(Project *project, const NameList *schemas);
void project_close(Session *session, Project *project);

// A connection to any database with the project's settings; it is closed by db_close.
bool session_connect(Session *session, const Url *url, const char *folder, bool read_only, Db **out,
                     Error *err) MUST_USE;

// The same to make a scratch place from it, as the user of the URL: without the statements of on_connect.
bool session_connect_beside(Session *session, const Url *url, const char *folder, bool read_only, Db **out,
                            Error *err) MUST_USE;

// `scratch_url:` for the engine of a URL; NULL: none is set.
const char *session_scratch_url(const Session *session, const Url *url);

// Reads cmigrate.yaml into session->config, once.
bool session_configure(Session *session, Error *err) MUST_USE;
// Reads the files of --env-file and gives the process their variables: before options are taken from the environment, since
// the files may have those. ERR_USAGE where one cannot be read.
bool session_take_env_files(Session *session, Error *err) MUST_USE;
// Warns of a file with a password that others may read. `or_else` ends the sentence: what helps besides chmod; "": nothing.
void session_warn_of_password(Session *session, const char *path, const char *or_else);

// Is the folder of the revisions there, where somebody said which it is? The usual one may not be made yet: a project without
// revisions. Commands that make it do not ask. ERR_CONFIG, at the setting.
bool project_folder_exists(Session *session, const Project *project, Error *err) MUST_USE;

// May a script be written, changed or removed there? What the configuration names relative to itself stays inside of the
// project, links followed; an absolute `directory:` and --directory say themselves where they lead. ERR_CONFIG.
bool project_may_write(Session *session, const Project *project, const char *path, Error *err) MUST_USE;

// Did one of its scripts make this? They are read when that is first asked.
bool project_made(Project *project, ObjectKind kind, const char *name);

// "ann@host", for the history of a database.
const char *session_who(Arena *arena);

#endif
