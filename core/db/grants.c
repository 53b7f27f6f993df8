#include "core/db/grants.h"

#include "core/dialect/lex.h"

bool db_grants_for_ever(const Dialect *dialect, const char *statement)
{
    Lexer lexer;
    if (dialect->caps & CAN_TRANSACTIONAL_DDL) // there they are part of the database
        return false;
    lex_init(&lexer, (Text){ statement, strlen(statement) }, dialect->lex, false);
    Token verb = lex_next(&lexer);
    return token_is(&verb, "GRANT") || token_is(&verb, "REVOKE");
}
