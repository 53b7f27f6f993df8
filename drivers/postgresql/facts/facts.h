// facts.h -- questions about a step, a table or a type of PostgreSQL, and how names are written.
//
// Nothing here changes what it is asked about: planning and rendering both ask, and neither decides here. Results are of the
// arena that is passed, or belong to the schema that they are found in. A list is empty, and a pointer NULL, where there is none.
#ifndef DRIVERS_POSTGRESQL_FACTS_FACTS_H
#define DRIVERS_POSTGRESQL_FACTS_FACTS_H

#include "core/dialect/sql.h"
#include "drivers/postgresql/dialect/dialect.h"

// ---- steps (step.c)

enum { PG_13 = 130000, PG_14 = 140000, PG_15 = 150000, PG_16 = 160000, PG_17 = 170000, PG_18 = 180000 };
unsigned pg_version_of(const StepGraph *graph); // of the server; 15 where neither side knows it (offline)

// The schema that tables move into while they are recreated.
#define PG_ASIDE_SCHEMA "cmigrate_old"

// A step that recreates its table: FACET_PARTS on the ALTER of a table.
bool pg_table_is_remade(const Step *step);
// A column that becomes jsonb for a while, or comes back from it: FACET_PARTS on the ALTER of a column.
bool pg_column_goes_round(const Step *step);

// "locks: ACCESS EXCLUSIVE; rewrites the table"; either may be NULL, and NULL of both gives NULL.
const char *pg_cost_comment(Arena *arena, const char *lock, const char *note);

// ---- names and what is written of them (names.c)

// A name quoted, whether it needs that or not.
const char *pg_quoted(Arena *arena, const char *name);
const char *pg_qualified(Arena *arena, const char *schema, const char *name); // quoted
void pg_put_joined(StrBuf *out, const char *joined);    // a name as name_join writes it, quoted
void pg_put_joined_list(StrBuf *out, const char *list); // names of PG_INHERITS
// A collation as the model names it, each of its parts quoted.
void pg_put_collation(StrBuf *out, const char *collation);
void pg_put_expression(StrBuf *out, const char *expression); // in parentheses, whatever comment it ends with
SqlPart pg_table_of(const Object *object);                   // the table that an object hangs on, as a QID
// What follows DROP and COMMENT ON: `TABLE "t"`, `TRIGGER "a" ON "t"`, `FUNCTION "f"(integer)`.
void pg_put_target(StrBuf *out, const Object *object);
// What is written before an object's name: its schema; the default one too where its name alone would find something of
// pg_catalog; else NULL.
const char *pg_written_schema(const Object *object);
void pg_put_routine(StrBuf *out, const Object *object); // name and, where known, argument types
// $word$ to put around a text that does not contain it.
const char *pg_dollar_tag(Arena *arena, const char *word, const char *text);
// Names that the server gives by itself, where the options do not say another.
const char *pg_sequence_name(Arena *arena, const Column *column);
const char *pg_not_null_name(Arena *arena, const Column *column);

// ---- names of constraints that are taken (constraint_names.c)

// The names of the constraints of both sides, by schema. The server gives a NOT NULL (18) a name that no constraint of the whole
// schema has, so where another table has the name that is wanted, it must be said.
typedef struct PgConstraintNames PgConstraintNames;
const PgConstraintNames *pg_constraint_names(Arena *arena, const Schema *have, const Schema *want);
// Has another table of the column's schema, on either side, a constraint of that name?
bool pg_is_named_elsewhere(const PgConstraintNames *names, const Column *column, const char *name);
// Do tables that inherit from the column's table have its NOT NULL under that name? They may still be there when it is recreated.
bool pg_is_carried_down(const PgConstraintNames *names, const Schema *have, const Column *column,
                        const char *name);

// ---- tables and those that they belong to (inheritance.c)

// The value of a table's option; NULL: it is not set.
static inline const char *option_of(const Table *table, const char *key)
{
    return option_get(&table->head.options, key);
}
static inline const Table *as_table(const Object *object) { return (const Table *)(const void *)object; }

const Table *pg_counterpart(const Schema *schema, const Table *table); // the table of that name
// Does the child name the parent as the table that it is a partition of?
bool pg_is_partition_of(Arena *arena, const Table *child, const Table *parent);
const CompositeType *pg_row_type(Arena *arena, const Schema *schema, const Table *table); // of a typed table
// All columns of a table: those of its parents and its row type, then its own; where both have one, its own.
ColumnList pg_all_columns(Arena *arena, const Schema *schema, const Table *table);
// Does a child compute the column in another way than its parent? The server allows it from 16 on.
bool pg_has_own_expression(const Column *column, const Column *parent);

