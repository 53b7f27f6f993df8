// command.h -- a command of the program: its words, its options, what runs it.
//
// One file cli/cmd_<name>.c per command holds its option table and its function; commands.c lists them all. main makes
// the arena; everything that a command is given hangs on the Session, so that a test can call one without a process.
#ifndef CLI_COMMANDS_COMMAND_H
#define CLI_COMMANDS_COMMAND_H

#include "cli/options/options.h"
#include "cli/output/report.h"
#include "core/config/config_read.h"

typedef struct Command Command;

// The options that every command takes.
typedef struct CommonOptions {
    const char *config, *url, *environment, *database, *directory, *format, *color;
    NameList schema, variables, env_files;
    bool quiet, no_progress, help, version;
    unsigned verbose;
} CommonOptions;
extern const Opt common_options[];

typedef struct Session {
    Arena *arena;
    const Command *command;
    CommonOptions common;
    const void *options; // the command's own struct
    NameList args;
    Report report;
    bool json;
    int status;           // of an answer that is no error: 1 for "differs"
    bool configured;      // `config` was read
    Config config;        // of the project, or of the database that is worked on
    const char *database; // its name, where the project has several
    NameList scripts;     // paths of those that the graph was read from, in byte order
    bool several;         // and the command runs for more than one of them
    bool without_data;    // comparisons leave declared rows out
    bool plans;           // plans are made of them
    bool allow_delete;    // and may delete rows that nobody declared (mode: sync)
    bool reached_out;     // a replay passed over what would have reached another server
    bool writes;          // it may have changed a database (session_outlives_output)
    const char *written;  // the script that it wrote last; NULL: none
    struct Progress *progress;
} Session;

struct Command {
    const char *name;
    const char *summary;         // one phrase, for the list
    const char *arguments;       // "[TARGET]", "" for none
    const char *details;         // paragraphs for --help and the reference; NULL: none
    const char *const *examples; // lines "what it does\0command" as pairs; ended by NULL; NULL: none
    const Opt *options;          // NULL: none of its own
    size_t options_size;
    unsigned min_args, max_args;
    unsigned sources;    // with so many arguments it needs no cmigrate.yaml; 0: it always does
    Completes completes; // of its arguments
    const char *const
        *first_words;  // what the first argument may be, ended by NULL; NULL: as `completes` says
    bool per_database; // run for each of the project's databases
    bool makes_folder; // of the revisions, where it is not there yet
    bool hidden;
    bool of_fleet;   // it can be run for each of --targets: its struct has FleetOptions at
    size_t fleet_at; // this offset (OF_FLEET in cli/workflow/fleet.h)
    // What its answer says in few words, for many targets at once: those that say the same are told together. NULL, or
    // giving NULL, also where no answer is given (NULL): each is told by itself.
    const char *(*gist)(const Session *session, Arena *arena, const struct Node *answer);
    bool (*run)(Session *session, Error *err);
};

extern const Command *const commands[];        // in the order of help; ended by NULL
const Command *command_find(const char *name); // NULL: none

// Parses and runs; prints what went wrong. Returns the exit status. argv is written to: a password is taken off it.
int cli_run(Arena *arena, int argc, char **argv);

// Before a database is written to: from now on a reader of the output that goes away does not end the process (SIGPIPE),
// and the exit status tells of the database, not of the output.
void session_outlives_output(Session *session);

// The answer of a command in JSON: one object or one list, begun and ended by its bracket. Where text is asked for, begin
// says false and end prints nothing. An object begins with the name of the database, where the project has several.
struct Json;
bool session_answer_begin(Session *session, struct Json *json, char bracket);
void session_answer_end(Session *session, struct Json *json, char bracket);
void session_answer_print(Session *session, struct Json *json); // one that is complete

// A text that is the whole answer: as it appears, or as {"KEY": …}.
void session_print_text(Session *session, const char *key, const StrBuf *text);
// SQL that is the answer. Where it is for several databases, a comment above says for which this is.
void session_print_sql(Session *session, const StrBuf *text);
// False with ERR_INTERRUPTED where SIGINT or SIGTERM came: asked between the parts of what takes long without a statement that
// could be cancelled, and before anything is written.
bool session_goes_on(const Session *session, Error *err) MUST_USE;
// A script that is printed instead of written: as it appears, or as {"revision": …, "sql": …}.
void session_print_script(Session *session, const char *revision, const StrBuf *text);

// help*.c, complete.c, man.c: everything that is made from the tables.
typedef struct ExitStatus {
    int status;
    const char *text;
} ExitStatus;
extern const ExitStatus exit_statuses[]; // ended by a NULL text
// Both in lines of at most `columns`, if these are fewer than usual; 0: it is not shown on a terminal.
void help_overview(StrBuf *out, size_t columns);
void help_command(StrBuf *out, const Command *command, size_t columns);
void help_usage(StrBuf *out, const Command *command);
void help_markdown(StrBuf *out);
void help_man(StrBuf *out);
bool complete_script(StrBuf *out, const char *shell, Error *err) MUST_USE;

#endif
