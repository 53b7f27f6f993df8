#include "core/db/driver.h"
#include "core/db/grants.h"

#include <string.h>

void db_close(Db *db)
{
    if (db)
        db->driver->close(db);
}

bool db_exec_in(Db *db, NameScope scope, const char *statement, Error *err)
{
    db->scope = scope;
    bool ok = db->driver->exec(db, statement, err);
    db->scope = SCOPE_OWN;
    return ok;
}

bool db_query_in(Db *db, NameScope scope, const char *statement, RowFn *row, void *payload, Error *err)
{
    db->scope = scope;
    bool ok = db->driver->query(db, statement, row, payload, err);
    db->scope = SCOPE_OWN;
    return ok;
}

bool db_on_connect(Db *db, Error *err)
{
    const NameList *statements = db->options.on_connect;
    for (size_t i = 0; statements && i < statements->count; i++)
        if (!db_exec_in(db, SCOPE_SCRIPT, statements->items[i], err)) {
            error_prefix(err, "on_connect, statement %zu: ", i + 1);
            return error_hint(err, "Change on_connect: in cmigrate.yaml, or give the user the right for it.");
        }
    return true;
}

bool db_restore(Db *db, Error *err)
{
    return (!db->driver->restore || db->driver->restore(db, err)) && db_on_connect(db, err);
}

typedef struct FirstValue {
    Arena *arena;
    const char *value;
    bool seen;
} FirstValue;

static bool keep_first(void *payload, const Row *row, Error *err)
{
    (void)err;
    FirstValue *first = payload;
    if (!first->seen && row->count && row->values[0])
        first->value = row->lengths ? arena_strndup(first->arena, row->values[0], row->lengths[0])
                                    : arena_strdup(first->arena, row->values[0]);
    first->seen = true;
    return true;
}

bool db_value(Db *db, Arena *arena, const char *query, const char **out, Error *err)
{
    FirstValue first = { .arena = arena };
    if (!db->driver->query(db, query, keep_first, &first, err))
        return false;
    *out = first.value;
    return true;
}

bool db_reaches_out(const Dialect *dialect, const char *statement)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ statement, strlen(statement) }, dialect->lex, false);
    Token verb = lex_next(&lexer), kind = lex_next(&lexer);
    if (token_is(&verb, "COMMENT") && token_is(&kind, "ON")) // on what was passed over
        return kind = lex_next(&lexer), token_is(&kind, "SUBSCRIPTION");
    return (token_is(&verb, "CREATE") || token_is(&verb, "ALTER") || token_is(&verb, "DROP")) &&
           token_is(&kind, "SUBSCRIPTION");
}

bool db_may_reach_out(const Dialect *dialect, const char *statement)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ statement, strlen(statement) }, dialect->lex, false);
    Token verb = lex_next(&lexer);
    return token_is(&verb, "DO") && strcasestr(statement, "SUBSCRIPTION");
}

bool db_exec_scratch(Db *db, const char *statement, Error *err)
{
    return db_reaches_out(db->dialect, statement) || db_grants_for_ever(db->dialect, statement) ||
           strstr(statement, "(:rows '") || db_exec_in(db, SCOPE_SCRIPT, statement, err);
}
