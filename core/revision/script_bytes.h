// script_bytes.h -- what the bytes of a script may be: UTF-8 without a NUL. PostgreSQL and MySQL refuse other bytes, in words that
// name no place, and SQLite keeps them.
#ifndef CORE_REVISION_SCRIPT_BYTES_H
#define CORE_REVISION_SCRIPT_BYTES_H

#include "core/base/base.h"
#include "core/base/error.h"

// Reports the NUL byte in `line`. One is in every line of a file in UTF-16, which some editors and shells of Windows write. Always
// false.
bool script_refuse_nul(const char *path, Text text, unsigned line, Error *err);

// False, with the place of the first byte that is wrong, where the text has one.
bool script_is_text(const char *path, Text text, Error *err) MUST_USE;

#endif
