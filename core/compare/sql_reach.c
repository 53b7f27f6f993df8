#include "core/compare/sql_reach.h"

#include <string.h>

typedef struct Reach {
    const char *first, *second; // the words that it begins with; `second` NULL: any, or none
    const char *phrase;
} Reach;

static const Reach reaches[] = {
    {"USE",       NULL,         "change to another database"            },
    { "ATTACH",   NULL,         "attach another file"                   },
    { "DETACH",   NULL,         "detach a database"                     },
    { "ALTER",    "SYSTEM",     "change the settings of the server"     },
    { "SET",      "GLOBAL",     "change the settings of the server"     },
    { "SET",      "PERSIST",    "change the settings of the server"     },
    { "CREATE",   "DATABASE",   "make a database"                       },
    { "DROP",     "DATABASE",   "drop a database"                       },
    { "CREATE",   "ROLE",       "make a role"                           },
    { "ALTER",    "ROLE",       "change a role"                         },
    { "DROP",     "ROLE",       "drop a role"                           },
    { "CREATE",   "USER",       "make a user"                           },
    { "ALTER",    "USER",       "change a user"                         },
    { "DROP",     "USER",       "drop a user"                           },
    { "CREATE",   "GROUP",      "make a role"                           },
    { "CREATE",   "TABLESPACE", "make a tablespace"                     },
    { "DROP",     "TABLESPACE", "drop a tablespace"                     },
    { "INSTALL",  NULL,         "install a plugin"                      },
    { "SHUTDOWN", NULL,         "stop the server"                       },
    { "KILL",     NULL,         "end another session"                   },
    { "FLUSH",    NULL,         "flush what belongs to the whole server"},
    { "RESET",    "MASTER",     "reset the server"                      },
    { "LOAD",     "DATA",       "read a file"                           },
    { "LOAD",     "XML",        "read a file"                           },
};

// The statement is CREATE USER MAPPING, which is of the database.
static bool is_of_database(const Token *second, const Token *third)
{
    return token_is(second, "USER") && token_is(third, "MAPPING");
}

// COPY … PROGRAM 'command', COPY … TO 'file', VACUUM INTO 'file', SELECT … INTO OUTFILE 'file'.
static const char *file_reach(const TokenList *tokens)
{
    const Token *t = tokens->items;
    for (size_t i = 1; i + 1 < tokens->count; i++) {
        const bool file = t[i + 1].kind == TOKEN_STRING;
        if (token_is(&t[0], "COPY") &&
            (token_is(&t[i], "PROGRAM") || token_is(&t[i], "TO") || token_is(&t[i], "FROM")) && file)
            return token_is(&t[i], "PROGRAM") ? "run a command" : "read or write a file";
        if (token_is(&t[0], "VACUUM") && token_is(&t[i], "INTO"))
            return "write a file";
        if (token_is(&t[i], "OUTFILE") || token_is(&t[i], "DUMPFILE"))
            return "write a file";
    }
    return NULL;
}

static bool is_name(const Token *token) { return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME; }

// Where a schema is a database, a name with one before it lies in another: the target of a statement, after its first words.
static const char *qualified_target(const TokenList *tokens)
{
    static const char *const verbs[] = { "CREATE", "ALTER",  "DROP",   "RENAME", "TRUNCATE",
                                         "INSERT", "UPDATE", "DELETE", "REPLACE" };
    static const char *const before[] = { "TABLE",  "VIEW",  "TRIGGER", "PROCEDURE", "FUNCTION",
                                          "EVENT",  "INDEX", "INTO",    "FROM",      "UPDATE",
                                          "EXISTS", "ON",    "TO",      "SEQUENCE" };
    const Token *t = tokens->items;
    bool changes = false;
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        changes = changes || token_is(&t[0], verbs[i]);
    for (size_t i = 0; changes && i + 3 < tokens->count; i++) {
        if (token_is(&t[i], "AS") || token_is(&t[i], "BEGIN") || token_is(&t[i], "("))
            return NULL;
        bool follows = false;
        for (size_t k = 0; k < COUNT_OF(before) && !follows; k++)
            follows = token_is(&t[i], before[k]);
        if (follows && is_name(&t[i + 1]) && token_is(&t[i + 2], ".") && is_name(&t[i + 3]))
            return "name another database: its own names have none before them";
    }
    return NULL;
}

const char *sql_reach(Arena *arena, const Dialect *dialect, const char *statement)
{
    const TokenList tokens = lex_all(arena, (Text){ statement, strlen(statement) }, dialect->lex);
    const Token *t = tokens.items;
    const bool databases_are_schemas = !dialect->default_schema;
    if (tokens.count < 2)
        return NULL;
    for (size_t i = 0; i < COUNT_OF(reaches); i++)
        if (token_is(&t[0], reaches[i].first) && (!reaches[i].second || token_is(&t[1], reaches[i].second)) &&
            !(tokens.count > 2 && is_of_database(&t[1], &t[2])))
            return reaches[i].phrase;
    if (databases_are_schemas && token_is(&t[1], "SCHEMA") &&
        (token_is(&t[0], "CREATE") || token_is(&t[0], "DROP")))
        return token_is(&t[0], "CREATE") ? "make a database" : "drop a database";
    const char *file = file_reach(&tokens);
    return file ? file : databases_are_schemas ? qualified_target(&tokens) : NULL;
}
