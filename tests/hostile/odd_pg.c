// libpq whose results are altered (odd_answers.h): each is made again, by libpq's own functions.
#include "odd_answers.h"

#include <libpq-fe.h>

static const char *const libraries[] = { "libpq.so.5", NULL };

static int alters; // libpq's functions call each other

static PGresult *altered(PGresult *from)
{
    ExecStatusType status = PQresultStatus(from);
    if (!from || alters || (status != PGRES_TUPLES_OK && status != PGRES_SINGLE_TUPLE))
        return from;
    OddForm form = odd_form();
    if (form == ODD_NONE)
        return from;
    enum { MOST = 200 };
    static char name[] = "c";
    PGresAttDesc columns[MOST] = { { .name = NULL } };
    int had = PQnfields(from), has = (int)odd_columns(form, (unsigned)had);
    for (int i = 0; i < MOST; i++)
        columns[i] = (PGresAttDesc){ .name = name };
    PGresult *to = PQmakeEmptyPGresult(NULL, status);
    if (has > MOST || had > MOST || (has && !PQsetResultAttrs(to, has, columns)))
        return from;
    int rows = form == ODD_NO_ROWS ? 0 : form == ODD_TWICE ? 2 * PQntuples(from) : PQntuples(from);
    for (int row = 0; row < rows; row++)
        for (int i = 0; i < has; i++) {
            int old = row % PQntuples(from);
            const char *value = i < had && !PQgetisnull(from, old, i) ? PQgetvalue(from, old, i) : NULL;
            value = odd_cell(form, value);
            char *copy = value ? strdup(value) : NULL;
            PQsetvalue(to, row, i, copy, copy ? (int)strlen(copy) : -1);
            free(copy);
        }
    PQclear(from);
    return to;
}

PGresult *PQexec(PGconn *conn, const char *query)
{
    PGresult *(*real)(PGconn *, const char *);
    *(void **)&real = odd_real(libraries, "PQexec");
    alters++;
    PGresult *result = real(conn, query);
    alters--;
    return altered(result);
}

PGresult *PQgetResult(PGconn *conn)
{
    PGresult *(*real)(PGconn *);
    *(void **)&real = odd_real(libraries, "PQgetResult");
    return altered(real(conn));
}
