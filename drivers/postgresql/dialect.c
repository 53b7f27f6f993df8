#include "drivers/postgresql/dialect.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/dialect_apply.h"

void pg_put_identifier(StrBuf *out, const char *name)
{
    strbuf_putc(out, '"');
    for (const char *c = name; *c; c++) {
        if (*c == '"')
            strbuf_putc(out, '"');
        strbuf_putc(out, *c);
    }
    strbuf_putc(out, '"');
}

// With a backslash the E form: its meaning does not depend on standard_conforming_strings (4.1.2.2).
void pg_put_literal(StrBuf *out, const char *text)
{
    bool backslash = strchr(text, '\\') != NULL;
    strbuf_puts(out, backslash ? "E'" : "'");
    for (const char *c = text; *c; c++) {
        if (*c == '\'' || *c == '\\')
            strbuf_putc(out, *c);
        strbuf_putc(out, *c);
    }
    strbuf_putc(out, '\'');
}

// Words that quote_ident() quotes: reserved ones, and those that cannot be a column's or type's name (appendix C).
static bool is_keyword(const char *name)
{
    static const char words[] = " all analyse analyze and any array as asc asymmetric authorization between "
                                "bigint binary bit boolean both case cast "
                                "char character check coalesce collate collation column concurrently "
                                "constraint create cross current_catalog "
                                "current_date current_role current_schema current_time current_timestamp "
                                "current_user dec decimal default deferrable "
                                "desc distinct do else end except exists extract false fetch float for "
                                "foreign freeze from full grant greatest group "
                                "grouping having ilike in initially inner inout int integer intersect "
                                "interval into is isnull join json_array "
                                "json_arrayagg json_exists json_object json_objectagg json_query json_scalar "
                                "json_serialize json_table json_value "
                                "lateral leading least left like limit localtime localtimestamp merge_action "
                                "national natural nchar none normalize "
                                "not notnull null nullif numeric offset on only or order out outer overlaps "
                                "overlay placing position precision primary "
                                "real references returning right row select session_user setof similar "
                                "smallint some substring symmetric system_user "
                                "table tablesample then time timestamp to trailing treat trim true union "
                                "unique user using values varchar variadic "
                                "verbose when where window with xmlattributes xmlconcat xmlelement xmlexists "
                                "xmlforest xmlnamespaces xmlparse xmlpi "
                                "xmlroot xmlserialize xmltable ";
    size_t n = strlen(name);
    for (const char *p = words; (p = strstr(p, name)); p++)
        if (p > words && p[-1] == ' ' && p[n] == ' ')
            return true;
    return false;
}

const char *pg_quote_ident(Arena *arena, const char *name)
{
    bool plain = islower((unsigned char)name[0]) || name[0] == '_';
    for (const char *c = name; *c && plain; c++)
        plain = islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_';
    if (plain && !is_keyword(name))
        return name;
    StrBuf out;
    strbuf_init(&out, arena);
    pg_put_identifier(&out, name);
    return out.text;
}

// Equal as the server reads it: words without regard to case, a quoted name equals the word that it is.
static bool same_token(Arena *arena, const Token *a, const Token *b)
{
    if ((a->kind == TOKEN_NAME) != (b->kind == TOKEN_NAME)) {
        const Token *name = a->kind == TOKEN_NAME ? a : b, *word = name == a ? b : a;
        if (word->kind != TOKEN_WORD)
            return false;
        const char *bare = token_name(arena, name);
        if (strlen(bare) != word->text.n)
            return false;
        for (size_t i = 0; i < word->text.n; i++)
            if (bare[i] != tolower((unsigned char)word->text.p[i]))
                return false;
        return true;
    }
    if (a->kind != b->kind || a->text.n != b->text.n)
        return false;
    return a->kind == TOKEN_WORD ? strncasecmp(a->text.p, b->text.p, a->text.n) == 0
                                 : memcmp(a->text.p, b->text.p, a->text.n) == 0;
}

static bool same_sql(Arena *arena, const char *a, const char *b)
{
    if (strcmp(a, b) == 0)
        return true;
    TokenList x = lex_all(arena, (Text){ a, strlen(a) }, LEX_POSTGRESQL);
    TokenList y = lex_all(arena, (Text){ b, strlen(b) }, LEX_POSTGRESQL);
    if (x.count != y.count)
        return false;
    for (size_t i = 0; i < x.count; i++)
        if (!same_token(arena, &x.items[i], &y.items[i]))
            return false;
    return true;
}

