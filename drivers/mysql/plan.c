#include "drivers/mysql/dialect.h"

Fate my_fate(const Change *change, const Schema *have, const Schema *want)
{
    (void)have;
    (void)want;
    switch ((int)change->have->kind) {
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE:
    case OBJECT_TRIGGER:
    case OBJECT_EVENT: return FATE_REPLACE;
    default: return FATE_IN_PLACE;
    }
}

bool my_blocks(const Step *step, const Object *dependent)
{
    (void)step;
    (void)dependent;
    return false;
}

bool my_expand(StepGraph *graph, Error *err)
{
    (void)graph;
    (void)err;
    return true;
}
