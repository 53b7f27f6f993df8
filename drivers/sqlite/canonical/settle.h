// settle.h -- questions to SQLite about what the model says: are two literals one value, does a trigger compile?
#ifndef DRIVERS_SQLITE_CANONICAL_SETTLE_H
#define DRIVERS_SQLITE_CANONICAL_SETTLE_H

#include "drivers/sqlite/canonical/stage.h"

// Gives the wanted side of `changes`, which is mutable, the spelling of the other where both mean the same.
void sqlite_settle(Stage *stage, const ChangeList *changes);
// Compiles a statement that fires the trigger, which is on the stage: what its body names must exist.
bool sqlite_compiles(Stage *stage, const Object *trigger, Error *why) MUST_USE;

#endif
