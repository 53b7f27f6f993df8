// Statements that only the rows of the scratch database are in the way of.
#include <string.h>

#include "core/dialect/sql.h"
#include "core/lint/internal.h"

// Of MySQL and MariaDB: duplicates, NULLs, values that do not fit, checks, keys and partitions that do not take a row.
static const char *const row_codes[] = { "1062", "1048", "1138", "1264", "1265", "1292", "1364",
                                         "1366", "1406", "1411", "1416", "1452", "1526", "1586",
                                         "1737", "3140", "3617", "3819", "3156", "4025" };

static bool is_of_rows(const Error *refusal)
{
    for (size_t i = 0; i < COUNT_OF(row_codes); i++)
        if (strcmp(refusal->native, row_codes[i]) == 0)
            return true;
    return false;
}

bool lint_empties(const Judge *judge, const Error *refusal)
{
    const Sentence *s = judge->sentence;
    Lint *lint = judge->lint;
    const Driver *driver = lint->scratch->driver;
    SqlName table = s->verb == VERB_CREATE ? s->on : s->object;
    const char *checks = NULL;
    Error ignored = { 0 };
    if (!lint_is_engine(lint, ON_BOTH_MYSQL) || !is_of_rows(refusal) || !lint_table(judge->before, table) ||
        !db_value(lint->scratch, judge->arena, "SELECT @@session.foreign_key_checks", &checks, &ignored))
        return false;
    StrBuf text;
    strbuf_init(&text, judge->arena);
    sql(&text, lint->dialect, KW("DELETE FROM"), ID(table.name));
    bool ok = driver->exec(lint->scratch, "SET SESSION foreign_key_checks = 0", &ignored) &&
              driver->exec(lint->scratch, text.text, &ignored);
    const char *back = arena_printf(judge->arena, "SET SESSION foreign_key_checks = %s", checks);
    return driver->exec(lint->scratch, back, &ignored) && ok;
}
