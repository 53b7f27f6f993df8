// spelling.h -- names that differ in case only, on a server that takes them for one.
//
// Such a server (MySQL with lower_case_table_names, MariaDB too) keeps the names of tables in lower case, whatever the
// model says. Then what was read from it takes the spelling of the model, so that the two compare and scripts say what
// the model says. A column keeps the case that it was made with but is found by any: another case is a rename of it.
#ifndef CORE_MODEL_SPELLING_H
#define CORE_MODEL_SPELLING_H

#include "core/model/change.h"

// Tables, views and sequences of `schema`, and what names them, as `as` spells them. `renames` may be NULL: a table that
// is renamed is spelled as its rename says. Does nothing where `schema->server.folds_tables` is not set.
void schema_spell_as(Arena *arena, Schema *schema, const Schema *as, const RenameList *renames);

// Adds a rename for each column whose name differs in case only, where it is not there already.
void columns_spell_as(Arena *arena, const Schema *have, const Schema *want, RenameList *renames);

#endif
