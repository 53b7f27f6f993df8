// config_read.h -- cmigrate.yaml: settings of a project, with ${NAME} and ${NAME:-default} filled in.
#ifndef CORE_CONFIG_CONFIG_READ_H
#define CORE_CONFIG_CONFIG_READ_H

#include "core/base/error.h"
#include "core/base/vec.h"
#include "core/config/environment.h"
#include "core/db/driver.h"
#include "core/yaml/keys.h"

typedef struct ConfigDatabase ConfigDatabase;

// `destructive:` what becomes of revisions that destroy what a database holds.
typedef enum DestructivePolicy {
    DESTRUCTIVE_ALLOW,
    DESTRUCTIVE_CONFIRM,
    DESTRUCTIVE_REFUSE
} DestructivePolicy;

typedef struct Config {
    const char *path;   // of the file, as found; NULL: none was read
    const char *folder; // everything relative is relative to this
    const char *url;    // NULL: not set
    SourcePos url_at;
    bool holds_password;              // the file has a password, in the URL of this or another environment
    NameList env_files_with_password; // paths of those of env_file that hold one
    const Error *url_error;           // why url could not be filled in, for whoever needs it; NULL: it could
    NameList schema;                  // paths; default: schema.yaml
    const char *directory;            // default: migrations
    SourcePos directory_at;           // where the file says so; line 0: it does not
    NameList version_paths;           // more folders with scripts
    const char *version_table;        // default: cmigrate_version; may be schema.table
    const char *file_template;        // default: {timestamp}_{revision}_{slug}
    SourcePos file_template_at;
    const char *template_file; // `template:` the script template; NULL: the built-in one
    const char *timezone;      // NULL: UTC
    SourcePos template_at, timezone_at;
    unsigned truncate_slug_length; // default 40
    unsigned lock_timeout_ms;      // default 60 s
    bool sets_lock_timeout;        // the file says so
    unsigned statement_timeout_ms; // default 0
    NameList extensions;           // SQLite: shared libraries to load into every connection
    NameList pragmas;              // SQLite: pairs of a name and a value, set in every connection
    NameList on_connect;           // statements to run first in every connection to a database
    NameList include, exclude;     // globs
    KindPatternList include_kinds, exclude_kinds; // those of them that are for some kind only
    SourcePos include_at, exclude_at;
    Unmanaged unmanaged;
    DestructivePolicy destructive;
    bool drift_ignored; // `drift: ignore`: migrate does not compare the database with what the revisions make
    NameList
        dialects; // `dialects:` names of the engines that each new script is for; fewer than two: the URL's
    bool linear;  // keep one head, with a file that makes version control conflict
    bool online;
    bool columns_ordered; // `column_order: exact`: the place of a column is part of the model
    const char *scratch_url;
    NameList scratch_urls;   // of a map by engine: pairs of its name and a URL; then scratch_url is not set
    const struct Node *lint; // `lint:`, read by core/lint; NULL: not set
    const struct Node *lint_names; // `names:`, patterns for names by kind of object; NULL: not set
    bool
        lint_infers_references; // a column PARENT_id references PARENT for lint, with or without a foreign key
    NameList lint_on;           // `on:`, rules of lint that are off by default and are switched on
    VariableList variables;     // of the files that `env_file:` names; in every ${NAME} they are filled in
    NameList test_skip;         // `test: {skip: […]}`: names of built-in checks that `test` leaves out
    SourcePos test_at;
    NameList environments;            // names of `environments:`
    NameList hooks;                   // commands run on a new script
    struct ConfigDatabase *databases; // `databases:`; in name order
    size_t database_count;            // 0: one project, one database
} Config;

// One of several databases of a project: its own settings, complete (what it leaves out is the project's).
struct ConfigDatabase {
    const char *name;
    Config config;
};

// Defaults, in a folder without a configuration file.
void config_default(Arena *arena, const char *folder, Config *out);
// Reads one file; `environment` (may be NULL) names an entry of `environments` to lay over it.
bool config_read(Arena *arena, const char *path, const char *environment, Config *out, Error *err) MUST_USE;
// cmigrate.yaml in `from` or its nearest parent; NULL: none.
const char *config_find(Arena *arena, const char *from);

// Fills in of the options of a connection what the file sets: timeouts, extensions, pragmas, on_connect.
void config_connect(Arena *arena, const Config *config, ConnectOptions *out);

// "60s", "500ms", "2m", "0", "15" (seconds) as milliseconds.
bool duration_parse(const char *text, unsigned *ms) MUST_USE;

// The keys of cmigrate.yaml, of each environment and of each database, and of `test:`.
extern const KeyMap config_keys_map, test_keys_map;

#endif
