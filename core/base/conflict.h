// conflict.h -- files that a merge left unfinished.
#ifndef CORE_BASE_CONFLICT_H
#define CORE_BASE_CONFLICT_H

#include "core/base/base.h"
#include "core/base/error.h"

// The line, from 1, at which the first conflict begins that git has marked: `<<<<<<< `, `=======` and `>>>>>>> `, each at the
// beginning of a line, in this order. 0: there is none.
unsigned conflict_line(Text text);
// Says so of `file` and is false; `at` is where it begins.
bool conflict_error(Error *err, ErrorCode code, SourcePos at);

#endif
