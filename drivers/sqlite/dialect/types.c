#include "drivers/sqlite/sqlite.h"

#include <ctype.h>
#include <sqlite3.h>
#include <string.h>
#include <strings.h>

// The portable types, and what SQLite calls them. The name decides the affinity, so each has one that keeps its
// values as they are: INTEGER, REAL, TEXT, BLOB or NUMERIC.
typedef struct TypeName {
    const char *portable, *native;
    int most_arguments; // numbers in parentheses that are kept
    bool drops_arguments;
} TypeName;

static const TypeName type_names[] = {
    {"integer",    "INTEGER",   0, false},
    { "smallint",  "SMALLINT",  0, false},
    { "bigint",    "BIGINT",    0, false},
    { "tinyint",   "TINYINT",   0, false},
    { "boolean",   "BOOLEAN",   0, false},
    { "float",     "FLOAT",     1, false},
    { "double",    "DOUBLE",    0, false},
    { "numeric",   "NUMERIC",   2, false},
    { "string",    "VARCHAR",   1, false},
    { "char",      "CHAR",      1, false},
    { "text",      "TEXT",      0, false},
    { "date",      "DATE",      0, false},
    { "time",      "TIME",      1, false},
    { "datetime",  "DATETIME",  1, false},
    { "timestamp", "TIMESTAMP", 1, false},
    { "interval",  "TEXT",      0, false},
    { "uuid",      "CHAR(36)",  0, false},
    { "json",      "JSON",      0, false},
    { "binary",    "BLOB",      1, true },
    { "blob",      "BLOB",      0, false},
};

const char *const sqlite_portable_types[] = { "integer",  "smallint", "bigint",  "tinyint",  "boolean",
                                              "float",    "double",   "numeric", "string",   "char",
                                              "text",     "date",     "time",    "datetime", "timestamp",
                                              "interval", "uuid",     "json",    "binary",   "blob",
                                              "enum",     NULL };

// Names that other engines and old models use: they are nobody's misspelling.
static const char *const foreign_names[] = {
    "int",         "int2",        "int4",      "int8",      "integer",   "mediumint",     "serial",
    "bigserial",   "smallserial", "uint",      "uint8",     "uint16",    "uint32",        "uint64",
    "int16",       "int32",       "int64",     "bool",      "bit",       "varbit",        "real",
    "decimal",     "dec",         "number",    "money",     "varchar",   "varchar2",      "nvarchar",
    "nchar",       "character",   "clob",      "nclob",     "tinytext",  "mediumtext",    "longtext",
    "ntext",       "citext",      "bytea",     "varbinary", "tinyblob",  "mediumblob",    "longblob",
    "timestamptz", "timetz",      "year",      "jsonb",     "xml",       "inet",          "cidr",
    "macaddr",     "point",       "line",      "set",       "any",       "null",          "name",
    "vector",      "geometry",    "geography", "tsvector",  "tsquery",   "hstore",        "numeric",
    "double",      "float4",      "float8",    "unsigned",  "signed",    "currency",      "long",
    "short",       "byte",        "bytes",     "object",    "datetime2", "smalldatetime", "smallmoney",
    "image",       "guid",        "oid",       "list",      "map",
};

static const TypeName *find_portable(const char *word, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(type_names); i++)
        if (strlen(type_names[i].portable) == n && strncasecmp(type_names[i].portable, word, n) == 0)
            return &type_names[i];
    return NULL;
}

// "(80)", "(10, 2)" or nothing: how many numbers; -1 when it reads otherwise.
static int count_arguments(const char *p)
{
    while (isspace((unsigned char)*p))
        p++;
    if (!*p)
        return 0;
    if (*p++ != '(')
        return -1;
    int count = 0;
    for (;;) {
        while (isspace((unsigned char)*p))
            p++;
        if (!isdigit((unsigned char)*p))
            return -1;
        while (isdigit((unsigned char)*p))
            p++;
        count++;
        while (isspace((unsigned char)*p))
            p++;
        if (*p == ',') {
            p++;
            continue;
        }
        if (*p++ != ')')
            return -1;
        while (isspace((unsigned char)*p))
            p++;
        return *p ? -1 : count;
    }
}

static const char *put_arguments(Arena *arena, const char *native, const char *p)
{
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, native);
    for (; *p; p++) {
        if (isspace((unsigned char)*p))
            continue;
        strbuf_putc(&out, *p);
        if (*p == ',')
            strbuf_putc(&out, ' ');
    }
    return out.text;
}

static bool has_letter(const char *text, int (*is_case)(int))
{
    char quote = '\0';
    for (const char *c = text; *c; c++) {
        if (quote)
            quote = *c == quote ? '\0' : quote;
        else if (strchr("'\"`", *c))
            quote = *c;
        else if (is_case((unsigned char)*c))
            return true;
    }
    return false;
}

static bool is_foreign(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(foreign_names); i++)
        if (strcasecmp(foreign_names[i], word) == 0)
            return true;
    return false;
}

