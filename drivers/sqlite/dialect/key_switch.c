// PRAGMA foreign_keys and PRAGMA foreign_key_check.
#include "drivers/sqlite/dialect/key_switch.h"

#include "drivers/sqlite/sqlite.h"

// PRAGMA name, or PRAGMA schema.name
static bool is_pragma(const Token *tokens, const char *name)
{
    return token_is(&tokens[0], "PRAGMA") &&
           (token_is(&tokens[1], name) || (token_is(&tokens[2], ".") && token_is(&tokens[3], name)));
}

static KeyStatement kind(Text statement)
{
    Token tokens[4];
    Lexer lexer;
    lex_init(&lexer, statement, SQLITE_LEX, false);
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        tokens[i] = lex_next(&lexer);
    return is_pragma(tokens, "foreign_keys")        ? KEY_STATEMENT_SWITCH
           : is_pragma(tokens, "foreign_key_check") ? KEY_STATEMENT_CHECK
                                                    : KEY_STATEMENT_NONE;
}

// PRAGMA foreign_key_check(t), or = t
static const char *checked_table(Arena *arena, Text check)
{
    const TokenList tokens = lex_all(arena, check, SQLITE_LEX);
    for (size_t i = 0; i + 1 < tokens.count; i++)
        if (token_is(&tokens.items[i], "(") || token_is(&tokens.items[i], "="))
            return token_name(arena, &tokens.items[i + 1]);
    return NULL;
}

static void put_violations(StrBuf *out, const NameList *tables)
{
    strbuf_puts(
        out, "SELECT t, c, p, sum(n) AS n, min(r) AS r FROM (SELECT f.\"table\" AS t, f.\"parent\" AS p, "
             "count(*) AS n, min(f.\"rowid\") AS r,\n(SELECT group_concat(k.\"from\", char(31)) FROM (SELECT "
             "\"from\" FROM pragma_foreign_key_list(f.\"table\") WHERE id = f.fkid ORDER BY seq) AS k) AS c\n"
             "FROM sqlite_master AS m, pragma_foreign_key_check(m.name) AS f WHERE m.type = 'table'");
    for (size_t i = 0; i < tables->count; i++) {
        strbuf_puts(out, i ? ", " : " AND m.name COLLATE NOCASE IN (");
        sqlite_dialect.put_literal(out, tables->items[i]);
    }
    strbuf_puts(out, tables->count ? ")" : "");
    strbuf_puts(out, " GROUP BY f.\"table\", f.fkid, f.\"parent\") GROUP BY t, c, p");
}

// ---- As SQL: the violations are kept in a temporary table, cmigrate_broken

static void keep(Arena *arena, const NameList *tables, NameList *out)
{
    StrBuf text;
    *VEC_PUSH(arena, out) = "DROP TABLE IF EXISTS temp.cmigrate_broken";
    strbuf_init(&text, arena);
    strbuf_puts(&text, "CREATE TEMP TABLE cmigrate_broken AS\n");
    put_violations(&text, tables);
    *VEC_PUSH(arena, out) = text.text;
}

static void rename_table(Arena *arena, const char *from, const char *to, NameList *out)
{
    static const char *const columns[] = { "t", "p" };
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        StrBuf text;
        strbuf_init(&text, arena);
        strbuf_printf(&text, "UPDATE temp.cmigrate_broken SET %s = ", columns[i]);
        sqlite_dialect.put_literal(&text, to);
        strbuf_printf(&text, " WHERE %s = ", columns[i]);
        sqlite_dialect.put_literal(&text, from);
        strbuf_puts(&text, " COLLATE NOCASE");
        *VEC_PUSH(arena, out) = text.text;
    }
}

// The list of columns is searched with a separator before, between and after the names.
static void rename_column(Arena *arena, const char *table, const char *from, const char *to, NameList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    strbuf_puts(&text,
                "UPDATE temp.cmigrate_broken SET c = trim(replace(char(31) || c || char(31), char(31) || ");
    sqlite_dialect.put_literal(&text, from);
    strbuf_puts(&text, " || char(31), char(31) || ");
    sqlite_dialect.put_literal(&text, to);
    strbuf_puts(&text, " || char(31)), char(31)) WHERE t = ");
    sqlite_dialect.put_literal(&text, table);
    strbuf_puts(&text, " COLLATE NOCASE");
    *VEC_PUSH(arena, out) = text.text;
}

static void put_new_violations(StrBuf *out, const NameList *tables)
{
    strbuf_puts(out, "SELECT v.t, v.r, v.p FROM (");
    put_violations(out, tables);
    strbuf_puts(out, ") AS v LEFT JOIN temp.cmigrate_broken AS b ON b.t = v.t COLLATE NOCASE AND b.c = v.c "
                     "COLLATE NOCASE AND b.p = v.p COLLATE NOCASE WHERE v.n > coalesce(b.n, 0)");
}

const KeySwitch sqlite_key_switch = {
    .kind = kind,
    .state = "PRAGMA foreign_keys",
    .off = "PRAGMA foreign_keys = OFF",
    .on = "PRAGMA foreign_keys = ON",
    .setting = "foreign_keys",
    .check = "PRAGMA foreign_key_check",
    .checked_table = checked_table,
    .put_violations = put_violations,
    .keep = keep,
    .rename_table = rename_table,
    .rename_column = rename_column,
    .put_new_violations = put_new_violations,
};
