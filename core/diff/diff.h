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

// Who knows what a rename does to the texts of other objects: a driver that carries `have` and `moves` into a scratch
// database. `copy` is `have` under its new names, its texts as a token by token guess made them; object by object it has
// the slots of `have`. Fails only where the engine refuses a rename.
typedef struct RenameOracle {
    bool (*ask)(void *payload, Arena *arena, const Schema *have, const RenameMoveList *moves, Schema *copy,
                Error *err);
    void *payload;
} RenameOracle;

// A key, index or constraint of `want` that has its name from the naming convention, and that the database has under another one.
// It stays what it is there, so no change speaks of it.
typedef struct KeptName {
    Object *want;
    const char *live;
} KeptName;
typedef VEC(KeptName) KeptNameList;

// The same, with the texts that `oracle` (may be NULL) reads after the renames. *kept (may be NULL) is appended to.
bool diff_schemas_asking(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                         const RenameList *renames, const RenameOracle *oracle, ChangeList *out,
                         KeptNameList *kept, const Schema **renamed, Error *err) MUST_USE;

// A copy, object by object: its objects may be changed and others put beside them. schema_sort it then.
Schema *schema_copy(Arena *arena, const Schema *from);

// Of `renames`, those that are made between the two: a renamed_from that was followed long ago may stay in the model.
bool renames_made(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                  const RenameList *renames, RenameList *out, Error *err) MUST_USE;

// The same, as seen from the other side: what a downgrade needs. They are asked for,
// no hints any more.
bool renames_reversed(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                      const RenameList *renames, RenameList *out, Error *err) MUST_USE;

// Drops and creates that look like one rename: same structure, other name. For the prompt of `migrate`.
void renames_suspected(Arena *arena, const Dialect *dialect, const ChangeList *changes, RenameList *out);

#endif