static bool same_type(Arena *arena, const char *a, const char *b)
{
    const char *wrong = NULL;
    return strcmp(a, b) == 0 ||
           strcmp(pg_type_native(arena, a, &wrong), pg_type_native(arena, b, &wrong)) == 0;
}

static bool is_number(const char *text)
{
    const char *c = text + (*text == '-');
    size_t digits = 0;
    for (; isdigit((unsigned char)*c); c++)
        digits++;
    if (*c == '.')
        for (c++; isdigit((unsigned char)*c); c++)
            digits++;
    return digits > 0 && *c == '\0';
}

// As the server prints it, so that the first look finds it equal: 'x'::text, '-1'::integer, 0, true.
static const char *default_literal(Arena *arena, const char *type, const char *scalar, bool was_quoted)
{
    bool boolean = strcmp(type, "boolean") == 0;
    static const char *const yes[] = { "true", "yes", "on", "1" }, *const no[] = { "false", "no", "off",
                                                                                   "0" };
    for (size_t i = 0; boolean && i < COUNT_OF(yes); i++) {
        if (strcasecmp(scalar, yes[i]) == 0)
            return "true";
        if (strcasecmp(scalar, no[i]) == 0)
            return "false";
    }
    if (pg_type_is_number(type) && is_number(scalar)) {
        if (scalar[0] != '-')
            return scalar;
        const char *as = strchr(scalar, '.') ? "numeric" : strlen(scalar) > 10 ? "bigint" : "integer";
        return arena_printf(arena, "'%s'::%s", scalar, as);
    }
    if (!was_quoted && (strcasecmp(scalar, "null") == 0 || scalar[0] == '\0'))
        return NULL;
    StrBuf out;
    strbuf_init(&out, arena);
    pg_put_literal(&out, scalar);
    const char *plain = pg_type_without_modifier(arena, type);
    strbuf_printf(&out, "::%s", strcmp(plain, "character") == 0 ? "bpchar" : plain);
    return out.text;
}

// 42.2.1 of each command's page: what cannot run inside a transaction block.
static bool needs_no_transaction(Text statement)
{
    Lexer lexer;
    lex_init(&lexer, statement, LEX_POSTGRESQL, false);
    Token first = lex_next(&lexer), second = lex_next(&lexer);
    if (token_is(&first, "vacuum"))
        return true;
    static const char *const alone[] = { "database", "tablespace", "system" };
    for (size_t i = 0; i < COUNT_OF(alone); i++)
        if ((token_is(&first, "create") || token_is(&first, "drop") || token_is(&first, "alter")) &&
            token_is(&second, alone[i]))
            return true;
    bool index = token_is(&first, "create") || token_is(&first, "drop") || token_is(&first, "reindex") ||
                 token_is(&first, "alter");
    Token token = second;
    for (unsigned i = 0; index && i < 12 && token.kind != TOKEN_END; i++, token = lex_next(&lexer))
        if (token_is(&token, "concurrently"))
            return true;
    return false;
}

static const char *const url_schemes[] = { "postgresql", "postgres", NULL };

const Dialect postgresql_dialect = {
    .name = "postgresql",
    .url_schemes = url_schemes,
    .quote = '"',
    .lex = LEX_POSTGRESQL,
    .max_identifier = 63,
    .caps = CAN_TRANSACTIONAL_DDL | CAN_ALTER_CONSTRAINTS | CAN_ALTER_COLUMN | CAN_RENAME_CONSTRAINT |
            CAN_RENAME_INDEX | CAN_SCHEMAS | CAN_COMMENT | NEEDS_CONSTRAINT_NAMES | RENAMES_FOLLOW,
    .options = pg_options,
    .option_count = PG_OPTION_COUNT,
    .portable_types = pg_portable_types,
    .type_native = pg_type_native,
    .type_portable = pg_type_portable,
    .same_type = same_type,
    .same_sql = same_sql,
    .put_identifier = pg_put_identifier,
    .put_literal = pg_put_literal,
    .default_literal = default_literal,
    .resolve = pg_resolve,
    .fate = pg_fate,
    .blocks = pg_blocks,
    .expand = pg_expand,
    .render = pg_render,
    .needs_no_transaction = needs_no_transaction,
    .put_table_query = postgresql_put_table_query,
    .put_assertion = postgresql_put_assertion,
};
