#define _GNU_SOURCE
#include "core/db/guardian.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct Guardian {
    pid_t child;
    int told; // the end that is written to
};

enum { FIRST_OF_ITS_OWN = 3, OPEN_AT_MOST = 1024 };

// Connections of the parent too: closed without a word, for it is the parent who speaks there.
static void close_all_but(int kept)
{
    DIR *folder = opendir("/proc/self/fd");
    if (!folder) {
        for (int fd = FIRST_OF_ITS_OWN; fd < OPEN_AT_MOST; fd++)
            if (fd != kept)
                close(fd);
        return;
    }
    for (const struct dirent *it = readdir(folder); it; it = readdir(folder)) {
        int fd = (int)strtol(it->d_name, NULL, 10);
        if (fd >= FIRST_OF_ITS_OWN && fd != kept && fd != dirfd(folder))
            close(fd);
    }
    closedir(folder);
}

// Nobody waits for the end of its output, and no key of a terminal reaches it.
static void stand_apart(int kept)
{
    static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE, SIGUSR1, SIGUSR2 };
    sigset_t none;
    setsid();
    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
        signal(ignored[i], SIG_IGN);
    signal(SIGALRM, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < FIRST_OF_ITS_OWN; fd++)
        if (nothing < 0 || dup2(nothing, fd) < 0)
            close(fd);
    close_all_but(kept);
}

// Ends by _exit: nothing of what the parent registered for its own end (buffers, a report of leaks) is done twice.
static _Noreturn void watch(int parent, GuardianFn *clean, void *payload)
{
    const struct timespec a_while = { 0, 100L * 1000 * 1000 };
    char word;
    ssize_t n;
    stand_apart(parent);
    do
        n = read(parent, &word, 1);
    while (n < 0 && errno == EINTR);
    if (n != 1) {
        alarm(GUARDIAN_SECONDS);
        while (!clean(payload))
            nanosleep(&a_while, NULL);
    }
    _exit(0);
}

Guardian *guardian_start(Arena *arena, GuardianFn *clean, void *payload)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return NULL;
    // the C library's own locks are free in the child of a process with threads; should another's not be, the alarm ends it
    pid_t child = fork();
    if (child == 0)
        watch(ends[0], clean, payload);
    close(ends[0]);
    if (child < 0) {
        close(ends[1]);
        return NULL;
    }
    Guardian *guardian = ARENA_NEW(arena, Guardian);
    *guardian = (Guardian){ .child = child, .told = ends[1] };
    return guardian;
}

void guardian_end(Guardian *guardian, bool cleaned)
{
    if (!guardian || guardian->told < 0)
        return;
    bool heard = cleaned && send(guardian->told, ".", 1, MSG_NOSIGNAL) == 1;
    close(guardian->told);
    guardian->told = -1;
    while (waitpid(guardian->child, NULL, heard ? 0 : WNOHANG) < 0 && errno == EINTR)
        ;
}
