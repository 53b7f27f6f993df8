// sql_model.h -- a model that is plain SQL: its files are run in a scratch place, and what they made is read back.
//
// A dump of the schema, or files written by hand for another tool: CREATE statements for one engine, in the order in which that
// engine takes them. The engine itself says what they mean, so there is nothing of a parser here. What would reach beyond the
// scratch place (another database, a role, a file) is refused before the first statement runs.
//
// Fails: ERR_SCHEMA, placed in the .sql file, for what cannot be split, what must not run and what the engine refuses.
// Memory: the arena that is passed.
#ifndef CORE_COMPARE_SQL_MODEL_H
#define CORE_COMPARE_SQL_MODEL_H

#include "core/db/driver.h"

// *out: each path is a file that ends in .sql, or a folder that has such files and none of YAML. ERR_SCHEMA where some are and
// others are not.
bool sql_model_is(Arena *arena, const NameList *paths, bool *out, Error *err) MUST_USE;

// Splits the files by the rules of the engine and looks at each statement, without running any. *statements counts them.
bool sql_model_look(Arena *arena, const Dialect *dialect, const NameList *paths, size_t *statements,
                    Error *err) MUST_USE;

// Runs the files in an empty scratch place (db_scratch) and reads what is there then as the model; what the filter leaves out
// is not in it. Tables and other objects have the places of their CREATE statements.
bool sql_model_read(Arena *arena, Db *scratch, const NameList *paths, const Filter *filter, Schema *out,
                    Error *err) MUST_USE;

// The same of a text that is in no file; `name` stands for it in messages.
bool sql_model_read_text(Arena *arena, Db *scratch, const char *name, Text text, const Filter *filter,
                         Schema *out, Error *err) MUST_USE;

#endif
