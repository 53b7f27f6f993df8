#include "drivers/mysql/driver/driver.h"

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

static MyStage look(MyDb *my)
{
    MyStage stage = { .part = -1 };
    if (!monitor(my))
        return stage;
    my_watch_work(my, my->monitor, &stage);
    if (*my->blocker)
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
        MyStage stage = look(my);
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
