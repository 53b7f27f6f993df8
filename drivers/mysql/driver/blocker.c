// What a long statement does, and whose lock it waits for, in one question. MySQL's performance_schema knows (Reference
// Manual, 29.12.13 "Performance Schema Lock Tables"); where it is off or may not be read, and on MariaDB, which keeps no list of metadata locks, the transaction
// that has been open for the longest time is named, as a guess.
#include "drivers/mysql/driver/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of the statement that runs: what the server calls its stage, and how much of that is done, 0 to 1.
static const char my_stage[] =
    "SELECT COALESCE(s.event_name, t.processlist_state) AS stage, s.work_completed / "
    "NULLIF(s.work_estimated, 0) AS part"
    " FROM performance_schema.threads t LEFT JOIN performance_schema.events_stages_current s"
    " ON s.thread_id = t.thread_id WHERE t.processlist_id = @me";
static const char maria_stage[] =
    "SELECT state AS stage, IF(max_stage > 0, (stage - 1 + progress / 100) / max_stage, NULL) AS part"
    " FROM information_schema.processlist WHERE id = @me";

// Each gives the connection, its user, host, what it does, for how many seconds, its statement and whether this is a guess.
// @me, @locker and @place are put in by filled().

// Two sessions that mean to change something below do not wait for each other.
static const char by_lock_tables[] =
    "SELECT t.processlist_id, t.processlist_user, t.processlist_host, LOWER(t.processlist_command),"
    " t.processlist_time, COALESCE(t.processlist_info, s.sql_text), 0 AS guess"
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

static void keep_holder(MyDb *my, const char *const *v)
{
    bool is_guess = v[6] && *v[6] == '1';
    int n = snprintf(my->blocker, sizeof(my->blocker), "connection %s (%s@%s, %s for %s s)%s%s%.200s", v[0],
                     or_unknown(v[1]), or_unknown(v[2]), or_unknown(v[3]), v[4] ? v[4] : "0",
                     is_guess ? ", it seems" : "", v[5] ? ": " : "", v[5] ? v[5] : "");
    for (int i = 0; i < n && my->blocker[i]; i++) // a statement may have many lines
        if (my->blocker[i] == '\n' || my->blocker[i] == '\t' || my->blocker[i] == '\r')
            my->blocker[i] = ' ';
}

enum { STAGE_COLUMNS = 2, HOLDER_COLUMNS = 7 };

typedef struct Look {
    MyDb *my;
    MyStage *stage;
} Look;

static bool take_stage(void *payload, const Row *row, Error *err)
{
    (void)err;
    Look *look = payload;
    if (row_value(row, 0))
        snprintf(look->stage->what, sizeof(look->stage->what), "%s", row_value(row, 0));
    if (row_value(row, 1))
        look->stage->part = strtod(row_value(row, 1), NULL);
    if (row->count == STAGE_COLUMNS + HOLDER_COLUMNS && row_value(row, STAGE_COLUMNS))
        keep_holder(look->my, row->values + STAGE_COLUMNS);
    return true;
}

static bool take_guess(void *payload, const Row *row, Error *err)
{
    (void)err;
    if (row->count == HOLDER_COLUMNS && row_value(row, 0))
        keep_holder(payload, row->values);
    return true;
}

static void put_number(StrBuf *out, unsigned long number) { strbuf_printf(out, "%lu", number); }

// The names in a question, in place of which values stand: one statement less than to set variables.
static const char *filled(Arena *scratch, const MyDb *my, const char *text)
{
    MYSQL *locker = my->locker;
    StrBuf out;
    strbuf_init(&out, scratch);
    for (const char *at; (at = strchr(text, '@')); text = at) {
        strbuf_put(&out, text, (size_t)(at - text));
        size_t n = 1 + strspn(at + 1, "abcdefghijklmnopqrstuvwxyz");
        if (n == strlen("@me") && strncmp(at, "@me", n) == 0)
            put_number(&out, my->id);
        else if (n == strlen("@locker") && strncmp(at, "@locker", n) == 0)
            put_number(&out, locker ? mysql_thread_id(locker) : 0);
        else
            strbuf_puts(&out, my->database ? my_quoted(scratch, my->database) : "NULL");
        at += n;
    }
    strbuf_puts(&out, text);
    return out.text;
}

static bool is_waiting(const char *state)
{
    return strncmp(state, "Waiting for", strlen("Waiting for")) == 0 && strstr(state, "lock");
}

void my_watch_work(MyDb *my, MYSQL *monitor, MyStage *out)
{
    Arena *scratch = arena_new();
    Look look = { my, out };
    const char *stage = my_is_mariadb(my) ? maria_stage : my_stage;
    const char *holder = my_is_mariadb(my) ? by_row_waits : by_lock_tables;
    const char *both = arena_printf(scratch, "SELECT * FROM (%s) s LEFT JOIN (%s) h ON TRUE", stage, holder);
    *out = (MyStage){ .part = -1 };
    my->blocker[0] = '\0';
    // Who holds locks may be more than this user may read: then the stage alone, from now on
    if (my->holders_hidden || !my_query_on(monitor, filled(scratch, my, both), take_stage, &look, NULL)) {
        my->holders_hidden = true;
        (void)my_query_on(monitor, filled(scratch, my, stage), take_stage, &look, NULL);
    }
    if (!*my->blocker && is_waiting(out->what))
        (void)my_query_on(monitor, filled(scratch, my, by_open_transactions), take_guess, my, NULL);
    arena_free(scratch);
}
