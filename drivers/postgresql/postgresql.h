// postgresql.h -- what those who see and those who spell PostgreSQL agree on: names, texts and option keys.
//
// Names. `public` is the default schema: head.schema is NULL there, and scripts leave it out. Introspection runs with
// `search_path = public`, so that texts of the server (types, expressions, definitions) qualify exactly what lies
// elsewhere. An extension belongs to the database: its head.schema is NULL, the schema it is put in is an option.
//
// Routines. head.name always carries the types that identify it, as pg_get_function_identity's do without names:
// `f(integer, text)`, `f()`; dialect->resolve completes what a model leaves out. pg_routine_split (dialect.h) undoes it.
//
// Verbatim kinds. head.definition is one CREATE statement as the server or a person writes it, OR REPLACE or not, and
// head.table the table or view it hangs on. A grant's definition is one GRANT statement; its name is any text that is
// its own. Everything that such a statement cannot say is an option (enabled, statistics).
//
// Columns. A serial column has autoincrement and no default_sql; the sequence that it owns is not an object of its own.
// An inherited column, constraint or partition index is not listed in the child; where the child says something of its
// own about it (a default, another not null), the column is listed with the option `inherited`.
// An index or constraint of a partition that belongs to one of its parent's is listed only where its name is not the
// one that the server gives by itself, with the option `partition_of`.
#ifndef DRIVERS_POSTGRESQL_POSTGRESQL_H
#define DRIVERS_POSTGRESQL_POSTGRESQL_H

#include "core/dialect/dialect.h"

// The schema that each database comes with, and its comment
// Operators of the server's own, whatever the search_path: oid = regclass has no exact match, so another's could be taken.
#define PG_EQ             " OPERATOR(pg_catalog.=) "
#define PG_NE             " OPERATOR(pg_catalog.<>) "
#define PG_PUBLIC         "public"
#define PG_PUBLIC_COMMENT "standard public schema"

// Option keys. Lists of settings are `key=value, key=value`, values quoted as SQL literals where they need it.

// tables
#define PG_UNLOGGED     "unlogged" // switch; sequences too
#define PG_WITH         "with"     // storage parameters, `toast.` ones too; indexes, keys, materialized views
#define PG_TABLESPACE   "tablespace"   // indexes, keys and materialized views too
#define PG_USING        "using"        // table access method; materialized views too
#define PG_INHERITS     "inherits"     // names, as name_join writes them, in their order
#define PG_OF_TYPE      "of_type"      // a typed table
#define PG_PARTITION_BY "partition_by" // RANGE (a, lower(b))
#define PG_PARTITION_OF                                                                                      \
    "partition_of" // the parent, as name_join writes it; of an index or key: its parent's name
#define PG_ONLY               "only" // switch: an index of a partitioned table that some partition does not have
#define PG_PARTITION_BOUND    "partition_bound"    // FOR VALUES FROM (1) TO (10), or DEFAULT
#define PG_REPLICA_IDENTITY   "replica_identity"   // full, nothing, or the name of an index; absent: default
#define PG_CLUSTER_ON         "cluster_on"         // name of an index
#define PG_ROW_SECURITY       "row_security"       // switch
#define PG_FORCE_ROW_SECURITY "force_row_security" // switch
#define PG_SERVER             "server"             // a foreign table: its server
#define PG_SERVER_OPTIONS     "server_options"     // of foreign tables and their columns: key=value, …
#define PG_VALIDATED_CHECKS                                                                                  \
    "validated_checks" // names of a parent's checks that are NOT VALID there and validated here
// keys
#define PG_INDEX_COMMENT "index_comment" // on the index of the key
// columns
#define PG_STORAGE             "storage"     // plain, external, extended, main; absent: the type's own
#define PG_COMPRESSION         "compression" // pglz, lz4
#define PG_STATISTICS          "statistics"  // a number; of extended statistics too; of an index: 2=500, …
#define PG_ATTRIBUTE_OPTIONS   "attribute_options" // n_distinct=5, …
#define PG_INHERITED           "inherited"         // switch: comes from a parent
#define PG_SEQUENCE_NAME       "sequence_name"     // of serial and identity, where it is not TABLE_COLUMN_seq
#define PG_SEQUENCE_COMMENT    "sequence_comment"  // on that sequence
#define PG_NOT_NULL_NAME       "not_null_name" // 18: where it is not TABLE_COLUMN_not_null; of a domain too
#define PG_NOT_NULL_NO_INHERIT "not_null_no_inherit"
#define PG_NOT_NULL_NOT_VALID  "not_null_not_valid"
#define PG_NOT_NULL_COMMENT    "not_null_comment"
// views
#define PG_CHECK_OPTION     "check_option" // local, cascaded
#define PG_SECURITY_BARRIER "security_barrier"
#define PG_SECURITY_INVOKER "security_invoker"
#define PG_COLUMN_COMMENTS  "column_comments" // of views: column='text', …
#define PG_COLUMN_DEFAULTS  "column_defaults" // of views: column='expression', …
// of the columns of materialized views: column='500', …
#define PG_COLUMN_STATISTICS  "column_statistics"
#define PG_COLUMN_STORAGE     "column_storage"
#define PG_COLUMN_COMPRESSION "column_compression"
#define PG_COLUMN_ATTRIBUTES  "column_attribute_options"
// others
#define PG_ENABLED                                                                                           \
    "enabled" // of triggers, rules, event triggers: disabled, replica, always; absent: as created
#define PG_VERSION "version" // of an extension; absent: any
#define PG_SCHEMA  "schema"  // of an extension
// of a GRANT ON ALL ...: what exists has it already, only what the revision makes gets it. No option of a model.
#define PG_HELD_BEFORE "held_before"

// Slots of Dialect: core/dialect/dialect.h says what each takes and gives.
Fate pg_fate(const Change *change, const Schema *have, const Schema *want);
bool pg_blocks(const Step *step, const Object *dependent);
bool pg_expand(StepGraph *graph, Error *err);
const char *pg_misfit(Arena *arena, const MisfitQuestion *question); // narrowing_check.c
bool pg_holds_rows_to_rules(const Table *table);
bool pg_render(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out, Error *err);
void pg_join(Arena *arena, const StatementList *in, StatementList *out, size_t *places);

#endif
