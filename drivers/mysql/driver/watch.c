// What the watchdog asks MySQL, over a connection of its own that must not wait long either.
#include <errmsg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "drivers/mysql/driver/driver.h"

typedef struct Answer {
    const char *place; // of our server
    SessionLook look;
} Answer;

// Another server may answer (a proxy in front of several): it cannot tell.
static bool read_answer(void *payload, const Row *row, Error *err)
{
    (void)err;
    Answer *answer = payload;
    if (!row_value(row, 0) || strcmp(row_value(row, 0), answer->place) != 0)
        return true;
    answer->look = !row_value(row, 1)                        ? LOOK_GONE
                   : strcmp(row_value(row, 1), "Sleep") == 0 ? LOOK_IDLE
                                                             : LOOK_BUSY;
    return true;
}

static SessionLook look_through(MyDb *my, MYSQL *connection)
{
    char text[320];
    snprintf(text, sizeof(text),
             "SELECT CONCAT(@@hostname, ':', @@port, ':', @@server_id), (SELECT command FROM"
             " information_schema.processlist WHERE id = %lu)",
             atomic_load(&my->watched));
    Answer answer = { my->place, LOOK_BUSY };
    if (!my->place)
        return LOOK_BUSY;
    return my_query_on(connection, text, read_answer, &answer, NULL) ? answer.look : LOOK_UNREACHABLE;
}

static bool is_unreachable(unsigned long code)
{
    return code == CR_CONNECTION_ERROR || code == CR_CONN_HOST_ERROR || code == CR_UNKNOWN_HOST ||
           code == CR_SERVER_GONE_ERROR || code == CR_SERVER_LOST;
}

static SessionLook look(void *payload)
{
    MyDb *my = payload;
    Arena *scratch = arena_new();
    Error why = { 0 };
    MYSQL *connection = my_connect_to_ask(scratch, my->url, &why);
    SessionLook found;
    if (connection)
        found = look_through(my, connection);
    else // what the server refuses with a number of its own comes from a server that is there
        found = is_unreachable(strtoul(why.native, NULL, 10)) ? LOOK_UNREACHABLE : LOOK_BUSY;
    if (connection)
        mysql_close(connection);
    arena_free(scratch);
    return found;
}

void my_cut(MyDb *my)
{
    MYSQL *all[] = { my->connection, my->locker, my->monitor, my->lane };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i] && my_descriptor(all[i]) >= 0)
            shutdown(my_descriptor(all[i]), SHUT_RDWR);
}

static void cut(void *payload) { my_cut(payload); }

void my_watch(MyDb *my)
{
    my->watchdog = watchdog_start(
        my->head.arena,
        &(WatchdogOptions){
            .patience_ms = my_patience(my->url) * 1000, .look = look, .cut = cut, .payload = my });
}

void my_waits_for(MyDb *my, MYSQL *connection)
{
    atomic_store(&my->watched, mysql_thread_id(connection));
    watchdog_waits(my->watchdog);
}
