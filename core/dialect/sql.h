// sql.h -- writing SQL by saying what each part is.
//
//     sql(&out, dialect, KW("ALTER TABLE"), ID(t->name), KW("ADD COLUMN"), ID(c->name), TYPE(c->type));
//
// KW takes only a string literal: a variable does not compile. Everything else declares itself: ID an identifier
// (always quoted), QID a schema-qualified one, LIT a string literal, WORD one word or number of the engine's (what is
// none is quoted like a name, so that it stays one), TYPE an engine's type, EXPR SQL that a person or the server wrote. Parts are separated by one space, except before , ; ) . and after ( .
#ifndef CORE_DIALECT_SQL_H
#define CORE_DIALECT_SQL_H

#include "core/dialect/dialect.h"

typedef enum SqlPartKind {
    SQL_END,
    SQL_KEYWORD,
    SQL_IDENTIFIER,
    SQL_QUALIFIED,
    SQL_LITERAL,
    SQL_WORD,
    SQL_TYPE,
    SQL_EXPRESSION
} SqlPartKind;
typedef struct SqlPart {
    SqlPartKind kind;
    const char *text;
    const char *schema;
} SqlPart;

#define KW(lit)                ((SqlPart){ SQL_KEYWORD, "" lit "", NULL })
#define ID(name)               ((SqlPart){ SQL_IDENTIFIER, (name), NULL })
#define QID(schema_name, name) ((SqlPart){ SQL_QUALIFIED, (name), (schema_name) }) // schema may be NULL
#define LIT(value)             ((SqlPart){ SQL_LITERAL, (value), NULL })
#define WORD(word)             ((SqlPart){ SQL_WORD, (word), NULL })
#define TYPE(type)             ((SqlPart){ SQL_TYPE, (type), NULL })
#define EXPR(expression)       ((SqlPart){ SQL_EXPRESSION, (expression), NULL })

void sql_parts(StrBuf *out, const Dialect *dialect, const SqlPart *parts); // ended by SQL_END
#define SQL_LAST               ((SqlPart){ SQL_END, NULL, NULL })
#define sql(out, dialect, ...) sql_parts((out), (dialect), (const SqlPart[]){ __VA_ARGS__, SQL_LAST })

// "a", "b": a comma-separated list of identifiers.
void sql_names(StrBuf *out, const Dialect *dialect, const NameList *names);

// The text with every identifier `from` as `to`, in quotes where it was or has to be; the text itself where it has none. NULL stays
// NULL.
const char *sql_renamed(Arena *arena, const Dialect *dialect, const char *text, const char *from,
                        const char *to);

#endif