// Asks SQLite: a column that is made with the text has all of it as its type. It says so of "timestamp with time zone" and of
// "int auto_increment", and not of "text not null". Only the one statement is run, whatever the text holds.
static bool sqlite_takes(Arena *arena, const char *spelling)
{
    sqlite3 *memory = NULL;
    sqlite3_stmt *make = NULL;
    const char *type = NULL, *rest = NULL;
    const char *sql = arena_printf(arena, "CREATE TABLE t (c %s\n)", spelling);
    bool takes =
        sqlite3_open_v2(":memory:", &memory, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(memory, sql, -1, &make, &rest) == SQLITE_OK && !*rest &&
        sqlite3_step(make) == SQLITE_DONE &&
        sqlite3_table_column_metadata(memory, NULL, "t", "c", &type, NULL, NULL, NULL, NULL) == SQLITE_OK &&
        type && sqlite_dialect.same_type(arena, type, spelling);
    sqlite3_finalize(make);
    sqlite3_close(memory);
    return takes;
}

// Is it a type by SQLite's grammar? Words, and then one or two numbers in parentheses, after which nothing follows. Where one of the
// words is a keyword, SQLite is asked.
static bool is_type_name(Arena *arena, const char *spelling, const TokenList *tokens)
{
    const Token *t = tokens->items, *end = t + tokens->count;
    bool keywords = false;
    for (; t < end && (t->kind == TOKEN_WORD || t->kind == TOKEN_NAME || t->kind == TOKEN_STRING); t++)
        keywords = keywords || (t->kind == TOKEN_WORD && sqlite3_keyword_check(t->text.p, (int)t->text.n));
    if (keywords)
        return sqlite_takes(arena, spelling);
    if (t == end || t->kind == TOKEN_END)
        return true;
    int numbers = 0;
    for (bool more = token_is(t, "("); more && numbers < 2; more = token_is(t, ","), numbers++) {
        t++;
        t += token_is(t, "-") || token_is(t, "+");
        if (t->kind != TOKEN_NUMBER)
            return false;
        t++;
    }
    return numbers > 0 && token_is(t, ")") && (t + 1 == end || t[1].kind == TOKEN_END);
}

// Words after a type that other engines and people mean for the column, and SQLite takes for a part of its type.
static bool means_the_column(const TokenList *tokens)
{
    for (size_t i = 1; i < tokens->count; i++)
        if (token_is(&tokens->items[i], "auto_increment") || token_is(&tokens->items[i], "comment"))
            return true;
    return false;
}

// All in capitals, a type is SQLite's own and taken as it appears. Else a portable name is translated, and what
// looks like a misspelt one is refused: SQLite itself would take any word.
const char *sqlite_type_native(Arena *arena, const char *spelling, const char **wrong)
{
    const TokenList tokens = lex_all(arena, (Text){ spelling, strlen(spelling) }, LEX_SQLITE);
    if (!is_type_name(arena, spelling, &tokens)) {
        *wrong = spelling;
        return NULL;
    }
    if (!has_letter(spelling, islower))
        return arena_strdup(arena, spelling);
    if (means_the_column(&tokens)) {
        *wrong = spelling;
        return NULL;
    }
    size_t n = 0;
    while (isalnum((unsigned char)spelling[n]) || spelling[n] == '_')
        n++;
    const TypeName *name = find_portable(spelling, n);
    const char *rest = spelling + n;
    int arguments = count_arguments(rest);
    if (name && arguments >= 0 && arguments <= name->most_arguments)
        return name->drops_arguments ? name->native : put_arguments(arena, name->native, rest);
    if (name && rest[0] == '[') { // there are no arrays
        *wrong = spelling;
        return NULL;
    }
    if (name) {
        // "string varying", "uuid(3)": no other engine's spelling begins like this
        static const char *const only_portable[] = { "string", "uuid", "json", "blob" };
        for (size_t i = 0; i < COUNT_OF(only_portable); i++)
            if (strcmp(name->portable, only_portable[i]) == 0) {
                *wrong = spelling;
                return NULL;
            }
        return arena_strdup(arena, spelling);
    }
    const char *word = arena_strndup(arena, spelling, n);
    if (n && islower((unsigned char)spelling[0]) && !is_foreign(word) &&
        nearest_word(word, sqlite_portable_types, COUNT_OF(sqlite_portable_types) - 1)) {
        *wrong = spelling;
        return NULL;
    }
    return arena_strdup(arena, spelling);
}

static const char *upper(Arena *arena, const char *text)
{
    char *out = arena_strdup(arena, text);
    char quote = '\0';
    for (char *c = out; *c; c++) {
        if (quote)
            quote = *c == quote ? '\0' : quote;
        else if (strchr("'\"`", *c))
            quote = *c;
        else
            *c = (char)toupper((unsigned char)*c);
    }
    return out;
}

static bool comes_back(Arena *arena, const char *spelling, const char *native)
{
    const char *wrong = NULL;
    const char *back = sqlite_type_native(arena, spelling, &wrong);
    return back && sqlite_dialect.same_type(arena, back, native);
}

const char *sqlite_type_portable(Arena *arena, const char *native)
{
    for (size_t i = 0; i < COUNT_OF(type_names); i++) {
        const TypeName *name = &type_names[i];
        size_t n = strlen(name->native);
        if (strncasecmp(native, name->native, n) != 0 || name->drops_arguments || strchr(name->native, '('))
            continue;
        const char *spelling = put_arguments(arena, name->portable, native + n);
        int arguments = count_arguments(native + n);
        if (arguments >= 0 && arguments <= name->most_arguments && comes_back(arena, spelling, native))
            return spelling;
    }
    if (comes_back(arena, native, native))
        return arena_strdup(arena, native);
    return upper(arena, native);
}
