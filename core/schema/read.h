// read.h -- what the files of the model's reader share.
//
// schema_read.c lines up the sections of all files; read_keys.c takes maps apart; read_<thing>.c each read one thing.
// Whatever is wrong becomes an issue with its place and the reading goes on with what is left, so that one reading
// tells of everything. What needs other tables (references, associations) waits in `pending` until all are there.
#ifndef CORE_SCHEMA_READ_H
#define CORE_SCHEMA_READ_H

#include "core/schema/keys.h"
#include "core/schema/naming_convention.h"
#include "core/yaml/node.h"

enum { MOST_ISSUES = 100 };

// One thing of a section or list: `key: value`, or an item of a list with its `name`, or without any (key NULL).
typedef struct Entry {
    const Node *key; // may be a null scalar: named nothing on purpose
    const Node *value;
} Entry;
typedef VEC(Entry) EntryList;

// A type of `types:`, `enums:`, `domains:` or `composites:`.
typedef struct TypeDef {
    const Node *key;
    const char *schema, *name;
    ObjectKind kind;
    Object *object;
    bool busy, done; // busy: being read, to see cycles
    const Node *node;
    const Node *base, *values, *attributes, *checks; // as they appear in the file
    const char *native;                              // of a domain: its base
    EnumType *base_enum;                             // of a domain over an enum, inlined
    const struct TypeDef *base_def;                  // of a domain over a domain, inlined
} TypeDef;

typedef struct Mixin {
    const Node *key, *value;
    bool busy;
} Mixin;

// A foreign key whose target is known by text only so far.
typedef struct Reference {
    Constraint *key;
    Table *table;
    const Node *node; // the text, for places
    NameList names;   // what stands before the parentheses, split at dots
    bool has_columns; // parentheses stood there
    NameList columns; // inside of them
    bool unchecked;
    bool by_convention; // to be named
} Reference;

// A column that something names, to be looked for when its table is complete.
typedef struct ColumnUse {
    const Node *node;
    const char *name;
} ColumnUse;

typedef struct SpeltType {
    const char *spelling, *native;
} SpeltType;

typedef struct Reader {
    Arena *arena;
    Arena *scratch; // for what is of no use once the schema is made: nodes, lists of entries, what is pending
    const Dialect *dialect;
    const char *default_schema; // of the connection that the model is for
    Schema *schema;
    RenameList *renames;
    Issues issues;
    size_t visits;
    bool spent;
    bool broken; // a file could not be read to its end
    Convention names;
    const Node *names_at[NAMED_COUNT];
    VEC(TypeDef *) types; // by name, when they are all collected
    VEC(Mixin) mixins;
    VEC(Reference) references;
    VEC(SpeltType) spelt; // a hash table of types already translated
    size_t spelt_count;
    NameList table_names;
    const char *column; // that is being read: what read_keys calls the map where nothing else is said
} Reader;

// The table that is being read.
typedef struct TableReader {
    Reader *r;
    Table *table;
    const char *title;
    PartList key;       // of columns with primary_key: true
    const Node *key_at; // the first of them
    VEC(ColumnUse) uses;
    VEC(const Node *) nullable; // per column: where it says so itself
    VEC(const Node *) counts;   // per column: its `autoincrement`
    unsigned nameless_checks;
    unsigned mixin_depth;
    size_t own_columns; // how many columns the table declared itself
} TableReader;

// read_keys.c -----------------------------------------------------------------------------------------------------

// Adds an issue, unless there are enough; never NULL.
Error *read_issue(Reader *r, SourcePos at, const char *fmt, ...) PRINTF_LIKE(3, 4);
// Labels an issue "did you mean 'x'?" where a candidate is near.
void read_suggest(Error *err, const char *word, const char *const *candidates, size_t count);
// The same for a column that the table does not have; where none is near, the first ones are named.
void read_suggest_column(Error *err, const char *word, const NameList *columns);
// Counts work done; false when the bound is reached (an issue says so).
bool read_visit(Reader *r, const Node *at);

