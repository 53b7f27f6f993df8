// Loaded in front of MySQL's client library: ends the process when two threads are in one connection at once, which the
// library does not allow. A ping stays longer than a try to get a
// lock, so that whoever comes meanwhile is seen.
#include <mysql.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 64, PING_US = 1200000 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
    const MYSQL *connection;
    pthread_t thread;
    int depth; // the library's functions call each other
} inside[MOST];

static void step(const MYSQL *connection, int by)
{
    size_t place = MOST;
    pthread_mutex_lock(&mutex);
    for (size_t i = 0; i < MOST && (place == MOST || inside[place].connection != connection); i++)
        if (inside[i].connection == connection || !inside[i].depth)
            place = i;
    if (place == MOST)
        abort();
    if (inside[place].depth && !pthread_equal(inside[place].thread, pthread_self())) {
        fprintf(stderr, "two threads are in one connection\n");
        abort();
    }
    inside[place].connection = connection;
    inside[place].thread = pthread_self();
    inside[place].depth += by;
    pthread_mutex_unlock(&mutex);
}

static void *next(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

int STDCALL mysql_ping(MYSQL *connection)
{
    int (*real)(MYSQL *);
    *(void **)&real = next("mysql_ping");
    step(connection, 1);
    usleep(PING_US);
    int answer = real(connection);
    step(connection, -1);
    return answer;
}

int STDCALL mysql_real_query(MYSQL *connection, const char *text, unsigned long length)
{
    int (*real)(MYSQL *, const char *, unsigned long);
    *(void **)&real = next("mysql_real_query");
    step(connection, 1);
    int answer = real(connection, text, length);
    step(connection, -1);
    return answer;
}

int STDCALL mysql_send_query(MYSQL *connection, const char *text, unsigned long length)
{
    int (*real)(MYSQL *, const char *, unsigned long);
    *(void **)&real = next("mysql_send_query");
    step(connection, 1);
    int answer = real(connection, text, length);
    step(connection, -1);
    return answer;
}
