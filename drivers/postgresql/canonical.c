#include "drivers/postgresql/introspect.h"

bool pg_canonicalise(Db *db, Arena *arena, const Schema *have, Schema *want, const ChangeList *changes,
                     Error *err)
{
    (void)db;
    (void)arena;
    (void)have;
    (void)want;
    (void)changes;
    (void)err;
    return true;
}
