// object.h -- the common head of everything that a database holds.
//
// Every object has a kind, a schema, a name, a comment, a place in the file it was declared in, options of its
// engine, and what it depends on. Ordering, filtering, listing and renaming know only this head; what a kind has of
// its own lies behind it (schema.h), described by a table of fields (field.h) that reader, writer and differ walk.
//
// Memory: objects live in the arena of the command; strings are the arena's. After a schema was built it is const.
#ifndef CORE_MODEL_OBJECT_H
#define CORE_MODEL_OBJECT_H

#include "core/base/error.h"
#include "core/base/strbuf.h"
#include "core/base/vec.h"

// In the order in which independent objects are created. What holds for each is in object_kinds (object_kinds.c).
typedef enum ObjectKind {
    OBJECT_SCHEMA,
    OBJECT_EXTENSION,
    OBJECT_COLLATION,
    OBJECT_ENUM,      // EnumType
    OBJECT_DOMAIN,    // DomainType
    OBJECT_COMPOSITE, // CompositeType
    OBJECT_RANGE,     // definition
    OBJECT_SEQUENCE,  // Sequence
    OBJECT_FUNCTION, // definition; the name carries the argument types where names are overloaded: f(integer, text)
    OBJECT_PROCEDURE,
    OBJECT_PACKAGE, // definition (MariaDB), as the next
    OBJECT_PACKAGE_BODY,
    OBJECT_AGGREGATE,
    OBJECT_OPERATOR,
    OBJECT_CAST,
    OBJECT_TEXT_SEARCH_PARSER,
    OBJECT_TEXT_SEARCH_TEMPLATE,
    OBJECT_TEXT_SEARCH_DICTIONARY,
    OBJECT_TEXT_SEARCH_CONFIGURATION, // definition: with its mappings, several statements
    OBJECT_FOREIGN_DATA_WRAPPER,
    OBJECT_SERVER,
    OBJECT_USER_MAPPING,
    OBJECT_TABLE,       // Table, also foreign tables, partitions and SQLite's virtual tables
    OBJECT_COLUMN,      // Column
    OBJECT_PRIMARY_KEY, // Constraint, as the next four
    OBJECT_UNIQUE,
    OBJECT_CHECK,
    OBJECT_EXCLUDE,
    OBJECT_INDEX,         // Index
    OBJECT_FOREIGN_KEY,   // Constraint
    OBJECT_STATISTICS,    // definition, table
    OBJECT_VIEW,          // View, also materialized
    OBJECT_RULE,          // definition, table
    OBJECT_TRIGGER,       // definition, table
    OBJECT_POLICY,        // definition, table
    OBJECT_EVENT,         // definition (MySQL)
    OBJECT_EVENT_TRIGGER, // definition (PostgreSQL)
    OBJECT_PUBLICATION,
    OBJECT_SUBSCRIPTION,
    OBJECT_GRANT,             // definition: one GRANT statement
    OBJECT_DEFAULT_PRIVILEGE, // definition: one ALTER DEFAULT PRIVILEGES statement
    OBJECT_DATABASE,          // the database's own settings, by its options (MySQL); there is one at most
    OBJECT_KIND_COUNT
} ObjectKind;

// When objects of a kind are created, as far as nothing else orders them: lowest first.
typedef enum CreatePhase {
    CREATE_BEFORE_TABLES = 20, // and altered: what tables are made of
    CREATE_TABLES = 30,
    CREATE_COLUMNS = 32,
    CREATE_CONSTRAINTS = 36,
    CREATE_INDEXES,
    CREATE_FOREIGN_KEYS,
    CREATE_ABOVE_TABLES = 40 // what reads tables or reacts to them
} CreatePhase;

// When they are dropped. In between, the steps that rebuild or alter tables have their own places (core/plan/plan_order.c).
typedef enum DropPhase {
    DROP_ABOVE_TABLES = 10,
    DROP_FOREIGN_KEYS,
    DROP_CONSTRAINTS,
    DROP_COLUMNS = 35, // after new ones: a table has always one
    DROP_TABLES = 50,
    DROP_ROUTINES, // and sequences: defaults that call them have gone with their columns
    DROP_TYPES,
    DROP_USER_MAPPINGS,
    DROP_SERVERS,
    DROP_WRAPPERS,
    DROP_EXTENSIONS,
    DROP_SCHEMAS
} DropPhase;

// What holds for all objects of a kind.
enum {
    KIND_VERBATIM = 1 << 0,   // its body is the `definition`, SQL text
    KIND_GLOBAL = 1 << 1,     // of the whole database: its name has no schema before it
    KIND_PART = 1 << 2,       // of a table: a column, key, constraint or index
    KIND_MENTIONED = 1 << 3,  // texts of other objects name it, which makes them depend on it
    KIND_ROUTINE = 1 << 4,    // function, procedure, aggregate
    KIND_TEXT_SEARCH = 1 << 5 // parser, template, dictionary, configuration
};

