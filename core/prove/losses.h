// losses.h -- what a revision says that it loses: `-- cmigrate: loses TABLE[.COLUMN] [reason]`, and the comments that `migrate`
// writes above a statement ("loses data: column nick of table user").
#ifndef CORE_PROVE_LOSSES_H
#define CORE_PROVE_LOSSES_H

#include "core/revision/script.h"

typedef struct DeclaredLoss {
    const char *table;  // as it is written, without a schema; NULL: the directive names nothing
    const char *schema; // NULL: not said
    const char *column; // NULL: the whole table
    SourcePos at;
} DeclaredLoss;
typedef VEC(DeclaredLoss) DeclaredLosses;

// Of all sections of a script that was read whole. The comments of `migrate` are searched for names of `before` and `after`.
void losses_read(Arena *arena, const Script *script, const Schema *before, const Schema *after,
                 DeclaredLosses *out);
// Is the loss of this column, or of rows of this table (column NULL), declared?
bool loss_is_declared(const DeclaredLosses *losses, const Table *table, const char *column);

#endif
