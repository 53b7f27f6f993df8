// Whose lock a statement waits for. MySQL's performance_schema knows (Reference Manual, 29.12.13 "Performance Schema Lock
// Tables"); where it is off or may not be read, and on MariaDB, which keeps no list of metadata locks, the transaction
// that has been open for the longest time is named, as a guess.
#include "drivers/mysql/driver.h"

#include <stdio.h>
#include <string.h>

// Each gives the connection, its user, host, what it does, for how many seconds, its statement and whether this is a guess.

// Two sessions that mean to change something below do not wait for each other.
static const char by_lock_tables[] =
    "SELECT t.processlist_id, t.processlist_user, t.processlist_host, LOWER(t.processlist_command),"
    " t.processlist_time, COALESCE(t.processlist_info, s.sql_text), 0"
    " FROM (SELECT h.owner_thread_id AS id FROM performance_schema.threads me"
    " JOIN performance_schema.metadata_locks w ON w.owner_thread_id = me.thread_id AND w.lock_status = "
    "'PENDING'"
    " JOIN performance_schema.metadata_locks h ON h.object_type = w.object_type"
    " AND h.object_schema <=> w.object_schema AND h.object_name <=> w.object_name"
    " AND h.lock_status = 'GRANTED' AND h.owner_thread_id <> w.owner_thread_id"
    " AND NOT (h.lock_type = w.lock_type AND h.lock_type LIKE 'INTENTION%')"
    " WHERE me.processlist_id = @me"
    " UNION SELECT d.blocking_thread_id FROM performance_schema.threads me"
    " JOIN performance_schema.data_lock_waits d ON d.requesting_thread_id = me.thread_id"
    " WHERE me.processlist_id = @me) b"
    " JOIN performance_schema.threads t ON t.thread_id = b.id"
    " LEFT JOIN performance_schema.events_statements_current s"
    " ON s.thread_id = b.id AND s.nesting_event_id IS NULL"
    " ORDER BY t.processlist_time DESC LIMIT 1";

static const char by_row_waits[] =
    "SELECT t.id, t.user, t.host, LOWER(t.command), t.time, t.info, 0"
    " FROM information_schema.innodb_trx me"
    " JOIN information_schema.innodb_lock_waits w ON w.requesting_trx_id = me.trx_id"
    " JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_trx_id"
    " JOIN information_schema.processlist t ON t.id = b.trx_mysql_thread_id"
    " WHERE me.trx_mysql_thread_id = @me ORDER BY b.trx_started LIMIT 1";

// LOCK TABLES begins no transaction: then a session that uses this database is as good a guess.
static const char by_open_transactions[] =
    "SELECT t.id, t.user, t.host, IF(x.trx_id IS NULL, LOWER(t.command), 'in a transaction'),"
    " IF(x.trx_id IS NULL, t.time, TIMESTAMPDIFF(SECOND, x.trx_started, NOW())), t.info, 1"
    " FROM information_schema.processlist t"
    " LEFT JOIN information_schema.innodb_trx x ON x.trx_mysql_thread_id = t.id"
    " WHERE t.id NOT IN (@me, @locker, CONNECTION_ID()) AND (x.trx_id IS NOT NULL OR t.db = @place)"
    " ORDER BY x.trx_id IS NULL, x.trx_started, t.time DESC LIMIT 1";

static const char *or_unknown(const char *text) { return text ? text : "?"; }

static bool keep(void *payload, const Row *row, Error *err)
{
    (void)err;
    MyDb *my = payload;
    const char *const *v = row->values;
    if (row->count != 7 || !v[0])
        return true;
    bool is_guess = v[6] && *v[6] == '1';
    int n = snprintf(my->blocker, sizeof(my->blocker), "connection %s (%s@%s, %s for %s s)%s%s%.200s", v[0],
                     or_unknown(v[1]), or_unknown(v[2]), or_unknown(v[3]), v[4] ? v[4] : "0",
                     is_guess ? ", it seems" : "", v[5] ? ": " : "", v[5] ? v[5] : "");
    for (int i = 0; i < n && my->blocker[i]; i++) // a statement may have many lines
        if (my->blocker[i] == '\n' || my->blocker[i] == '\t' || my->blocker[i] == '\r')
            my->blocker[i] = ' ';
    return true;
}

static bool ask(MyDb *my, MYSQL *monitor, const char *text)
{
    const char *set = arena_printf(my->head.arena, "SET @me = %lu, @locker = %lu, @place = %s", my->id,
                                   my->locker ? mysql_thread_id(my->locker) : 0,
                                   my->database ? my_quoted(my->head.arena, my->database) : "NULL");
    return my_exec_on(monitor, set, NULL) && my_query_on(monitor, text, keep, my, NULL) && *my->blocker;
}

static bool is_waiting(const char *state)
{
    return strncmp(state, "Waiting for", strlen("Waiting for")) == 0 && strstr(state, "lock");
}

bool my_find_blocker(MyDb *my, MYSQL *monitor, const char *state)
{
    my->blocker[0] = '\0';
    return ask(my, monitor, my_is_mariadb(my) ? by_row_waits : by_lock_tables) ||
           (is_waiting(state) && ask(my, monitor, by_open_transactions));
}