typedef struct ObjectKindInfo {
    const char *word;    // "table": in messages, in `migrate`'s list
    const char *yaml;    // the key of its section in the model ("tables"); NULL: lives in a table
    const char *keyword; // SQL's own words after CREATE / DROP
    size_t size;         // of the struct that begins with its Object
    CreatePhase create;
    DropPhase drop;
    unsigned is; // KIND_ bits
} ObjectKindInfo;
extern const ObjectKindInfo object_kinds[OBJECT_KIND_COUNT];

// The name of the one object of its kind: a model says nothing of how the database is called.
#define DATABASE_NAME "defaults"

bool object_kind_is_verbatim(ObjectKind kind); // KIND_VERBATIM, and so on
// As the bit of that name in object_kinds says.
bool object_kind_is_global(ObjectKind kind);
bool object_kind_is_part(ObjectKind kind);
bool object_kind_is_mentioned(ObjectKind kind);
bool object_kind_is_routine(ObjectKind kind);
bool object_kind_is_text_search(ObjectKind kind);
bool object_kind_has_arguments(ObjectKind kind); // its name carries their types: a routine, an operator

// An engine's own setting of an object. Keys are the model's (snake_case); a list is sorted by key.
typedef struct Option {
    const char *key;
    const char *value; // "true" / "false" for switches
    SourcePos at;
} Option;
typedef VEC(Option) OptionList;

typedef struct Object Object;
typedef VEC(Object *) ObjectList;

// Who owns a live object and what others may do with it, where that is not what an object made now would have. No
// model states these and no diff compares them: they come back when the object has to be recreated.
typedef struct Grant {
    const char *what; // "GRANT SELECT, UPDATE (a)", "REVOKE EXECUTE"
    const char *on;   // "SEQUENCE t_id_seq", of what comes with the object; NULL: the object itself
    const char *whom; // "TO somebody WITH GRANT OPTION", "FROM PUBLIC"
} Grant;
typedef struct Privileges {
    const char *owner; // as SQL; NULL: who asked
    VEC(Grant) grants;
} Privileges;

// A rule of lint that the model allows at an object: `lint: {allow: [RULE]}`.
typedef struct Allowed {
    const char *rule; // as it appears
    SourcePos at;
    bool used; // by lint
} Allowed;
typedef VEC(Allowed) AllowedList;

struct Object {
    ObjectKind kind;
    const char *schema;       // NULL: the connection's default (PostgreSQL: public; the others have no other)
    const char *name;         // NULL: a constraint without a name
    const char *table;        // the name of the table (or view) that it belongs to; NULL: stands alone
    const char *comment;      // NULL: none
    const char *definition;   // verbatim kinds: the whole CREATE statement, without the final semicolon
    const char *renamed_from; // hint of the model: the name it had
    OptionList options;
    ObjectList depends_on; // of the same schema, where the driver knows them (pg_depend); see plan_depend.h
    AllowedList *allows;   // NULL: none
    const Privileges *privileges; // NULL: none worth keeping, or the engine has none
    SourcePos at;                 // where it was declared; file NULL for what came from a database
    bool
        blocks_renames; // it refers to what does not exist, so that the engine refuses any rename while it exists
    bool
        displaced; // of a live schema under new names: another object is renamed to its name, and it is dropped
    bool keeps_schema;    // of a live extension: the server cannot move it to another schema
    bool texts_not_asked; // of a model: the database could not be asked for its own form of the texts in it
    const char *
        written_schema; // of the default schema: written before a name that alone would find the engine's own
    bool
        uses_known; // of a view or routine of a model: depends_on has all that it uses of those that are known so too
    uint64_t id; // the driver's own (an OID); 0 where none
    size_t slot; // its number in its schema, given by schema_sort: an index for side tables
};

// NULL where absent. option_set replaces; value NULL removes.
const char *option_get(const OptionList *options, const char *key);
bool option_is(const OptionList *options, const char *key); // set to "true"
void option_set(Arena *arena, OptionList *options, const char *key, const char *value);
bool options_equal(const OptionList *a, const OptionList *b);

// schema, then table, then name, bytewise; a missing part comes first.
int object_compare(const Object *a, const Object *b);

// "schema.table.name" for messages and globs; parts that need it are in double quotes.
const char *object_title(Arena *arena, const Object *object);

// A name as the model's keys write it: `a`, `s.a`, `"odd.name"`. name_split undoes it; false when quotes are broken.
const char *name_join(Arena *arena, const char *schema, const char *name);
bool name_split(Arena *arena, const char *text, NameList *parts) MUST_USE;
// Does the text of a type name this object? Quoted where need be, with or without its schema.
bool object_is_type(Arena *arena, const Object *object, const char *type);
// Lists of such names, `a, s.b, "odd, name"`: one more; the next one, which `list` is advanced past (NULL: no more); is one
// of them `name`?
void name_add(StrBuf *list, const char *schema, const char *name);
const char *name_next(Arena *arena, const char **list);
bool name_listed(Arena *arena, const char *list, const char *name);

#endif