// The value for our dialect of `{default: …, postgresql: …}`; any other node as it is. NULL: none for us.
const Node *read_pick(Reader *r, const Node *node);

// The flat keys that a dialect lists for a kind of object are put into `options`.
typedef struct FlatOptions {
    ObjectKind kind;
    OptionList *options;
} FlatOptions;

// Sorts the values of a map by `keys`, of which `got` has room for as many; each is picked for our dialect. Unknown keys are
// issues that say they are "of `what`". False where `map` is no map.
bool read_keys(Reader *r, const Node *map, const char *what, const KeyMap *keys, const Node **got,
               const FlatOptions *flat);
// `options: {mysql: {…}}` and `flat`'s keys; node may be NULL.
void read_options(Reader *r, const Node *node, ObjectKind kind, OptionList *options);
// One flat key: an option of our dialect (set), or of another one (ignored). False: of none.
bool read_flat(Reader *r, const char *key, const Node *value, const FlatOptions *flat);

// The `name` of a map: a scalar, null where it asks for none. NULL: it has none for our dialect, or a wrong one (an issue).
const Node *read_name_key(Reader *r, const Node *map);

// A map's pairs or a list's items. The map is not picked for our dialect: a table may be called `mysql`. With `lone`, a single other value counts as a list of one.
EntryList read_entries(Reader *r, const Node *node, const char *what, bool lone);

const char *read_text(Reader *r, const Node *node, const char *what); // NULL: null, absent or wrong
// `otherwise` where the node is absent, null or, after an issue, no truth.
bool read_bool(Reader *r, const Node *node, const char *what, bool otherwise);
const char *read_number(Reader *r, const Node *node, const char *what); // decimal text
NameList read_names(Reader *r, const Node *node, const char *what);     // a text, or a list of them
// One of some words (case-insensitive, _ as space): its number; -1: null, or wrong with an issue.
int read_word(Reader *r, const Node *node, const char *what, const char *const *words, size_t count);
// A key that names an object: its schema (NULL: none) and name.
bool is_default_schema(const Reader *r, const char *schema); // which is as good as none
bool read_name(Reader *r, const Node *key, const char *what, const char **schema, const char **name);
void note_rename(Reader *r, Rename rename);
void check_former_names(Reader *r); // an issue where two objects have the same former name
void read_renamed(Reader *r, const Node *node, Object *object);
void read_comment(Reader *r, const Node *node, Object *object);

// read_types.c
void read_type_defs(Reader *r, const EntryList *types, const EntryList *enums, const EntryList *domains,
                    const EntryList *composites);
TypeDef *find_type(const Reader *r, const char *schema, const char *name); // NULL: not declared
void read_type_def(Reader *r, TypeDef *def);                               // once; others may need it first
void read_type_objects(Reader *r); // enums, domains and composites where they are objects

typedef struct TypeUse {
    const char *native; // NULL: an issue was added
    EnumType *enum_type;
    const TypeDef *domain; // inlined: its checks, default and not null are the column's
} TypeUse;
NameList read_enum_values(Reader *r, const Node *node); // none of them twice
// The type that a node names, in the spelling of our engine; all NULL where there is none for it, or after an
// issue. `table` and `column` name an enum that the model leaves unnamed, and may be NULL.
TypeUse read_type(Reader *r, const Node *node, const char *table, const char *column);
// As SQL; NULL: none. `declared` is the type as the model spells it, NULL where it is not one text.
const char *read_default(Reader *r, const Node *node, const char *type, const char *declared);
// read_words.c: the model's key for what other tools call `key` ("fields"); NULL: none is known.
const char *word_of_others(const char *key);

// type_limits.c: what the engine takes between the parentheses of a type, a sentence, where it does not take `native`;
// NULL: it takes it, or nothing is known of it.
const char *type_beyond_limits(Arena *arena, const Dialect *dialect, const char *native);

// The numbers of a sequence or an identity, as the model states them; NULL where it does not.
typedef struct CounterBounds {
    const char *start, *increment, *minimum, *maximum;
} CounterBounds;
// type_limits.c: refuses a step of 0, and a start or a minimum out of the bounds. `what`: "sequence 's'".
void check_counter(Reader *r, const Node *at, const char *what, const CounterBounds *counter);

