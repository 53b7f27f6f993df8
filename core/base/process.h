// process.h -- runs another program and takes what it prints.
//
// No shell stands between: arguments arrive as they are. Both of its outputs are read as they come, each up to a
// limit, so that neither side waits for the other. Its standard input is empty.
#ifndef CORE_BASE_PROCESS_H
#define CORE_BASE_PROCESS_H

#include "core/base/error.h"
#include "core/base/vec.h"

typedef struct ProcessResult {
    int status; // as a shell tells it: 128 + the signal where one ended it
    Text out, err;
} ProcessResult;

// `argv` is ended by NULL; its first word is looked for in PATH. `folder`: where it runs; NULL: here. ERR_IO where it
// cannot be started or prints more than `limit` bytes (0: 256 MiB); a status other than 0 is no error of this function.
bool process_run(Arena *arena, const char *const *argv, const char *folder, size_t limit, ProcessResult *out,
                 Error *err) MUST_USE;

#endif