// ---- indexes and keys of partitions (partition_index.c)

// Of the parent, that `part` of a partition belongs to; NULL: none is known.
const Object *pg_parent_index(Arena *arena, const Schema *schema, const Object *part);
// Do keys of partitions serve the index, so that they go with it?
bool pg_index_has_keys(const StepGraph *graph, const Object *index);
bool pg_partition_brings_key(const StepGraph *graph, const Table *table);
bool pg_marks_unlisted(const Table *table, const char *index); // set when that is there

// ---- types (types.c, row_types.c)

// A type that ALTER TYPE cannot bring from one to the other: a new one takes its place, and its columns follow.
bool pg_type_needs_new(const StepGraph *graph, const Object *have, const Object *want, unsigned facets);
Step *pg_replacing_step(const StepGraph *graph, const char *type);  // that replaces a type; NULL: it stays
bool pg_type_is_replaced(const StepGraph *graph, const char *type); // by a step of the graph
bool pg_is_user_type(ObjectKind kind); // that columns can be of or sorted by, and a step can replace
// Does a text mention the type, or the multirange that comes with it?
bool pg_mentions_type(Arena *arena, const char *text, const Object *type);
// Does a text mention a name as a word of its own?
bool pg_mentions(Arena *arena, const char *text, const char *name);
const char *pg_old_type_name(Arena *arena, const char *name);
const char *pg_type_words(const Object *type); // TYPE, DOMAIN, COLLATION
const char *pg_range_setting(Arena *arena, const Object *range, const char *key);
const char *pg_multirange_name(Arena *arena, const Object *range);
bool pg_range_keeps_values(const Object *have, const Object *want); // only its multirange gets another name
Step *pg_row_type_step(const StepGraph *graph, const Table *want);  // that changes its attributes

enum {
    PG_MOST_TYPE_LEVELS = 20
}; // of types within types: a model may hold a cycle, which the server refuses
typedef struct PgTypeName {
    const char *schema, *name; // name NULL: it is none that a model's object could have
} PgTypeName;
PgTypeName pg_type_named(Arena *arena, const char *type); // of a type, or of an array's elements
// Is the object the type that a column's type names, or that of its elements?
bool pg_is_type_named(Arena *arena, const char *type, const Object *object);
// Has the type, or one within it, other attributes on the two sides?
bool pg_attributes_differ(const StepGraph *graph, const char *type);

// ---- casts (type_cast.c, lossy_cast.c)

const char *pg_through_number(Arena *arena, const StepGraph *graph,
                              const Column *column); // of a replaced domain over numbers; NULL: it is none
const char *pg_through_text(Arena *arena, const Column *column);     // the value as text and back
bool pg_type_has_conditions(const Schema *schema, const char *type); // a domain with NOT NULL or a check
bool pg_type_has_domain(const Schema *schema, const char *type,
                        const DomainType *domain); // it is that domain, or one over it
// Does the change of type leave rows as they are on disk, without even a look at them?
bool pg_type_keeps_rows(Arena *arena, const StepGraph *graph, const char *from, const char *to);
// The expression after USING for the value `c` (a quoted column or an expression in parentheses); NULL where the server
// converts by itself.
const char *pg_type_using(Arena *arena, const StepGraph *graph, const char *c, const char *from,
                          const char *to);
// The type without its modifier, under domains; of an array the element's, and *array is set.
const char *pg_under_domain(const StepGraph *graph,
                            const char *type); // the type of a domain of either side, else itself
const char *pg_base_type(Arena *arena, const StepGraph *graph, const char *type, bool *array);
// A condition that holds for rows whose value `c`, a column as SQL, is another one after the change of type: what does not come back as
// it was when it is cast there and back. NULL: no value changes that the server would not refuse.
const char *pg_values_change(Arena *arena, const StepGraph *graph, const char *c, const char *from_type,
                             const char *to_type);
bool pg_is_string(const char *type); // without its modifier
// A loss that no query can find, as a comment; NULL: none.
const char *pg_cast_caveat(Arena *arena, const StepGraph *graph, const char *from_type, const char *to_type);

// ---- foreign data (foreign.c)

// What follows a word of a CREATE statement outside parentheses: a literal, or a name.
const char *pg_clause_of(Arena *arena, const char *definition, const char *word);
bool pg_foreign_is_alterable(const Object *have, const Object *want);

#endif
