// schema_read.h -- the model: YAML text becomes a Schema, resolved for one dialect.
//
// Every problem is found in one reading and placed in its file (line, column, underlined, nearest known word); all are
// raised together, chained on err->next. Aliases and merge keys are walked, not expanded, with a bound on the work.
#ifndef CORE_SCHEMA_SCHEMA_READ_H
#define CORE_SCHEMA_SCHEMA_READ_H

#include "core/dialect/dialect.h"

// `paths`: files, or folders whose *.yaml and *.yml are read in name order. `default_schema`: a name in it is as good as one
// without a schema (NULL: the dialect's own). `renames` collects renamed_from hints.
bool schema_read(Arena *arena, const NameList *paths, const Dialect *dialect, const char *default_schema,
                 Schema *out, RenameList *renames, Error *err) MUST_USE;
// The same from memory; `name` stands for the file in messages.
bool schema_read_text(Arena *arena, const char *name, Text text, const Dialect *dialect, Schema *out,
                      RenameList *renames, Error *err) MUST_USE;

#endif