// default_fits.c: what a default of `type` has to be where `scalar` is none ("a whole number"); NULL: it fits, or the
// type is no portable one.
const char *default_mismatch(Arena *arena, const Dialect *dialect, const char *type, const char *scalar);
bool default_is_uuid(const char *text);
bool default_is_year_last(const char *text); // 28.02.2026, 2/28/2026
// A check's text with VALUE replaced by the column.
const char *check_for_column(Reader *r, const char *expression, const char *column);

// read_column.c
void read_columns(TableReader *t, const Node *node);
Column *read_column(TableReader *t, const Node *key,
                    const Node *value); // NULL: none for this dialect, or wrong
void add_column(TableReader *t, Column *column, const Node *nullable, const Node *counts);
// An integer key that counts by rule, where nothing else is said. Also what the writer leaves out.
bool counts_by_itself(Arena *arena, const Dialect *dialect, const Table *table, const Column *column);

// read_parts.c
void read_part_list(TableReader *t, const Node *node, PartList *parts);
void use_column(TableReader *t, const Node *node, const char *name); // to be looked for later
Deferral read_deferral(Reader *r, const Node *node);
const char *read_action(Reader *r, const Node *node, const char *what);
const char *read_match(Reader *r, const Node *node);

// read_constraint.c
void read_uniques(TableReader *t, const Node *node);
typedef void ReadAtColumn(TableReader *t, const Node *name, const Node *value, const Column *column);
void read_at_column(TableReader *t, const Column *column, const Node *node, ReadAtColumn *read);
void read_column_unique(TableReader *t, const Column *column, const Node *node);
void read_column_index(TableReader *t, const Column *column, const Node *node);
void read_checks(TableReader *t, const Node *node, const Column *column); // NULL: the table's
void read_excludes(TableReader *t, const Node *node);
void add_check(TableReader *t, const Node *at, const char *expression, const char *column, bool of_column);
void read_indexes(TableReader *t, const Node *node);
void read_primary_key(TableReader *t, const Node *node);
// A name for what has none; `facts` is completed with the table.
const char *name_by_convention(TableReader *t, NamedKind kind, NameFacts facts);
const char *read_own_name(TableReader *t, const Node *key, bool *given); // given: there is a key

// read_reference.c
void read_foreign_keys(TableReader *t, const Node *node);
typedef struct ColumnReference {
    const Node *references, *on_delete, *on_update, *deferrable, *match, *unchecked;
} ColumnReference;
void read_column_reference(TableReader *t, const Column *column, const ColumnReference *nodes);
void resolve_references(Reader *r);
// What a column's type holds, as far as a key cares. KEY_OTHER: of which only the engine knows; `column` may be NULL.
typedef enum KeyFamily { KEY_OTHER, KEY_NUMBER, KEY_TEXT } KeyFamily;
KeyFamily key_family(const Reader *r, const Column *column);
// By name, in the dialect's sense of case; NULL: absent.
const Table *find_table(const Reader *r, const char *schema, const char *name);
const Column *find_column(const Reader *r, const Table *table, const char *name);
// Columns may come from elsewhere: a parent, a type, a virtual table's module.
bool brings_columns(const Table *table);

// read_lint.c
void read_lint(Reader *r, const Node *node, Object *object); // node NULL: nothing is said

// read_table.c
void read_mixin_defs(Reader *r, const EntryList *mixins);
void read_table(Reader *r, const Node *key, const Node *value);
void read_rest_of_table(TableReader *t,
                        const Node *value); // columns, keys, indexes … of a map that has only those
void finish_table(TableReader *t);

// read_association.c
void read_association(Reader *r, const Node *key, const Node *value);

// read_objects.c
void read_object(Reader *r, ObjectKind kind, const Entry *entry);

// read_data.c: an entry of `data:`, when all tables are known
void read_data(Reader *r, const Node *key, const Node *value);

// read_check.c
void check_schema(Reader *r);

#endif
