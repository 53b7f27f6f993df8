// dialect.h -- how an engine spells, and what it can do: pure data and pure functions, no connection.
//
// One const Dialect per engine, in drivers/<engine>/dialect.c, always linked in. The planner asks for capability bits
// and calls hooks; nothing compares a dialect's name.
#ifndef CORE_DIALECT_DIALECT_H
#define CORE_DIALECT_DIALECT_H

#include "core/base/strbuf.h"
#include "core/base/url.h"
#include "core/dialect/key_switch.h"
#include "core/dialect/lex.h"
#include "core/dialect/value.h"
#include "core/model/step.h"

typedef enum Capability {
    CAN_TRANSACTIONAL_DDL = 1 << 0, // DDL rolls back
    CAN_ALTER_CONSTRAINTS = 1 << 1, // ALTER TABLE … ADD / DROP CONSTRAINT; else the table is rebuilt
    CAN_ALTER_COLUMN = 1 << 2,      // type, default, nullability in place
    CAN_RENAME_CONSTRAINT = 1 << 3,
    CAN_RENAME_INDEX = 1 << 4,
    CAN_PLACE_COLUMN = 1 << 5, // FIRST, AFTER; a column's place is part of the model
    CAN_SCHEMAS = 1 << 6,
    CAN_COMMENT = 1 << 7,
    MERGES_TABLE_CHANGES = 1 << 8,  // all changes of one table in one statement
    INLINES_INDEXES = 1 << 9,       // CREATE TABLE carries its plain indexes
    INLINES_FOREIGN_KEYS = 1 << 10, // CREATE TABLE carries its foreign keys, forward ones included
    FOLDS_NAME_CASE = 1 << 11,      // names that differ in case only are one name (SQLite)
    FOLDS_COLUMN_CASE = 1 << 25, // so are those of columns alone, which are shown as they were made (MySQL)
    NEEDS_CONSTRAINT_NAMES =
        1 << 12, // the server names what is not named; a live constraint always has a name
    INDEXES_ARE_PER_TABLE = 1 << 13, // index names are unique in a table, not in a schema
    CONSTRAINTS_SHARE_NAMES =
        1 << 28, // names of foreign keys and checks are unique in a schema, not in a table (MySQL)
    FOLDS_FOREIGN_KEYS = 1 << 15, // CREATE TABLE may carry a foreign key whose target is there already
    HAS_TYPES = 1 << 16,          // CREATE TYPE and CREATE DOMAIN; else custom types are inlined
    HAS_ENUM_COLUMNS = 1 << 17,   // ENUM(…) as a column's type; else, without HAS_TYPES, text with a check
    INTEGER_KEYS_COUNT = 1 << 18, // an integer key needs AUTO_INCREMENT or a sequence to number its rows
    KEYS_COUNT_BY_IDENTITY =
        1 << 30, // such a key is an identity unless the model says `autoincrement: true` (PostgreSQL: serial)
    KEEPS_NO_ACTION =
        1 << 19, // ON DELETE NO ACTION is kept as said, apart from saying nothing (MariaDB shows it)
    RENAMES_FOLLOW =
        1 << 14, // views, checks and triggers that mention a renamed table or column follow by themselves
    KEYS_HAVE_NO_NAME = 1 << 20, // the name of a primary key says nothing (MySQL: PRIMARY)
    KEYS_MAY_BE_NULL = 1 << 21,  // a column of a primary key may hold NULL where it says so (SQLite)
    NULLS_ARE_LEAST = 1 << 22,   // NULL sorts before all values (SQLite); else after (PostgreSQL)
    VIEWS_NEED_THEIRS = 1 << 23, // a view is made after, and dropped before, what it reads (PostgreSQL)
    BOUNDS_TEXT = 1 << 24,       // VARCHAR(n) takes n characters and no more; information_schema tells it
    KEYS_MATCH_TYPES =
        1 << 27, // a foreign key between a number and a text is refused; else the values are compared
    REFERS_TO_INDEXES = 1 << 29, // a foreign key may lead to columns of an index that is not unique (MySQL)
    FILLS_NULLS =
        1 << 26, // a column that becomes NOT NULL gives its default to the rows that are NULL (SQLite)
} Capability;

// An engine's own setting that the model may carry: which kinds take it and how its value reads.
typedef enum OptionKind {
    OPTION_TEXT,
    OPTION_SWITCH,
    OPTION_NUMBER,
    OPTION_SQL,
    OPTION_NAME_LIST,
    OPTION_SETTINGS, // key=value, key='va lue': secrets among them make no difference, as they are not read back
    OPTION_NAMES_AT_LEAST // a set of names: that the database has more of them is no difference
} OptionKind;
typedef struct OptionInfo {
    const char *key; // "without_rowid", "engine", "unlogged"
    OptionKind kind;
    uint64_t kinds;   // bits 1 << ObjectKind
    const char *help; // one phrase, for the reference
} OptionInfo;
#define KIND_BIT(kind) ((uint64_t)1 << (kind))

