// unmanaged.h -- what a database has and the model does not: is it to be dropped, or left alone?
//
// What is left alone is put into the wanted side as the database has it, before the two are compared. So it is neither
// created, changed nor dropped, by an upgrade or a downgrade, and a table that has to be rebuilt keeps it.
#ifndef CORE_COMPARE_UNMANAGED_H
#define CORE_COMPARE_UNMANAGED_H

#include "core/compare/compare.h"

// Changes c->want (and sorts it); c->left receives a phrase for each object that is to be reported. `whole`: the model
// describes the whole database, so that it has every kind of object, and all schemas.
void unmanaged_leave(Arena *arena, const Filter *filter, Unmanaged unmanaged, bool whole, Comparison *c);

// Gives each side the objects of a kind that only the other one has, so that the kind makes no difference. False: there were none.
bool unmanaged_share(Arena *arena, ObjectKind kind, Comparison *c);

// For a schema that no model is compared with: without what patterns for kinds leave out.
void unmanaged_remove(const Filter *filter, Schema *schema);

#endif
