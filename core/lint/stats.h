// stats.h -- the file that `inspect --stats` writes, so that lint knows the sizes of tables without a connection.
#ifndef CORE_LINT_STATS_H
#define CORE_LINT_STATS_H

#include "core/base/error.h"
#include "core/db/statistics.h"

// {"tables": [{"schema": null, "name": "post", "rows": 1200, "bytes": 81920}]}. Appends, sorted. ERR_IO, ERR_CONFIG.
bool lint_stats_read(Arena *arena, const char *path, TableStatList *out, Error *err) MUST_USE;

#endif
