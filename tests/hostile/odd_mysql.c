// MySQL's client library whose rows are altered (odd_answers.h): a row of fewer columns is as long as they are.
#include "odd_answers.h"

#include <mysql.h>

static const char *const libraries[] = { "libmariadb.so.3", "libmysqlclient.so.24", "libmysqlclient.so.21",
                                         NULL };

enum { MOST = 16, COLUMNS = 400 };
static struct Answer {
    MYSQL_RES *result;
    OddForm form;
    unsigned had, has;
    char **again, **row;
    unsigned long *lengths;
} answers[MOST];

static struct Answer *answer_of(MYSQL_RES *result)
{
    for (int i = 0; i < MOST; i++)
        if (answers[i].result == result)
            return &answers[i];
    return NULL;
}

static void forget(struct Answer *it)
{
    for (unsigned i = 0; it->row && i < it->has; i++)
        free(it->row[i]);
    free(it->row);
    free(it->lengths);
    it->row = NULL;
    it->lengths = NULL;
}

static MYSQL_RES *begun(MYSQL_RES *result)
{
    unsigned (*fields)(MYSQL_RES *);
    *(void **)&fields = odd_real(libraries, "mysql_num_fields");
    struct Answer *it = result ? answer_of(NULL) : NULL;
    if (!it)
        return result;
    *it = (struct Answer){ .result = result, .form = odd_form(), .had = fields(result) };
    it->has = odd_columns(it->form, it->had);
    return result;
}

MYSQL_RES *STDCALL mysql_store_result(MYSQL *mysql)
{
    MYSQL_RES *(*real)(MYSQL *);
    *(void **)&real = odd_real(libraries, "mysql_store_result");
    return begun(real(mysql));
}

MYSQL_RES *STDCALL mysql_use_result(MYSQL *mysql)
{
    MYSQL_RES *(*real)(MYSQL *);
    *(void **)&real = odd_real(libraries, "mysql_use_result");
    return begun(real(mysql));
}

unsigned int STDCALL mysql_num_fields(MYSQL_RES *result)
{
    unsigned (*real)(MYSQL_RES *);
    *(void **)&real = odd_real(libraries, "mysql_num_fields");
    struct Answer *it = answer_of(result);
    return it ? it->has : real(result);
}

MYSQL_ROW STDCALL mysql_fetch_row(MYSQL_RES *result)
{
    MYSQL_ROW (*real)(MYSQL_RES *);
    *(void **)&real = odd_real(libraries, "mysql_fetch_row");
    struct Answer *it = answer_of(result);
    MYSQL_ROW from = it && it->form == ODD_NO_ROWS ? NULL : it && it->again ? it->again : real(result);
    if (!it || it->form == ODD_NONE || !from)
        return from;
    it->again = it->form == ODD_TWICE && !it->again ? from : NULL;
    forget(it);
    it->row = calloc(it->has ? it->has : 1, sizeof *it->row);
    it->lengths = calloc(it->has ? it->has : 1, sizeof *it->lengths);
    for (unsigned i = 0; i < it->has; i++) {
        const char *value = odd_cell(it->form, i < it->had ? from[i] : NULL);
        it->row[i] = value ? strdup(value) : NULL;
        it->lengths[i] = value ? strlen(value) : 0;
    }
    return it->row;
}

unsigned long *STDCALL mysql_fetch_lengths(MYSQL_RES *result)
{
    unsigned long *(*real)(MYSQL_RES *);
    *(void **)&real = odd_real(libraries, "mysql_fetch_lengths");
    struct Answer *it = answer_of(result);
    return it && it->lengths ? it->lengths : real(result);
}

void STDCALL mysql_free_result(MYSQL_RES *result)
{
    void (*real)(MYSQL_RES *);
    *(void **)&real = odd_real(libraries, "mysql_free_result");
    struct Answer *it = result ? answer_of(result) : NULL;
    if (it) {
        forget(it);
        *it = (struct Answer){ .result = NULL };
    }
    real(result);
}
