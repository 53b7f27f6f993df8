#include "drivers/mysql/dialect/dialect.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/apply.h"
#include "drivers/mysql/dialect/rows.h"
#include "drivers/mysql/dialect/types.h"
#include "drivers/mysql/facts/narrowing.h"
#include "drivers/mysql/dialect/values.h"

void my_put_identifier(StrBuf *out, const char *name) { strbuf_quoted(out, '`', "`", name); }

// Quotes and backslashes are both doubled: right where backslashes escape, which our sessions see to, and closed at the
// same place where they do not.
void my_put_literal(StrBuf *out, const char *text) { strbuf_quoted(out, '\'', "'\\", text); }

const char *my_string_value(Arena *arena, const Token *token)
{
    const char *p = token->text.p, *end = p + token->text.n;
    while (p < end && *p != '\'' && *p != '"')
        p++;
    if (p == end)
        return arena_strndup(arena, token->text.p, token->text.n);
    char quote = *p++;
    StrBuf out;
    strbuf_init(&out, arena);
    for (; p < end - 1; p++) {
        if (*p == quote && p[1] == quote) {
            strbuf_putc(&out, *p++);
        } else if (*p == '\\' && p + 1 < end - 1) {
            static const char from[] = "nrtbZ", to[] = "\n\r\t\b\x1a";
            const char *known = strchr(from, *++p);
            if (*p == '0')
                break; // a NUL: nothing behind it can be carried
            if (*p == '%' || *p == '_')
                strbuf_putc(&out, '\\');
            strbuf_putc(&out, known ? to[known - from] : *p);
        } else {
            strbuf_putc(&out, *p);
        }
    }
    return out.text;
}

static const char *literal(Arena *arena, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    my_put_literal(&out, text);
    return out.text;
}

static bool is_number(const char *text)
{
    char *end = NULL;
    if (*text == '\0' || isspace((unsigned char)*text) || strpbrk(text, "xXnNpP"))
        return false;
    (void)strtod(text, &end);
    return *end == '\0';
}

static bool type_is(const char *type, const char *word)
{
    size_t n = strcspn(type, "( ");
    return strlen(word) == n && strncasecmp(type, word, n) == 0;
}

// These take no literal default in MySQL, only an expression in parentheses.
static bool needs_expression(const char *type)
{
    static const char *const words[] = { "text", "tinytext", "mediumtext", "longtext",
                                         "blob", "tinyblob", "mediumblob", "longblob",
                                         "json", "geometry", "point",      "polygon" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (type_is(type, words[i]))
            return true;
    return false;
}

static const char *bits(Arena *arena, const char *number)
{
    unsigned long long value = strtoull(number, NULL, 10);
    char text[80];
    size_t at = sizeof(text);
    text[--at] = '\0';
    text[--at] = '\'';
    do
        text[--at] = (char)('0' + (value & 1));
    while ((value >>= 1) != 0);
    text[--at] = '\'';
    text[--at] = 'b';
    return arena_strdup(arena, text + at);
}

const char *my_default_literal(Arena *arena, const char *type, const char *scalar, bool was_quoted)
{
    bool numeric = my_type_is_numeric(type);
    if (!was_quoted && strcasecmp(scalar, "null") == 0)
        return "NULL";
    if (numeric && !was_quoted && (strcasecmp(scalar, "true") == 0 || strcasecmp(scalar, "false") == 0))
        scalar = tolower((unsigned char)*scalar) == 't' ? "1" : "0";
    if (type_is(type, "bit") && is_number(scalar))
        return bits(arena, scalar);
    if (numeric && is_number(scalar))
        return scalar;
    if (needs_expression(type))
        return arena_printf(arena, "(%s)", literal(arena, scalar));
    return literal(arena, scalar);
}

static bool is_now(const Token *token)
{
    static const char *const words[] = { "current_timestamp", "now", "localtime", "localtimestamp" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(token, words[i]))
            return true;
    return false;
}

// CURRENT_TIMESTAMP, now(), localtime(3) …: all of it, or NULL when the text is something else.
static const char *now_canonical(Arena *arena, const TokenList *tokens)
{
    const Token *t = tokens->items;
    if (!is_now(&t[0]))
        return NULL;
    if (tokens->count == 2)
        return "CURRENT_TIMESTAMP";
    if (tokens->count == 4 && token_is(&t[1], "(") && token_is(&t[2], ")"))
        return "CURRENT_TIMESTAMP";
    if (tokens->count == 5 && token_is(&t[1], "(") && t[2].kind == TOKEN_NUMBER && token_is(&t[3], ")")) {
        const char *digits = arena_strndup(arena, t[2].text.p, t[2].text.n);
        return strcmp(digits, "0") == 0 ? "CURRENT_TIMESTAMP"
                                        : arena_printf(arena, "CURRENT_TIMESTAMP(%s)", digits);
    }
    return NULL;
}

// A literal alone. Its parentheses make it an expression, which MySQL keeps apart from the literal.
typedef struct LoneString {
    const Token *token;                   // NULL: it is something else
    bool in_parentheses, with_introducer; // the introducer _utf8mb4
} LoneString;

static LoneString lone_string(const TokenList *tokens)
{
    LoneString found = { 0 };
    size_t first = 0, last = tokens->count - 1;
    while (last - first >= 2 && token_is(&tokens->items[first], "(") &&
           token_is(&tokens->items[last - 1], ")")) {
        found.in_parentheses = true;
        first++;
        last--;
    }
    if (last - first == 2 && token_is(&tokens->items[first], "_utf8mb4")) {
        found.with_introducer = true;
        first++;
    }
    const Token *token = &tokens->items[first];
    bool plain = token->kind == TOKEN_STRING && (*token->text.p == '\'' || *token->text.p == '"');
    if (last - first == 1 && plain)
        found.token = token;
    return found;
}

// Whether a literal has a NUL, which no text of ours can hold.
static bool has_nul(const Token *token)
{
    const char *p = token->text.p, *end = p + token->text.n;
    for (; p + 1 < end; p++)
        if (*p == '\\' && *++p == '0')
            return true;
    return false;
}

// A literal's bytes as hexadecimal digits: how MySQL prints those that are no text.
static const char *literal_as_hex(Arena *arena, const Token *token)
{
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, "0x");
    const char *p = token->text.p + 1, *end = token->text.p + token->text.n - 1;
    for (; p < end; p++) {
        static const char from[] = "0nrtbZ", to[] = "\0\n\r\t\b\x1a";
        unsigned char byte = (unsigned char)*p;
        if (*p == *token->text.p || (*p == '\\' && p + 1 < end)) {
            const char *known = *p == '\\' && p[1] ? strchr(from, p[1]) : NULL;
            byte = known ? (unsigned char)to[known - from] : (unsigned char)p[1];
            p++;
        }
        strbuf_printf(&out, "%02X", byte);
    }
    return out.text;
}

