#define _GNU_SOURCE
#include "core/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/strbuf.h"

extern char **environ;

enum { OUT, ERRORS, PIPES };

typedef struct Reading {
    int fds[PIPES]; // -1: at its end
    StrBuf texts[PIPES];
    size_t limit;
} Reading;

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

// Starts the program with its output in the pipes and nothing to read. False, with errno set, if it did not
// start.
static bool spawn(const char *const *argv, const char *folder, int pipes[PIPES][2], pid_t *child)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipes[OUT][1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipes[ERRORS][1], STDERR_FILENO);
    if (folder)
        posix_spawn_file_actions_addchdir_np(&actions, folder);
    posix_spawnattr_t attributes;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return false;
    }
    sigset_t pipe_signal; // a process that ignores it hands that on
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int reason =
        posix_spawnp(child, argv[0], &actions, &attributes, (char *const *)(const void *)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    errno = reason;
    return reason == 0;
}

// False: more than the limit.
static bool read_some(Reading *reading, int pipe)
{
    char bytes[65536];
    ssize_t n = read(reading->fds[pipe], bytes, sizeof(bytes));
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (n <= 0) {
        close_fd(&reading->fds[pipe]);
        return true;
    }
    strbuf_put(&reading->texts[pipe], bytes, (size_t)n);
    return reading->texts[pipe].length <= reading->limit;
}

static bool read_both(Reading *reading)
{
    while (reading->fds[OUT] >= 0 || reading->fds[ERRORS] >= 0) {
        struct pollfd polled[PIPES];
        for (int i = 0; i < PIPES; i++)
            polled[i] = (struct pollfd){ .fd = reading->fds[i], .events = POLLIN };
        if (poll(polled, PIPES, -1) < 0 && errno != EINTR)
            return false;
        for (int i = 0; i < PIPES; i++)
            if (polled[i].revents && !read_some(reading, i))
                return false;
    }
    return true;
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool process_run(Arena *arena, const char *const *argv, const char *folder, size_t limit, ProcessResult *out,
                 Error *err)
{
    int pipes[PIPES][2] = {
        {-1,  -1},
        { -1, -1}
    };
    pid_t child = -1;
    Reading reading = { .limit = limit ? limit : (size_t)256 * 1024 * 1024 };
    bool started = pipe2(pipes[OUT], O_CLOEXEC) == 0 && pipe2(pipes[ERRORS], O_CLOEXEC) == 0 &&
                   spawn(argv, folder, pipes, &child);
    int reason = errno;
    for (int i = 0; i < PIPES; i++) {
        strbuf_init(&reading.texts[i], arena);
        close_fd(&pipes[i][1]);
        reading.fds[i] = pipes[i][0];
    }
    bool whole = started && read_both(&reading);
    close_fd(&reading.fds[OUT]);
    close_fd(&reading.fds[ERRORS]);
    if (!started)
        return error_set(err, ERR_IO, "cannot run '%s': %s", argv[0], strerror(reason));
    if (!whole)
        kill(child, SIGTERM);
    out->status = wait_for(child);
    if (!whole)
        return error_set(err, ERR_IO, "'%s' printed more than %zu bytes", argv[0], reading.limit);
    out->out = (Text){ reading.texts[OUT].text, reading.texts[OUT].length };
    out->err = (Text){ reading.texts[ERRORS].text, reading.texts[ERRORS].length };
    return true;
}
