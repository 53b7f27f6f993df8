// model.h -- questions about tables and columns that several rules of the schema ask.
#ifndef CORE_LINT_MODEL_H
#define CORE_LINT_MODEL_H

#include "core/lint/judge.h"

// Room for what model_is_new remembers of a revision's tables, in memory of `arena`.
struct KeysBefore *model_keys_new(Arena *arena);
// Calls `visit` for each table of `after` that the revision made (`whole`), or in which it made a column, key or index.
typedef void TableVisitor(const JudgeRevision *judge, const Table *table, bool whole);
void model_each_changed(const JudgeRevision *judge, TableVisitor *visit);
// Did the revision make this column, constraint or index? All of a table that it made.
bool model_is_new(const JudgeRevision *judge, const Table *table, const Object *part);

// Has the table a column of that name, of its own or by a table that it inherits from, is a partition of, or by its type? A model
// has these at the parent alone, until DETACH PARTITION, NO INHERIT or NOT OF leaves the table with them.
bool model_has_column(Arena *arena, const Schema *schema, const Table *table, const char *column);

// "varchar" of "character varying(80)": the type without its arguments, by the words that the engines share.
bool type_is(const char *type, const char *word); // case-insensitive, arguments and array brackets apart
bool type_has_arguments(const char *type);        // "numeric(10,2)"
bool column_has_type(const Column *column, const char *words); // one of "char|character|bpchar"

// Do the leading parts of an index or key cover these columns, in any order, without a predicate?
bool index_covers(const Index *index, const PartList *columns);
bool table_covers(const Table *table, const PartList *columns); // by an index, a key or a unique constraint
// The constraint of the kind that has exactly these columns; NULL: none.
const Constraint *table_key_of(const Table *table, const NameList *columns);

#endif
