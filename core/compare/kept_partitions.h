// kept_partitions.h -- partitions that a job keeps, as a table says by `partitions: ignored`.
//
// A job makes the partition of next month and drops that of last year, so no model can say which are there. Those that only
// one side has are then no difference: the wanted side has what the other has. Those that both have are compared as ever, and a table that
// is not there yet is made with the partitions that the model names.
#ifndef CORE_COMPARE_KEPT_PARTITIONS_H
#define CORE_COMPARE_KEPT_PARTITIONS_H

#include "core/compare/compare.h"

// Changes c->want, in copies of what it changes. `model` says of which tables the partitions are ignored, and `renames` what they
// were called. It may be a side of the comparison or not (two databases, compared for a model).
void partitions_leave(Arena *arena, const Schema *model, const RenameList *renames, Comparison *c);

// The tables whose partitions are ignored, as they are said before the server gives its own form of them, which has no such word.
Schema partitions_kept(Arena *arena, const Schema *model);

#endif
