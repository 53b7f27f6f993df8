#include "core/dialect/dialect.h"

#include <string.h>

const Dialect *const all_dialects[DIALECT_COUNT] = { &sqlite_dialect, &postgresql_dialect, &mysql_dialect };
const char *const dialect_words[DIALECT_WORD_COUNT] = { "sqlite", "postgresql", "mysql", "mariadb" };

const Dialect *dialect_by_scheme(const char *scheme)
{
    for (size_t i = 0; i < DIALECT_COUNT; i++)
        for (const char *const *it = all_dialects[i]->url_schemes; *it; it++)
            if (strcmp(*it, scheme) == 0)
                return all_dialects[i];
    return NULL;
}

const Dialect *dialect_by_name(const char *name) { return dialect_by_scheme(name); }
