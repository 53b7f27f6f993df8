#include "drivers/mysql/driver.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Long statements: the answer is waited for with poll, so that a person is told what goes on, a timeout holds for DDL
// too (MySQL's own only knows SELECT), and a signal can stop the statement through a second connection.

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int my_descriptor(MYSQL *connection)
{
#if defined(MARIADB_BASE_VERSION) || defined(MARIADB_PACKAGE_VERSION) || defined(LIBMARIADB)
    return (int)mysql_get_socket(connection);
#else
    return (int)connection->net.fd;
#endif
}

static MYSQL *monitor(MyDb *my)
{
    if (!my->monitor)
        my->monitor = my_connect_to_ask(my->head.arena, my->url, NULL);
    return my->monitor;
}

static void kill_query(MyDb *my)
{
    char text[64];
    snprintf(text, sizeof(text), "KILL QUERY %lu", my->id);
    if (monitor(my))
        (void)my_exec_on(my->monitor, text, NULL);
}

typedef struct Stage {
    char what[480];
    double part; // done, 0 to 1; below 0: not known
} Stage;

static bool read_stage(void *payload, const Row *row, Error *err)
{
    (void)err;
    Stage *stage = payload;
    if (row->values[0])
        snprintf(stage->what, sizeof(stage->what), "%s", row->values[0]);
    if (row->values[1])
        stage->part = strtod(row->values[1], NULL);
    return true;
}

static Stage look(MyDb *my)
{
    Stage stage = { .part = -1 };
    char text[400];
    if (!monitor(my))
        return stage;
    if (my_is_mariadb(my))
        snprintf(text, sizeof(text),
                 "SELECT state, IF(max_stage > 0, (stage - 1 + progress / 100) / max_stage, NULL)"
                 " FROM information_schema.processlist WHERE id = %lu",
                 my->id);
    else
        snprintf(text, sizeof(text),
                 "SELECT COALESCE(s.event_name, t.processlist_state), s.work_completed / "
                 "NULLIF(s.work_estimated, 0)"
                 " FROM performance_schema.threads t LEFT JOIN performance_schema.events_stages_current s"
                 " ON s.thread_id = t.thread_id WHERE t.processlist_id = %lu",
                 my->id);
    (void)my_query_on(my->monitor, text, read_stage, &stage, NULL);
    if (my_find_blocker(my, my->monitor, stage.what))
        snprintf(stage.what, sizeof(stage.what), "waiting for a lock that is held by %s", my->blocker);
    return stage;
}

// Has the statement to be stopped? `running` in seconds since its start. Progress is told once a second, first after half of
// one: a try that waits for a lock may end after one.
static bool should_stop(MyDb *my, double running, double *told, const char **why)
{
    const ConnectOptions *options = &my->head.options;
    if (atomic_load(&my->cancelled)) {
        *why = "interrupted";
        return true;
    }
    if (options->statement_timeout_ms && running * 1000 > options->statement_timeout_ms) {
        *why = "statement_timeout is over";
        return true;
    }
    if (options->progress && running - *told >= (*told > 0 ? 1 : 0.5)) {
        *told = running;
        Stage stage = look(my);
        if (!options->progress(options->payload, stage.what, running, stage.part)) {
            *why = "interrupted";
            return true;
        }
    }
    return false;
}

// Waits until the server answers. *why is set when the statement was stopped by us.
static void wait_for_answer(MyDb *my, const char **why)
{
    double start = seconds_now(), told = 0;
    struct pollfd fd = { .fd = my_descriptor(my->connection), .events = POLLIN };
    while (fd.fd >= 0) {
        int ready =
            poll(&fd, 1, my->head.options.progress || my->head.options.statement_timeout_ms ? 200 : 1000);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return;
        if (!*why && should_stop(my, seconds_now() - start, &told, why))
            kill_query(my);
    }
}

static void add_holder(const MyDb *my, Error *err)
{
    enum { LOCK_WAIT_TIMEOUT = 1205 };
    if (mysql_errno(my->connection) == LOCK_WAIT_TIMEOUT && *my->blocker)
        error_detail(err, "HELD BY: %s", my->blocker);
}

bool my_send(MyDb *my, const char *text, size_t n, Error *err)
{
    const char *why = NULL;
    my->blocker[0] = '\0';
    my_waits_for(my, my->connection);
    if (mysql_send_query(my->connection, text, (unsigned long)n) != 0)
        return my_fail(my->connection, err);
    wait_for_answer(my, &why);
    bool failed = mysql_read_query_result(my->connection) != 0;
    if (failed)
        my_fail(my->connection, err);
    if (failed && !why)
        add_holder(my, err);
    if (!why)
        return !failed;
    bool interrupted = strcmp(why, "interrupted") == 0;
    if (!failed && !interrupted)
        return true; // it was done before it could be stopped
    error_set(err, interrupted ? ERR_INTERRUPTED : ERR_SQL, "%s: the statement was stopped", why);
    if (failed)
        error_detail(err, "%s", mysql_error(my->connection));
    return false;
}
