// The server's words of an error, without the values of rows that they quote.
//
// Data exceptions (SQLSTATE class 22) quote the value in the message, broken constraints (class 23) print the key or the
// whole row in DETAIL, and CONTEXT may hold a line of the data. The names of constraints and columns stay, and so does
// what stands in the statement itself: the server points at its place there. Of any class, QUERY and CONTEXT may hold a
// statement that a function put together of rows.
#include <string.h>

#include "drivers/postgresql/driver/driver.h"

bool pg_quotes_rows(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state && (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0) &&
           !PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
}

// A quotation mark at `text`, as the server's translations have them: its length in bytes, else 0.
static size_t mark_at(const char *text)
{
    static const char *const marks[] = { "\"",     "\u00ab", "\u00bb", "\u201c", "\u201d", "\u201e",
                                         "\u2018", "\u2019", "\u2039", "\u203a", "\u300c", "\u300d" };
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    return 0;
}

static bool is_name(const PGresult *result, const char *text, size_t n)
{
    static const int fields[] = { PG_DIAG_COLUMN_NAME, PG_DIAG_TABLE_NAME, PG_DIAG_CONSTRAINT_NAME,
                                  PG_DIAG_DATATYPE_NAME };
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const char *name = PQresultErrorField(result, fields[i]);
        if (name && strlen(name) == n && memcmp(name, text, n) == 0)
            return true;
    }
    return false;
}

// Of class 23 the message names constraints, columns and tables only. A value may hold quotation marks: all between the
// first and the last one is left out.
bool pg_message_without_values(Arena *arena, const PGresult *result, const char *message, const char **out)
{
    const char *first = NULL, *last = NULL;
    *out = message;
    if (strncmp(PQresultErrorField(result, PG_DIAG_SQLSTATE), "23", 2) == 0)
        return false;
    for (const char *p = message; *p; p++)
        if (mark_at(p)) {
            first = first ? first : p;
            last = p;
        }
    if (!first || first == last)
        return false;
    const char *from = first + mark_at(first);
    if (is_name(result, from, (size_t)(last - from)))
        return false;
    *out = arena_printf(arena, "%.*s...%s", (int)(from - message), message, last);
    return true;
}

// "Key (mail)=(a@b) is duplicated." says which columns. That of a number that is too large says what its type takes.
bool pg_detail_without_values(Arena *arena, const PGresult *result, const char **out)
{
    static const char middle[] = ")=(";
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *from = detail ? strstr(detail, middle) : NULL, *end = from ? strrchr(from, ')') : NULL;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    *out = NULL;
    if (!detail)
        return false;
    if (strcmp(state, "22003") == 0) {
        *out = detail;
        return false;
    }
    if (strncmp(state, "23", 2) == 0 && from && end > from + 1)
        *out = arena_printf(arena, "%.*s...%s", (int)(from + strlen(middle) - detail), detail, end);
    return true;
}

// How much of a line says where it happened: in a function, or in the data of a COPY, whose line is quoted after it. Others
// quote data, or a statement that was put together.
static size_t place_in(const char *line, size_t n)
{
    static const char quoted[] = ": \"";
    if (strncmp(line, "PL/pgSQL", strlen("PL/pgSQL")) == 0)
        return n;
    if (strncmp(line, "COPY ", strlen("COPY ")) != 0)
        return 0;
    const char *data = memmem(line, n, quoted, strlen(quoted));
    return data ? (size_t)(data - line) : n;
}

// Is it text of the statement, or of a function's body as it was written? Only what a function puts together (EXECUTE), and
// what runs in another language, may hold values. `behind`: the lines of CONTEXT from there, the first of PL/pgSQL's says how.
static bool is_written(const char *statement, const char *text, size_t n, const char *behind)
{
    static const char *const as_written[] = { "at SQL statement", "at PERFORM",
                                              "at assignment",    "at IF",
                                              "at RETURN",        "at FOR over SELECT rows" };
    if (statement && memmem(statement, strlen(statement), text, n))
        return true;
    const char *line = behind ? strstr(behind, "PL/pgSQL function ") : NULL;
    size_t length = line ? strcspn(line, "\n") : 0;
    for (size_t i = 0; i < COUNT_OF(as_written); i++) {
        size_t m = strlen(as_written[i]);
        if (length > m && memcmp(line + length - m, as_written[i], m) == 0)
            return true;
    }
    return false;
}

// The end of `SQL statement "..."`, which may be of several lines; NULL: the line is another one.
static const char *end_of_statement(const char *line)
{
    static const char head[] = "SQL statement \"";
    if (strncmp(line, head, strlen(head)) != 0)
        return NULL;
    const char *end = strstr(line + strlen(head), "\"\nPL/pgSQL");
    return end ? end + 1 : line + strlen(line);
}

PgWords pg_words_of_functions(Arena *arena, const PGresult *result, const char *statement)
{
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    const char *query = PQresultErrorField(result, PG_DIAG_INTERNAL_QUERY);
    PgWords out = { .message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) };
    if (query && is_written(statement, query, strlen(query), context))
        out.query = query;
    out.left_out = query && !out.query;
    StrBuf kept;
    strbuf_init(&kept, arena);
    for (const char *line = context; line && *line;) {
        enum { HEAD = sizeof("SQL statement \"") - 1 };
        const char *end = end_of_statement(line);
        size_t n = end ? (size_t)(end - line) : strcspn(line, "\n");
        bool stays =
            end ? n > HEAD && is_written(statement, line + HEAD, n - HEAD - 1, end)
                : strncmp(line, "SQL function ", strlen("SQL function ")) == 0 || place_in(line, n) == n;
        if (stays)
            strbuf_printf(&kept, "%s%.*s", kept.length ? "\n" : "", (int)n, line);
        out.left_out |= !stays;
        line += line[n] ? n + 1 : n;
    }
    out.context = kept.length ? kept.text : NULL;
    if (out.left_out) // the message names what stands in a statement that is not shown
        (void)pg_message_without_values(arena, result, out.message, &out.message);
    return out;
}

bool pg_context_without_values(Arena *arena, const PGresult *result, const char **out)
{
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    bool left_out = false;
    StrBuf kept;
    strbuf_init(&kept, arena);
    for (const char *line = context; line && *line;) {
        size_t n = strcspn(line, "\n");
        size_t place = place_in(line, n);
        if (place)
            strbuf_printf(&kept, "%s%.*s", kept.length ? "\n" : "", (int)place, line);
        left_out |= place < n;
        line += line[n] ? n + 1 : n;
    }
    *out = kept.length ? kept.text : NULL;
    return left_out || PQresultErrorField(result, PG_DIAG_INTERNAL_QUERY);
}
