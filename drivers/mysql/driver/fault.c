// What the server says of an error: its number, the reason behind it, where in the statement it is, and what is at fault.
#include "drivers/mysql/driver/driver.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of rows, history_tells_values() knows the numbers.
const FaultCode my_fault_codes[] = {
    {"1044",           FAULT_RIGHTS },
    { "1045",               FAULT_RIGHTS },
    { "1142",FAULT_RIGHTS },
    { "1143",          FAULT_RIGHTS },
    { "1227",               FAULT_RIGHTS },
    { "1370",FAULT_RIGHTS },
    { "1419",          FAULT_RIGHTS },
    { "1290",               FAULT_READ_ONLY },
    { "1792",          FAULT_READ_ONLY },
    { "1836",          FAULT_READ_ONLY },
    { "1021",               FAULT_DISK },
    { "1114",FAULT_DISK },
    { "1364",          FAULT_ROWS },
    { "1317",               FAULT_OUTSIDE },
    { "2006",FAULT_OUTSIDE },
    { "2013",          FAULT_OUTSIDE },
    { 0              },
};

// Of a foreign key that it refuses MariaDB says why only among its warnings.
static void add_reason(MYSQL *connection, Error *err)
{
    enum { FOREIGN_KEY = 150 };
    if (!err || mysql_errno(connection) != ER_CANT_CREATE_TABLE ||
        mysql_query(connection, "SHOW WARNINGS") != 0)
        return;
    MYSQL_RES *result = mysql_store_result(connection);
    for (MYSQL_ROW row; result && (row = mysql_fetch_row(result)) != NULL;)
        if (mysql_num_fields(result) == 3 && row[1] && row[2] && strtoul(row[1], NULL, 10) == FOREIGN_KEY)
            error_detail(err, "%s", row[2]);
    if (result)
        mysql_free_result(result);
}

// Where the statement is not at fault.
static void add_hint(unsigned code, Error *err)
{
    static const struct {
        unsigned code;
        const char *hint;
    } hints[] = {
        {ER_OPTION_PREVENTS_STATEMENT,
         "The server takes no changes (read_only, super_read_only): connect to the primary."              },
        { ER_BINLOG_CREATE_ROUTINE_NEED_SUPER,
         "With the binary log on, this takes SUPER, or log_bin_trust_function_creators = 1 on the server."},
        { ER_QUERY_INTERRUPTED,                "The statement was killed on the server."                  },
        { CR_SERVER_LOST,                      "The connection was lost while the statement ran."         },
        { CR_SERVER_GONE_ERROR,                "The server ended the connection."                         },
    };
    for (size_t i = 0; i < COUNT_OF(hints); i++)
        if (hints[i].code == code)
            error_hint(err, "%s", hints[i].hint);
}

static const char values_left_out[] =
    "LEFT OUT: values of rows; the server's own client prints them when it runs the same statement";

// "'#sql-3e1a_dc1.code'": the server names the copy of a table that ALTER TABLE fills, which nobody knows.
static void leave_out_copy(char *words)
{
    static const char copy[] = "'#sql-";
    char *from = strstr(words, copy), *dot = from ? strchr(from, '.') : NULL;
    if (dot && strcspn(from + 1, "'") > (size_t)(dot - from - 1))
        memmove(from + 1, dot + 1, strlen(dot + 1) + 1);
}

bool my_fail(MYSQL *connection, Error *err)
{
    unsigned code = mysql_errno(connection);
    Arena *arena = arena_new();
    const char *words;
    bool left_out = my_without_values(arena, code, mysql_error(connection), &words);
    char *shown = arena_strdup(arena, words);
    leave_out_copy(shown);
    error_set(err, ERR_SQL, "%s", shown);
    arena_free(arena);
    char native[24];
    snprintf(native, sizeof(native), "%u", code);
    error_native(err, native);
    const char *state = mysql_sqlstate(connection);
    bool known = state && strcmp(state, "00000") != 0 && strcmp(state, "HY000") != 0;
    if (known || left_out)
        error_detail(err, "%s%s%s%s", known ? "SQLSTATE " : "", known ? state : "",
                     known && left_out ? "\n" : "", left_out ? values_left_out : "");
    add_reason(connection, err);
    add_hint(code, err);
    return false;
}

// "... near 'FROM t' at line 3": the place where that text stands, in that line or after it.
void my_note_position(const char *statement, Error *err)
{
    static const char near[] = "near '", at_line[] = "' at line ";
    const char *from = err ? strstr(err->message, near) : NULL, *end = NULL;
    for (const char *next = from; next && (next = strstr(next + 1, at_line)) != NULL;)
        end = next;
    if (!end)
        return;
    from += sizeof(near) - 1;
    size_t n = (size_t)(end - from);
    unsigned long line = strtoul(end + sizeof(at_line) - 1, NULL, 10);
    const char *start = statement;
    for (; line > 1 && (start = strchr(start, '\n')) != NULL; line--)
        start++;
    const char *found = start && n ? memmem(start, strlen(start), from, n) : NULL;
    if (!found && n) // lines of a batch are counted from its first statement
        found = memmem(statement, strlen(statement), from, n);
    if (!found)
        return;
    err->position = 1;
    for (const char *c = statement; c < found; c++)
        err->position += ((unsigned char)c[1] & 0xc0) != 0x80;
}
