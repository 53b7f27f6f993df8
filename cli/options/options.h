// options.h -- options as tables: parsing, help, completion and the reference are all made from them.
//
// Every command has one table of Options and a struct of its own that their values land in by offset, so that a command
// can be called from a test without a command line. The options that all commands share are one more such table
// (common_options), accepted before and after the command's word.
//
// Strict: an unknown option is an error that names the nearest one, nothing is abbreviated, a value that is missing or
// given to a flag is an error. `--` ends the options; `-1` (digits after the dash) is an argument, not an option.
#ifndef CLI_OPTIONS_OPTIONS_H
#define CLI_OPTIONS_OPTIONS_H

#include "core/base/error.h"
#include "core/base/vec.h"

typedef enum OptKind {
    OPT_FLAG,   // bool
    OPT_COUNT,  // unsigned: -v, -vv
    OPT_TEXT,   // const char *
    OPT_LIST,   // NameList: may be repeated
    OPT_CHOICE, // const char *, one of `choices`
} OptKind;

// What a shell may offer for a value or an argument.
typedef enum Completes {
    COMPLETES_NOTHING,
    COMPLETES_FILE,
    COMPLETES_FOLDER,
    COMPLETES_REVISION,
    COMPLETES_ENVIRONMENT,
    COMPLETES_COMMAND
} Completes;

typedef struct Opt {
    const char *name; // without the dashes
    char letter;      // 0: none
    OptKind kind;
    size_t offset;              // of its value in the command's struct
    const char *value_name;     // "URL"; NULL for flags
    const char *help;           // one phrase, lower case, without a final stop
    const char *env;            // taken where the option is absent; NULL: none
    const char *const *choices; // ended by NULL
    Completes completes;
} Opt;

typedef struct OptTable {
    const Opt *opts; // ended by an entry without a name
    void *values;    // the struct that `offset` counts from
} OptTable;

// The first word that is no option (the command), looked for with the common options only; 0: there is none.
int options_find_word(int argc, char *const *argv, const Opt *common);

// Walks argv[1…], without argv[skip] (the command's word; 0: none). Arguments land in `args`.
bool options_parse(Arena *arena, int argc, char *const *argv, int skip, const OptTable *tables,
                   size_t table_count, NameList *args, Error *err) MUST_USE;

// Fills in from the environment what was not given. An empty variable counts as not set.
bool options_from_environment(const OptTable *table, Error *err) MUST_USE;

// The words that give the same options again, without those whose names are `left_out` (ended by NULL).
void options_words(Arena *arena, const Opt *opts, const void *values, const char *const *left_out,
                   NameList *out);

// By name; NULL: the table (which may be NULL) has none.
const Opt *opt_named(const Opt *opts, const char *name);

// "-m, --message TEXT"
void opt_put_title(const Opt *opt, char *out, size_t size);

#endif
