// dialect.h -- what the files of PostgreSQL's dialect share: types, literals, the names that the server gives.
#ifndef DRIVERS_POSTGRESQL_DIALECT_DIALECT_H
#define DRIVERS_POSTGRESQL_DIALECT_DIALECT_H

#include "drivers/postgresql/postgresql.h"

enum { PG_OPTION_COUNT = 42 };
extern const OptionInfo pg_options[PG_OPTION_COUNT];
extern const char *const pg_portable_types[];
extern const TypeLimit pg_type_limits[];

// Slots of Dialect: core/dialect/dialect.h says what each takes and writes.
void pg_put_identifier(StrBuf *out, const char *name);
void pg_put_literal(StrBuf *out, const char *text);

// types.c
const char *pg_type_native(Arena *arena, const char *text, const char **wrong);
const char *pg_type_portable(Arena *arena, const char *native);
// A type without its modifier, as the server labels a constant of it: "character varying" of "character varying(80)".
bool pg_type_is_builtin(Arena *arena, const char *native); // by its name alone
const char *pg_type_bare(Arena *arena, const char *native);

// default.c
const char *pg_default_literal(Arena *arena, const char *type, const char *scalar, bool was_quoted);

// names.c: names as the server makes them
// Is it a word that quote_ident() quotes, however plain it looks (appendix C of the manual)?
bool pg_is_keyword(const char *name);
// As the server's quote_ident(): in double quotes only where it must be.
const char *pg_quote_ident(Arena *arena, const char *name);
// TABLE_COLUMN_LABEL, the longer part cut until all fits into 63 bytes; `second` and `label` may be NULL.
const char *pg_object_name(Arena *arena, const char *first, const char *second, const char *label);
// The longest prefix of whole characters that the server keeps of a name.
const char *pg_name_clip(Arena *arena, const char *name);
// `f(integer, text)`: the plain name, and what stands in the parentheses (NULL: none). Quotes inside are understood.
const char *pg_routine_split(Arena *arena, const char *name, const char **arguments);
// The name with argument types of a CREATE FUNCTION, PROCEDURE or AGGREGATE; `plain` where it cannot be read.
const char *pg_routine_name(Arena *arena, const char *plain, const char *definition);

// secret.c: passwords and their like, of user mappings and subscriptions; any other text is as it was
bool pg_key_is_secret(const char *key); // of an option: password, passfile, token …
const char *pg_without_secrets(Arena *arena, const char *definition);
const char *pg_connection_without_secrets(Arena *arena, const char *text); // a libpq connection text or URL

// array.c: `a IN ('x')` over a varchar as the server prints it, in words that it reads as just that; with `both`, for
// a comparison, what it makes of its own words too. Any other text is as it was.
const char *pg_in_list(Arena *arena, const char *text, bool both);

// lists.c: a publication's tables one by one, and those and what statistics are kept of sorted; else as it was
const char *pg_in_any_order(Arena *arena, const char *definition);

// subscription.c
typedef enum PgSubscriptionOption {
    PG_SUB_SLOT_NAME,
    PG_SUB_BINARY,
    PG_SUB_STREAMING,
    PG_SUB_SYNCHRONOUS_COMMIT,
    PG_SUB_DISABLE_ON_ERROR,
    PG_SUB_PASSWORD_REQUIRED,
    PG_SUB_RUN_AS_OWNER,
    PG_SUB_ORIGIN,
    PG_SUB_TWO_PHASE,
    PG_SUB_FAILOVER,
    PG_SUBSCRIPTION_OPTIONS
} PgSubscriptionOption;
typedef struct PgSubscription {
    const char *name, *connection;
    NameList publications;
    const char *options[PG_SUBSCRIPTION_OPTIONS]; // NULL: not said
} PgSubscription;
// False where the text says more than is known of here.
bool pg_subscription_read(Arena *arena, const char *definition, PgSubscription *out) MUST_USE;
const char *pg_subscription_key(PgSubscriptionOption option);
bool pg_subscription_same_connection(Arena *arena, const PgSubscription *a, const PgSubscription *b);
bool pg_subscription_same_publications(const PgSubscription *a, const PgSubscription *b); // in any order
bool pg_subscription_same_option(const PgSubscription *a, const PgSubscription *b,
                                 PgSubscriptionOption option);
bool pg_subscription_same(Arena *arena, const char *a, const char *b); // two CREATE statements
bool pg_subscription_is_alterable(const Object *have, const Object *want);

// long_names.c
const char *pg_clip_names(Arena *arena,
                          const char *text);      // each name in it as the server keeps it; NULL: NULL
void pg_clip_texts(Arena *arena, Object *object); // all texts of an object, and its options
bool pg_is_named_by_text(ObjectKind kind);        // the name has words besides: f(integer), a GRANT statement
bool pg_refuse_equal_when_cut(Schema *schema, Error *err) MUST_USE; // of a model whose names are whole yet

// renames.c: what follows a rename on the copy of a schema, see Dialect
void pg_carry_rename(Arena *arena, Schema *schema, const Object *renamed, const char *from);

// resolve.c
// Leaves out what the server takes by itself: bigint, 1, the bounds of the type, the first value in its direction.
void pg_sequence_shorten(Sequence *sequence);
// The options of a sequence, of its own or after a serial or identity column (identity.c).
typedef struct Numbering {
    const char *type;                                          // smallint, integer, bigint
    const char *start, *increment, *minimum, *maximum, *cache; // decimal text; NULL: the server's default
    bool cycle;
} Numbering;
// Of "START WITH 10 CYCLE".
Numbering pg_numbering_of_text(Arena *arena, const char *options, const char *type);
// "START WITH 10 CYCLE" of such a sequence; NULL: nothing that the server would not take by itself.
const char *pg_identity_options(Arena *arena, const Sequence *sequence);
// The options of an identity column in that form; as they are where they say what a sequence does not hold.
const char *pg_identity_options_as_kept(Arena *arena, const Column *column);
// An integer key of which the model says nothing more is an identity: today's form of serial, and standard SQL.
void pg_number_keys(Arena *arena, const Schema *schema);
bool pg_resolve(Arena *arena, Schema *schema, Error *err);

// parents.c: by partition and by inheritance. Ancestors: the nearest first, each once, also where a model has a cycle of them.
const Table *pg_parent_of(Arena *arena, const Schema *schema,
                          const Table *child); // of a partition; NULL: none
TableList pg_parents_of(Arena *arena, const Schema *schema, const Table *child);
TableList pg_ancestors_of(Arena *arena, const Schema *schema, const Table *child);

// inherited.c: whether the default, the expression and the settings of a child's column are those of its parent's.
bool pg_column_says_nothing(Arena *arena, const Column *child, const Column *parent);
// Takes the columns that are `inherited` and say nothing of their own out of a table of a model.
void pg_leave_out_inherited(Arena *arena, const Schema *schema, Table *table);

// search_path.c: the first schema of a search_path that a URL's options set; NULL: they do not.
const char *pg_url_schema(Arena *arena, const Url *url);

NameList pg_array(Arena *arena, const char *text); // lists.c: {a,"b c"}

// plan/sync.c: Dialect.sync_columns
bool pg_sync_columns(Arena *arena, const Table *table, const Column *old, const Column *fresh,
                     ColumnSync *out, Error *err);

#endif
