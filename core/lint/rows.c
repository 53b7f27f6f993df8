// Statements that only the rows of the scratch database are in the way of.
#include <string.h>

#include "core/dialect/sql.h"
#include "core/lint/internal.h"

// Of MySQL and MariaDB: duplicates, NULLs, values that do not fit, checks, keys and partitions that do not take a row.
static const char *const mysql_codes[] = { "1062", "1048", "1138", "1264", "1265", "1292", "1364",
                                           "1366", "1406", "1411", "1416", "1452", "1526", "1586",
                                           "1737", "3140", "3617", "3819", "3156", "4025", NULL };
// Of PostgreSQL: constraints; and what is wrong with a value, of any kind.
static const char *const postgresql_codes[] = { "23502", "23503", "23505", "23514", "23P01", NULL };
static const char *const sqlite_codes[] = { "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_CHECK",
                                            "SQLITE_CONSTRAINT_NOTNULL", NULL };

static bool is_one_of(const char *code, const char *const *codes)
{
    for (; *codes; codes++)
        if (strcmp(code, *codes) == 0)
            return true;
    return false;
}

static bool is_of_rows(const Lint *lint, const Error *refusal)
{
    const char *code = refusal->native;
    if (lint_is_engine(lint, ON_BOTH_MYSQL))
        return is_one_of(code, mysql_codes);
    if (lint_is_engine(lint, ON_SQLITE))
        return is_one_of(code, sqlite_codes);
    return is_one_of(code, postgresql_codes) || (strlen(code) == 5 && strncmp(code, "22", 2) == 0);
}

static bool empty_one(const Judge *judge, SqlName table)
{
    Lint *lint = judge->lint;
    const Driver *driver = lint->scratch->driver;
    const char *checks = NULL;
    Error ignored = { 0 };
    if (!lint_table(judge->before, table) ||
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

// What a block of code or a partition is in the way of is not said by the text, so all tables of PostgreSQL are emptied: at
// once, for their keys' sake.
static bool truncate_all(const Judge *judge)
{
    Lint *lint = judge->lint;
    const char *schema = lint->scratch->server.default_schema;
    Error ignored = { 0 };
    StrBuf text;
    strbuf_init(&text, judge->arena);
    VEC_EACH (Table *, it, &judge->before->tables) {
        strbuf_puts(&text, text.length ? ", " : "TRUNCATE TABLE ");
        sql(&text, lint->dialect, QID((*it)->head.schema ? (*it)->head.schema : schema, (*it)->head.name));
    }
    return text.length && lint->scratch->driver->exec(lint->scratch, text.text, &ignored);
}

static bool delete_all(const Judge *judge)
{
    Lint *lint = judge->lint;
    const Driver *driver = lint->scratch->driver;
    const char *keys = NULL;
    Error ignored = { 0 };
    bool ok = db_value(lint->scratch, judge->arena, "PRAGMA foreign_keys", &keys, &ignored) &&
              driver->exec(lint->scratch, "PRAGMA foreign_keys = 0", &ignored);
    VEC_EACH (Table *, it, &judge->before->tables) {
        StrBuf text;
        strbuf_init(&text, judge->arena);
        sql(&text, lint->dialect, KW("DELETE FROM"), QID("main", (*it)->head.name));
        ok = ok && driver->exec(lint->scratch, text.text, &ignored);
    }
    return driver->exec(lint->scratch,
                        arena_printf(judge->arena, "PRAGMA foreign_keys = %s", keys ? keys : "0"),
                        &ignored) &&
           ok;
}

bool lint_empties(const Judge *judge, const Error *refusal)
{
    const Sentence *s = judge->sentence;
    const Lint *lint = judge->lint;
    if (!is_of_rows(lint, refusal))
        return false;
    if (lint_is_engine(lint, ON_BOTH_MYSQL))
        return empty_one(judge, s->verb == VERB_CREATE ? s->on : s->object);
    // rows that a statement writes itself are no reason
    if (s->verb == VERB_INSERT || s->verb == VERB_UPDATE || s->verb == VERB_DELETE)
        return false;
    return lint_is_engine(lint, ON_SQLITE) ? delete_all(judge) : truncate_all(judge);
}
