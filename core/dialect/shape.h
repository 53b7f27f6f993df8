// shape.h -- what a text that is written into a statement as it is may look like, so that it stays what it is called:
// it ends no statement, opens no comment, leaves no parenthesis open.
#ifndef CORE_DIALECT_SHAPE_H
#define CORE_DIALECT_SHAPE_H

#include "core/dialect/dialect.h"

bool shape_is_type(const Dialect *dialect, const char *text);           // varchar(9) charset latin1, s."t"[]
bool shape_is_operator_class(const Dialect *dialect, const char *text); // s.gin_trgm_ops (siglen = 32)
bool shape_is_operator(const Dialect *dialect,
                       const char *text); // &&, OPERATOR(s.=), WITHOUT OVERLAPS, PERIOD

#endif
