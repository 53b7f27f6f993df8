#include "core/dialect/dialect.h"

#include <string.h>

static const Dialect *const dialects[] = { &sqlite_dialect, &postgresql_dialect, &mysql_dialect };

const Dialect *dialect_by_scheme(const char *scheme)
{
    for (size_t i = 0; i < COUNT_OF(dialects); i++)
        for (const char *const *it = dialects[i]->url_schemes; *it; it++)
            if (strcmp(*it, scheme) == 0)
                return dialects[i];
    return NULL;
}

const Dialect *dialect_by_name(const char *name) { return dialect_by_scheme(name); }
