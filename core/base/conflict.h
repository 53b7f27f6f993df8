// conflict.h -- files that a merge left unfinished.
#ifndef CORE_BASE_CONFLICT_H
#define CORE_BASE_CONFLICT_H

#include "core/base/base.h"
#include "core/base/error.h"

// The line, from 1, at which the first conflict begins that git has marked: `<<<<<<< `, `=======` and `>>>>>>> `, each at the
// beginning of a line, in this order. 0: there is none.
unsigned conflict_line(Text text);
// Does a line begin at `at`, within `text`, that git writes into a conflict: `<<<<<<< NAME`, `=======` alone, or `>>>>>>> NAME`?
// One of them may be left where the others were removed. In a text or comment of SQL it may be meant.
bool conflict_begins(Text text, const char *at);
// The first line, from 1, that begins so; 0: there is none.
unsigned conflict_mark_line(Text text);
// Says so of `file` and is false; `at` is where it begins.
bool conflict_error(Error *err, ErrorCode code, SourcePos at);

#endif
