// SQLite whose values are altered (odd_answers.h): what a file that somebody wrote by hand may hold anywhere.
#include "odd_answers.h"

#include <sqlite3.h>
#include <stdbool.h>

static const char *const libraries[] = { "libsqlite3.so.0", NULL };

enum { MOST = 64, COLUMNS = 64 };
static struct Answer {
    sqlite3_stmt *statement;
    OddForm form;
    int row;
    const char *values[COLUMNS];
    int chosen[COLUMNS]; // in this row
    char *kept[COLUMNS];
} answers[MOST];

static struct Answer *answer_of(sqlite3_stmt *statement)
{
    for (int i = 0; i < MOST; i++)
        if (answers[i].statement == statement)
            return &answers[i];
    return NULL;
}

int sqlite3_step(sqlite3_stmt *statement)
{
    int (*real)(sqlite3_stmt *);
    *(void **)&real = odd_real(libraries, "sqlite3_step");
    struct Answer *it = answer_of(statement);
    if (!it && (it = answer_of(NULL)))
        *it = (struct Answer){ .statement = statement, .form = odd_form() };
    int code = real(statement);
    if (it)
        it->row++;
    return it && it->form == ODD_NO_ROWS && code == SQLITE_ROW ? real(statement) : code;
}

int sqlite3_finalize(sqlite3_stmt *statement)
{
    int (*real)(sqlite3_stmt *);
    *(void **)&real = odd_real(libraries, "sqlite3_finalize");
    struct Answer *it = statement ? answer_of(statement) : NULL;
    for (int i = 0; it && i < COLUMNS; i++)
        free(it->kept[i]);
    if (it)
        *it = (struct Answer){ .statement = NULL };
    return real(statement);
}

// The same value for the same cell, however often it is asked for.
static bool is_altered(struct Answer *it, sqlite3_stmt *statement, int i, const char **out)
{
    const unsigned char *(*text)(sqlite3_stmt *, int);
    *(void **)&text = odd_real(libraries, "sqlite3_column_text");
    if (!it || it->form == ODD_NONE || i < 0 || i >= COLUMNS)
        return false;
    if (it->chosen[i] != it->row) {
        const char *value = odd_cell(it->form, (const char *)text(statement, i));
        free(it->kept[i]);
        it->values[i] = it->kept[i] = value ? strdup(value) : NULL;
        it->chosen[i] = it->row;
    }
    *out = it->values[i];
    return true;
}

int sqlite3_column_count(sqlite3_stmt *statement)
{
    int (*real)(sqlite3_stmt *);
    *(void **)&real = odd_real(libraries, "sqlite3_column_count");
    struct Answer *it = answer_of(statement);
    int count = real(statement);
    return it && it->form == ODD_FEWER && count ? count - 1 : count;
}

const unsigned char *sqlite3_column_text(sqlite3_stmt *statement, int i)
{
    const unsigned char *(*real)(sqlite3_stmt *, int);
    *(void **)&real = odd_real(libraries, "sqlite3_column_text");
    const char *value;
    return is_altered(answer_of(statement), statement, i, &value) ? (const unsigned char *)value
                                                                  : real(statement, i);
}

int sqlite3_column_bytes(sqlite3_stmt *statement, int i)
{
    int (*real)(sqlite3_stmt *, int);
    *(void **)&real = odd_real(libraries, "sqlite3_column_bytes");
    const char *value;
    return is_altered(answer_of(statement), statement, i, &value) ? (int)(value ? strlen(value) : 0)
                                                                  : real(statement, i);
}

sqlite3_int64 sqlite3_column_int64(sqlite3_stmt *statement, int i)
{
    sqlite3_int64 (*real)(sqlite3_stmt *, int);
    *(void **)&real = odd_real(libraries, "sqlite3_column_int64");
    const char *value;
    return is_altered(answer_of(statement), statement, i, &value) ? (value ? strtoll(value, NULL, 10) : 0)
                                                                  : real(statement, i);
}