// 0x00ff and x'00ff' in one spelling; NULL: it is neither.
static const char *hex_canonical(Arena *arena, const TokenList *tokens, const char *sql)
{
    bool quoted = (*sql == 'x' || *sql == 'X') && sql[1] == '\'',
         plain = sql[0] == '0' && (sql[1] | 0x20) == 'x';
    size_t n = quoted || plain ? strspn(sql + 2, "0123456789abcdefABCDEF") : 0;
    if (tokens->count > 3 || n == 0 || strcmp(sql + 2 + n, quoted ? "'" : "") != 0)
        return NULL;
    char *text = arena_printf(arena, "0x%.*s", (int)n, sql + 2);
    for (char *c = text + 2; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return text;
}

// MySQL writes the introducer into each literal of an expression, whether it was there or not. MariaDB keeps an expression
// as it was written, and only for the types that take no literal.
static const char *string_canonical(Arena *arena, const char *type, const char *sql, LoneString string)
{
    if (string.in_parentheses && has_nul(string.token))
        return sql;
    if (string.in_parentheses)
        return arena_printf(arena, "(%s)", literal(arena, my_string_value(arena, string.token)));
    if (string.with_introducer)
        return sql;
    if (has_nul(string.token))
        return needs_expression(type) ? arena_printf(arena, "(%s)", sql)
                                      : literal_as_hex(arena, string.token);
    return my_default_literal(arena, type, my_string_value(arena, string.token), true);
}

const char *my_default_canonical(Arena *arena, const char *type, const char *sql)
{
    if (!sql)
        return NULL;
    TokenList tokens = lex_all(arena, (Text){ sql, strlen(sql) }, mysql_dialect.lex);
    if (tokens.count == 2 && token_is(&tokens.items[0], "null"))
        return NULL;
    const char *now = now_canonical(arena, &tokens);
    if (now)
        return now;
    const char *hex = needs_expression(type) ? NULL : hex_canonical(arena, &tokens, sql);
    if (hex)
        return hex;
    LoneString string = lone_string(&tokens);
    if (string.token)
        return string_canonical(arena, type, sql, string);
    bool word =
        tokens.count == 2 && (token_is(&tokens.items[0], "true") || token_is(&tokens.items[0], "false"));
    if (word || (tokens.count == 2 && tokens.items[0].kind == TOKEN_NUMBER && type_is(type, "bit")))
        return my_default_literal(arena, type, sql, false);
    return sql;
}

bool my_same_sql(Arena *arena, const char *a, const char *b)
{
    return sql_same_tokens(arena, a, b, mysql_dialect.lex);
}

bool my_for_mariadb(const StepGraph *graph)
{
    const char *flavor = graph->have && graph->have->server.flavor ? graph->have->server.flavor
                         : graph->want                             ? graph->want->server.flavor
                                                                   : NULL;
    return flavor && strcmp(flavor, "mariadb") == 0;
}

static const char *const url_schemes[] = { "mysql", "mariadb", NULL };

// A mode that the session keeps where the server has it: mode_for_session of driver/mode.c.
#define KEEPS_MODE(word) ",\n IF(FIND_IN_SET('" word "', @@sql_mode), '," word "', '')"

// RENAME TABLE and ALTER TABLE know these; there is no ALTER TRIGGER, and ALTER PROCEDURE and ALTER EVENT change other things.
static bool renames(ObjectKind kind)
{
    return kind == OBJECT_TABLE || kind == OBJECT_VIEW || kind == OBJECT_SEQUENCE || kind == OBJECT_COLUMN ||
           kind == OBJECT_INDEX;
}

const Dialect mysql_dialect = {
    .name = "mysql",
    .url_schemes = url_schemes,
    .quote = '`',
    .lex = LEX_MYSQL,
    .max_identifier = 64,
    .caps = CAN_ALTER_CONSTRAINTS | CAN_ALTER_COLUMN | CAN_RENAME_INDEX | CAN_PLACE_COLUMN | CAN_COMMENT |
            MERGES_TABLE_CHANGES | INLINES_INDEXES | FOLDS_FOREIGN_KEYS | KEEPS_NO_ACTION |
            NEEDS_CONSTRAINT_NAMES | KEYS_HAVE_NO_NAME | INDEXES_ARE_PER_TABLE | HAS_ENUM_COLUMNS |
            INTEGER_KEYS_COUNT | BOUNDS_TEXT | KEYS_MATCH_TYPES | FOLDS_COLUMN_CASE |
            CONSTRAINTS_SHARE_NAMES | REFERS_TO_INDEXES,
    .options = my_option_infos,
    .option_count = MY_OPTION_COUNT,
    .portable_types = my_portable_types,
    .type_limits = my_type_limits,
    .type_native = my_type_native,
    .type_portable = my_type_portable,
    .same_type = my_same_type,
    .same_sql = my_same_sql,
    .put_identifier = my_put_identifier,
    .put_literal = my_put_literal,
    .default_literal = my_default_literal,
    .resolve = my_resolve,
    .carry_rename = my_carry_rename,
    .renames = renames,
    .fate = my_fate,
    .blocks = my_blocks,
    .expand = my_expand,
    .render = my_render,
    .sync_columns = my_sync_columns,
    .misfit = my_misfit,
    .filler = my_fills,
    .rows = &my_rows,
    .put_table_query = mysql_put_table_query,
    .put_assertion = mysql_put_assertion,
    // As our own sessions are set up; the last four lines where the server can be told (explicit_defaults_for_timestamp)
    .client_preamble =
        "SET NAMES utf8mb4;\n"
        "SET SESSION sql_mode = "
        "CONCAT('STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'" KEEPS_MODE(
            "NO_UNSIGNED_SUBTRACTION") KEEPS_MODE("PAD_CHAR_TO_FULL_LENGTH") KEEPS_MODE("NO_AUTO_CREATE_USER")
            KEEPS_MODE("TIME_ROUND_FRACTIONAL") KEEPS_MODE(
                "TIME_TRUNCATE_FRACTIONAL") "),\n"
                                            " time_zone = '+00:00', sql_safe_updates = 0, unique_checks = 1, "
                                            "foreign_key_checks = 1;\n"
                                            "SET @cmigrate_setting = IF(@@explicit_defaults_for_timestamp, "
                                            "'DO 0',"
                                            " 'SET SESSION explicit_defaults_for_timestamp = 1');\n"
                                            "PREPARE cmigrate_setting FROM @cmigrate_setting;\n"
                                            "EXECUTE cmigrate_setting;\n"
                                            "DEALLOCATE PREPARE cmigrate_setting;",
    // Ids are compared byte by byte, and what it records commits or rolls back
    .who_runs = "USER()",
    .own_table_options = "ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin",
    .value_type = my_value_type,
    .put_value_text = my_put_value_text,
    .put_value_again = my_put_value_again,
    .put_key_waits = my_put_key_waits,
    .insert_defaults = "() VALUES ()",
};
