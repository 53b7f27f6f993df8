// diff.h -- two Schemas become Changes.
//
// Structure is compared field by field (core/model/field.h), SQL texts and types by the dialect's sense of
// equality. Ordered lists are merged, so that the same input gives the same changes on every machine. A
// constraint without a name on either side matches one of the same structure. `have` is what the database
// looks like, `want` what it should. Renames are applied to a copy of `have` first, so that what merely
// follows a rename is no change.
#ifndef CORE_DIFF_DIFF_H
#define CORE_DIFF_DIFF_H

#include "core/dialect/dialect.h"

// `renamed` receives `have` under its new names: plan from it, not from `have`.
bool diff_schemas(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                  const RenameList *renames, ChangeList *out, const Schema **renamed, Error *err) MUST_USE;

// The renames that are made between the two, as seen from the other side: what a downgrade needs. They are asked for,
// no hints any more.
bool renames_reversed(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                      const RenameList *renames, RenameList *out, Error *err) MUST_USE;

// Drops and creates that look like one rename: same structure, other name. For the prompt of `migrate`.
void renames_suspected(Arena *arena, const Dialect *dialect, const ChangeList *changes, RenameList *out);

#endif
