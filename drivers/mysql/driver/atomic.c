// Do the rows that a statement changes commit with its transaction? Those of MyISAM and its like do not.
#include "drivers/mysql/driver/driver.h"

static void put_mentioned(StrBuf *out, const TokenList *tokens, Arena *arena)
{
    strbuf_puts(out, "(''");
    VEC_EACH (const Token, t, tokens)
        if (t->kind == TOKEN_WORD || t->kind == TOKEN_NAME)
            strbuf_printf(out, ", %s", my_quoted(arena, token_name(arena, t)));
    strbuf_putc(out, ')');
}

// A table that the statement names, or that a trigger, view or routine which it names does.
bool my_is_atomic(Db *db, Text statement, bool *out, const char **look_at, Error *err)
{
    Arena *arena = db->arena;
    const TokenList tokens = lex_all(arena, statement, LEX_MYSQL);
    StrBuf names, query;
    const char *found = NULL;
    strbuf_init(&names, arena);
    strbuf_init(&query, arena);
    put_mentioned(&names, &tokens, arena);
    strbuf_printf(
        &query,
        "SELECT CONCAT(t.table_name, ' (', t.engine, ')') FROM information_schema.tables t WHERE "
        "t.table_type = 'BASE TABLE'"
        " AND (t.table_schema = DATABASE() OR t.table_schema IN %s) AND t.engine IN (SELECT e.engine FROM"
        " information_schema.engines e WHERE e.transactions = 'NO') AND (t.table_name IN %s OR EXISTS "
        "(SELECT 1 FROM"
        " information_schema.triggers g WHERE g.event_object_table IN %s AND INSTR(LOWER(g.action_statement),"
        " LOWER(t.table_name)) > 0) OR EXISTS (SELECT 1 FROM information_schema.views v WHERE v.table_name "
        "IN %s AND"
        " INSTR(LOWER(v.view_definition), LOWER(t.table_name)) > 0) OR EXISTS (SELECT 1 FROM"
        " information_schema.routines r WHERE r.routine_name IN %s AND INSTR(LOWER(r.routine_definition),"
        " LOWER(t.table_name)) > 0)) LIMIT 1",
        names.text, names.text, names.text, names.text, names.text);
    if (!db_value(db, arena, query.text, &found, err))
        return false;
    *out = found == NULL;
    if (found)
        *look_at = arena_printf(arena, "the rows of %s, which has no transactions", found);
    return true;
}
