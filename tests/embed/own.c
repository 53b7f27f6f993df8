// own.c -- a program that hands over its own connection, to a database in memory.
//
//     own        in the folder that own.sh wrote: cmigrate.yaml, migrations/, schema.yaml, schema.bad.yaml
#include "cmigrate.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;
#define HOLDS(condition, m)                                                                                  \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "line %d: not so: %s\n%s\n", __LINE__, #condition,                               \
                    (m) ? cmigrate_message(m) : "");                                                         \
            failures++;                                                                                      \
        }                                                                                                    \
    } while (0)

static int take_count(void *out, int columns, char **values, char **names)
{
    (void)columns, (void)names;
    *(int *)out = values[0] ? (int)strtol(values[0], NULL, 10) : 0;
    return 0;
}

static int ask(sqlite3 *db, const char *query)
{
    int n = -1;
    sqlite3_exec(db, query, take_count, &n, NULL);
    return n;
}

static void walk_through(Cmigrate *m)
{
    const CmigrateRevision *history;
    const CmigrateDifference *list;
    const char *const *at;
    CmigrateCheck check;
    size_t count, moved;
    HOLDS(cmigrate_history(m, &history, &count) == CMIGRATE_OK && count == 3 && !history[0].applied, m);
    HOLDS(history[0].head && history[0].contract && strcmp(history[2].revision, "aaa1") == 0, m);
    HOLDS(cmigrate_upgrade(m, NULL, &moved) == CMIGRATE_OK && moved == 2, m);
    HOLDS(cmigrate_check(m, &check) == CMIGRATE_OK && !check.at_head && check.differences == 1, m);
    HOLDS(cmigrate_differences(m, &list, &count) == CMIGRATE_OK && count == 1, m);
    HOLDS(count == 1 && strcmp(list[0].change, "drop") == 0 && strcmp(list[0].kind, "column") == 0 &&
              strcmp(list[0].name, "t.gone") == 0 && !list[0].file,
          m);
    HOLDS(cmigrate_stamp(m, "head", false) == CMIGRATE_OK, m);
    HOLDS(cmigrate_current(m, &at, &count) == CMIGRATE_OK && count == 1 && strcmp(at[0], "ccc3") == 0, m);
    HOLDS(cmigrate_stamp(m, "bbb2", false) == CMIGRATE_OK, m);
}

static void in_memory(const CmigrateOptions *usual)
{
    sqlite3 *db;
    Cmigrate *m;
    CmigrateOptions options = *usual;
    sqlite3_open(":memory:", &db);
    sqlite3_exec(db, "PRAGMA recursive_triggers = ON; CREATE TEMP TABLE mine (a)", NULL, NULL, NULL);
    options.url = "sqlite://";
    options.connection = db;
    HOLDS(cmigrate_open(&options, &m) == CMIGRATE_OK, m);
    walk_through(m);
    cmigrate_close(m);
    HOLDS(ask(db, "SELECT count(*) FROM pragma_table_info('t')") == 3, NULL);
    HOLDS(ask(db, "PRAGMA recursive_triggers") == 1 && ask(db, "SELECT count(*) FROM mine") == 0, NULL);

    options.contract = true;
    HOLDS(cmigrate_open(&options, &m) == CMIGRATE_OK, m);
    HOLDS(cmigrate_upgrade(m, NULL, NULL) == CMIGRATE_WRONG &&
              strstr(cmigrate_message(m), "drops column gone"),
          m);
    HOLDS(cmigrate_error_file(m) && strstr(cmigrate_error_file(m), "c.sql") && cmigrate_error_line(m) == 5,
          m);
    cmigrate_close(m);
    options.allow_destructive = true;
    HOLDS(cmigrate_open(&options, &m) == CMIGRATE_OK, m);
    HOLDS(cmigrate_upgrade(m, NULL, NULL) == CMIGRATE_OK, m);
    HOLDS(cmigrate_downgrade(m, "base", NULL) == CMIGRATE_OK, m);
    cmigrate_close(m);
    HOLDS(ask(db, "SELECT count(*) FROM pragma_table_info('t')") == 0, NULL);

    sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    HOLDS(cmigrate_open(&options, &m) == CMIGRATE_WRONG && strstr(cmigrate_message(m), "transaction open"),
          m);
    cmigrate_close(m);
    sqlite3_close(db);
}

static void error_place(const CmigrateOptions *usual)
{
    Cmigrate *m;
    CmigrateCheck check;
    CmigrateOptions options = *usual;
    options.url = "sqlite://";
    options.schema = "schema.bad.yaml";
    HOLDS(cmigrate_open(&options, &m) == CMIGRATE_OK, m);
    HOLDS(cmigrate_check(m, &check) == CMIGRATE_WRONG, m);
    HOLDS(cmigrate_error_file(m) && strcmp(cmigrate_error_file(m), "schema.bad.yaml") == 0, m);
    HOLDS(cmigrate_error_line(m) == 2 && cmigrate_error_column(m) > 1, m);
    cmigrate_close(m);
    options.url = "mysql://nowhere/x";
    options.connection = &options;
    HOLDS(cmigrate_open(&options, &m) != CMIGRATE_OK, m);
    cmigrate_close(m);
}

int main(void)
{
    const CmigrateOptions options = { .config = "cmigrate.yaml" };
    in_memory(&options);
    error_place(&options);
    printf("%d failures\n", failures);
    return failures != 0;
}