// What the engine takes between the parentheses of a type, as type_native gives it: a length or a precision, and a scale.
// What it refuses would fail only when a revision runs.
typedef struct TypeLimit {
    const char *head; // "character varying", "decimal"; NULL ends a list of them
    long least, most;
    long least_scale, most_scale; // both 0: it has none
    bool scale_within;            // the scale may not be greater than the precision
} TypeLimit;

// How a change of something that exists is made.
typedef enum Fate {
    FATE_IN_PLACE,
    FATE_REPLACE, // drop and create
    FATE_REBUILD, // the whole table is recreated (SQLite)
} Fate;

// What keeps two columns of a table equal (Dialect.sync_columns).
typedef struct ColumnSync {
    StatementList make, drop;
    const char *forth, *back; // expressions
} ColumnSync;
// A column that changes its type, with all that a dialect may need to judge it. All of it is borrowed.
typedef struct MisfitQuestion {
    const Schema *have_schema, *want_schema;
    const Table *have_table, *want_table;
    const Column *have, *want;
    const char *value; // the column as SQL
    bool allow_loss;   // values may be rounded or cut: only what the engine refuses is asked for
} MisfitQuestion;
typedef struct RowDialect RowDialect; // rows.h

typedef struct Dialect {
    const char *name; // "sqlite", "postgresql", "mysql": also the word in scripts and in the model
    const char *const *url_schemes; // ended by NULL
    char quote;                     // of identifiers
    unsigned lex;                   // of LexRule
    size_t max_identifier;          // bytes (PostgreSQL: 63) or characters (MySQL: 64); 0: none
    uint64_t caps;                  // of Capability
    const char *default_schema;     // "public", "main"; NULL: the database's own name
    // The default schema that a URL sets for its connections (search_path); NULL, or giving NULL: it says nothing of it.
    const char *(*url_schema)(Arena *arena, const Url *url);
    const OptionInfo *options;
    size_t option_count;
    const char *const
        *portable_types; // the model's type names this engine translates, for suggestions; ended by NULL

    // The type table, read both ways. `type_native` turns the model's spelling ("string(80)", "integer[]", or the
    // engine's own, passed through) into the engine's canonical one; NULL when a portable type is spelt wrongly (then
    // *wrong points at the offending word). `type_portable` turns the engine's into the model's: portable only where
    // type_native gives exactly the same text back, else the engine's own.
    const char *(*type_native)(Arena *arena, const char *spelling, const char **wrong);
    const char *(*type_portable)(Arena *arena, const char *native);
    bool
        asks_for_types; // type_native has asked the engine whether the whole text is a type: any word may be a part of one (SQLite)
    const TypeLimit *type_limits; // NULL: the engine has none

    // Equality at first look. May say no too often (the server is asked then), never yes wrongly.
    bool (*same_type)(Arena *arena, const char *a, const char *b);
    bool (*same_sql)(Arena *arena, const char *a, const char *b);

    // Text under construction. put_literal writes a string literal that no byte can break out of.
    void (*put_identifier)(StrBuf *out, const char *name);
    // Whether a word without quotes is something else than the column of that name. NULL: texts are compared as if it were not.
    bool (*is_reserved)(const char *name);
    void (*put_literal)(StrBuf *out, const char *text);

    // The model's scalar default ("ok", 0, true) for a column of `type`, as SQL.
    const char *(*default_literal)(Arena *arena, const char *type, const char *scalar, bool was_quoted);

    // Fills in what this engine implies, on a schema just read from a model, so that it compares with a live one:
    // serial from an integer key, inlined custom types, the check of an enum, names beyond the limit. May be NULL.
    bool (*resolve)(Arena *arena, Schema *schema, Error *err);

    // On a copy of the live schema that a diff renames in: `renamed` has got its new name, and all that names it in words
    // of this engine's own (options, signatures) follows. Lists of options are shared with the live schema. May be NULL.
    void (*carry_rename)(Arena *arena, Schema *schema, const Object *renamed, const char *from);

    // Planning. `renames`: can the engine give an object of this kind, which holds no rows, another name? If not, it is dropped
    // and created; NULL: it can. `fate`: how an ALTER is made. `blocks`: must `dependent` be taken down while `step` runs, and brought
    // back after it? `expand`: a last look at all steps before they are ordered. blocks and expand may be NULL.
    bool (*renames)(ObjectKind kind);
    Fate (*fate)(const Change *change, const Schema *have, const Schema *want);
    bool (*blocks)(const Step *step, const Object *dependent);
    bool (*expand)(StepGraph *graph, Error *err);

    // One step as statements. Fails with ERR_UNSUPPORTED, placed in the model where the object came from it.
    bool (*render)(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out, Error *err);

    // Makes one statement of several of a plan that follow each other, where the engine does all of it in one pass over the
    // table. `places` gets, for each statement of `in`, where it is in `out`. NULL: each stays by itself.
    void (*join)(Arena *arena, const StatementList *in, StatementList *out, size_t *places);

    // While two versions of an application run beside each other, what the one writes to `old` shall be found in `fresh` and
    // the other way round: the statements that see to that, and those that end it. The values of a column as those of the
    // other go into a SET: fresh = forth, old = back. NULL: the engine has no such means.
    bool (*sync_columns)(Arena *arena, const Table *table, const Column *old, const Column *fresh,
                         ColumnSync *out, Error *err);
    // A condition that is true of the values that the engine refuses or would alter in their new type; NULL: there are none,
    // or no query tells them. May be NULL.
    const char *(*misfit)(Arena *arena, const MisfitQuestion *question);
    // What rows that are there get in a new NOT NULL column without a default: "0", "''"; NULL: the column is refused where the
    // table has rows. A NULL slot: it always is. `schema` has the server's flavor.
    const char *(*filler)(const Schema *schema, const Column *column);
    // Are the rows of this table held to its constraints? Not those of a foreign table. NULL: they always are.
    bool (*holds_rows_to_rules)(const Table *table);

    // Whether a statement can only run outside a transaction (VACUUM, CREATE INDEX CONCURRENTLY). May be NULL.
    bool (*needs_no_transaction)(Text statement);

    // What core/apply writes besides (drivers/<engine>/dialect_apply.c).
    // A query that gives one row where the table exists: the schema that it is in, or NULL where the engine has none. Its
    // second value, if any, says whether the table has `column` (may be NULL): 1, or NULL. It may have three more: why the
    // table must not be read, and why not be written to, for code of somebody else would run with it (NULL: it may), and
    // what to do. `schema` NULL: where names are looked for; every function and operator of the query is qualified.
    void (*put_table_query)(StrBuf *out, const char *schema, const char *table, const char *column);
    // The same asked in a hurry: one row where the table exists, with the first two values of put_table_query, and a third that
    // is NULL where only the whole question tells whether it may be read and written to. NULL: the whole question costs no more.
    void (*put_quick_table_query)(StrBuf *out, const char *schema, const char *table, const char *column);
    // For a script that nobody looks at before it runs: a statement that fails by itself, with the reason, where the table must
    // not be read or written to (put_table_query). NULL: to write to a table runs nobody's code there.
    void (*put_table_guard)(StrBuf *out, const char *schema, const char *table);
    // Statements, without the last terminator, that fail by themselves and say `text` when `query` gives a row.
    void (*put_assertion)(StrBuf *out, const char *query, const char *text);
    // The first lines of a script for the engine's own client: it shall stop at the first error. NULL: it does by itself.
    const char *client_preamble;
    // An expression that names who runs the statement, and from where; NULL: the engine knows no users.
    const char *who_runs;
    // `time`, as it is written in those tables, and what the transaction has lasted since it began: statements that are sent
    // together end when nobody can look at a clock. NULL: none are.
    void (*put_time_passed)(StrBuf *out, const char *time);
    // What compares a column of those tables with a literal, so that no operator of a user's can take its place; NULL: =
    const char *own_equals;
    const RowDialect *rows;        // how rows are spelt: literals, upserts, the staging of declared rows
    const char *own_table_options; // after CREATE TABLE (…) of the tables it keeps; NULL: none

    // Rows. What values a column takes (value.h): by its type, and where that is one of the database by what `schema` says
    // of it. A type that is not known becomes TAKES_OTHER without samples.
    void (*value_type)(Arena *arena, const Schema *schema, const Table *table, const Column *column,
                       TypeValues *out);
    // An expression that gives the value of a column as text without loss, for comparing and for reading back; `column` is
    // SQL, quoted. And that text as SQL which gives the value again.
    void (*put_value_text)(StrBuf *out, const char *type, const char *column);
    void (*put_value_again)(StrBuf *out, const char *type, const char *text);
    // Does the engine number the rows of a table in this column where an INSERT leaves it out?
    bool (*numbers_itself)(const Table *table, const Column *column);
    const char *insert_defaults; // after INSERT INTO t: a row of defaults alone
    const char *
        overrides_identity; // between the columns and VALUES, where a GENERATED ALWAYS column gets a value; NULL: nothing
    // Has a foreign key look at the end of the transaction (`waits`), and again when the engine does by itself, as the schema
    // says. Statements; nothing where it waits already. Only in a scratch database, between rows of tables that need each
    // other's: an engine may look at no key meanwhile, and not at those that were made.
    void (*put_key_waits)(StrBuf *out, const Constraint *key, bool waits);
    const char *
        keys_look_now; // has the keys that wait for the end of the transaction look at once; NULL: no such word
    // How a session switches the enforcement of foreign keys; NULL: they are always enforced.
    const KeySwitch *key_switch;
} Dialect;

extern const Dialect sqlite_dialect, postgresql_dialect, mysql_dialect;
enum { DIALECT_COUNT = 3, DIALECT_WORD_COUNT = 4 };
extern const Dialect *const all_dialects[DIALECT_COUNT];
// What people call the engines, for messages that say which are known; dialect_by_name knows them all.
extern const char *const dialect_words[DIALECT_WORD_COUNT];

const Dialect *dialect_by_name(const char *name); // NULL: unknown; "postgres" and "mariadb" are known too
// The dialect of a URL's scheme; NULL: unknown.
const Dialect *dialect_by_scheme(const char *url_scheme);

#endif
