#include "cli/output/progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 100, BAR = 24 };

struct Progress {
    Report *report;
    bool shown;
    pthread_t thread;
    bool running;
    pthread_mutex_t mutex;
    atomic_bool stopping, interrupted;
    // under the mutex
    Db *db;
    char what[160];
    char stage[120];
    double part_done;
    size_t done, total;
    size_t step, steps; // statement 2 of 3; 0: none is told
    struct timespec since;
    bool active, drawn;
};

static double seconds_since(const struct timespec *since)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - since->tv_sec) + (double)(now.tv_nsec - since->tv_nsec) / 1e9;
}

static void wipe(Progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}

// A line that is broken by the terminal's edge could not be wiped.
static int room(void)
{
    enum { WIDEST = 100 };
    struct winsize size;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known && size.ws_col <= WIDEST ? size.ws_col - 1 : WIDEST;
}

// Draws the line over itself on the terminal. Nothing is shown during the first half second, so that quick
// commands do not flicker.
static void draw(Progress *progress)
{
    double seconds = seconds_since(&progress->since);
    if (!progress->shown || !progress->active || seconds < 0.5)
        return;
    char bar[BAR + 4] = "";
    double part = progress->part_done;
    if (progress->total > 1)
        part = ((double)progress->done + (part > 0 ? part : 0)) / (double)progress->total;
    if (progress->total > 1 || progress->part_done > 0) {
        int full = (int)(part * BAR);
        memset(bar, '.', BAR + 2);
        bar[0] = '[';
        memset(bar + 1, '#', (size_t)(full < 0 ? 0 : full > BAR ? BAR : full));
        bar[BAR + 1] = ']';
        bar[BAR + 2] = '\0';
    }
    char line[400], step[60] = "";
    if (progress->steps > 1)
        snprintf(step, sizeof(step), ", statement %zu of %zu", progress->step, progress->steps);
    int n = snprintf(line, sizeof(line), "%s%s%s%s%s%s  %.1f s", bar, bar[0] ? " " : "", progress->what, step,
                     progress->stage[0] ? ": " : "", progress->stage, seconds);
    if (progress->part_done > 0 && n > 0 && (size_t)n < sizeof(line))
        snprintf(line + n, sizeof(line) - (size_t)n, "  %.0f %%", progress->part_done * 100);
    fprintf(stderr, "\r\033[K%.*s", room(), line);
    fflush(stderr);
    progress->drawn = true;
}

// The first signal cancels what runs and lets the command end in order; the second ends at once.
static void interrupt(Progress *progress)
{
    if (atomic_exchange(&progress->interrupted, true)) {
        static const char last[] = "\ninterrupted twice: ended at once\n";
        if (write(STDERR_FILENO, last, sizeof(last) - 1) < 0)
            _exit(130);
        _exit(130);
    }
    if (progress->db)
        progress->db->driver->cancel(progress->db);
    else
        _exit(130);
}

// What ends a command in order: SIGHUP too, which comes when the terminal is closed. One that the caller ignores (nohup, a
// job in the background of a script) stays ignored: sigtimedwait would take it all the same.
static void stopping_signals(sigset_t *out)
{
    static const int signals[] = { SIGINT, SIGHUP };
    sigemptyset(out);
    sigaddset(out, SIGTERM); // progress_stop sends it
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        struct sigaction action;
        if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(out, signals[i]);
    }
}

static void *watch(void *payload)
{
    Progress *progress = payload;
    sigset_t signals;
    stopping_signals(&signals);
    while (!atomic_load(&progress->stopping)) {
        struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };
        int got =
            sigtimedwait(&signals, NULL, progress->shown ? &tick : &(struct timespec){ .tv_sec = 3600 });
        pthread_mutex_lock(&progress->mutex);
        if (got > 0 && !atomic_load(&progress->stopping))
            interrupt(progress);
        else
            draw(progress);
        pthread_mutex_unlock(&progress->mutex);
    }
    return NULL;
}

Progress *progress_start(Arena *arena, Report *report, bool shown)
{
    Progress *progress = ARENA_NEW(arena, Progress);
    progress->report = report;
    progress->shown = shown;
    pthread_mutex_init(&progress->mutex, NULL);
    return progress;
}

// The thread comes into being with the first connection: what needs none does not pay for it.
void progress_arm(Progress *progress)
{
    if (!progress || progress->running)
        return;
    sigset_t signals;
    stopping_signals(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    progress->running = pthread_create(&progress->thread, NULL, watch, progress) == 0;
    if (!progress->running)
        pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

void progress_forked(void)
{
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
}

void progress_stop(Progress *progress)
{
    if (!progress || !progress->running)
        return;
    atomic_store(&progress->stopping, true);
    // the thread waits for it in sigwait: nothing is ended
    // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
    pthread_kill(progress->thread, SIGTERM);
    pthread_join(progress->thread, NULL);
    progress->running = false;
    wipe(progress);
}

void progress_watch(Progress *progress, Db *db)
{
    if (!progress)
        return;
    pthread_mutex_lock(&progress->mutex);
    progress->db = db;
    pthread_mutex_unlock(&progress->mutex);
}

bool progress_interrupted(const Progress *progress)
{
    return progress && atomic_load(&progress->interrupted);
}

void progress_begin(Progress *progress, const char *what, size_t done, size_t total)
{
    pthread_mutex_lock(&progress->mutex);
    snprintf(progress->what, sizeof(progress->what), "%s", safe(progress->report->arena, what));
    progress->stage[0] = '\0';
    progress->part_done = 0;
    progress->done = done;
    progress->total = total;
    progress->step = progress->steps = 0;
    progress->active = true;
    clock_gettime(CLOCK_MONOTONIC, &progress->since);
    pthread_mutex_unlock(&progress->mutex);
}

bool progress_shown(const Progress *progress) { return progress && progress->shown; }

void progress_step(Progress *progress, size_t step, size_t steps)
{
    pthread_mutex_lock(&progress->mutex);
    progress->step = step;
    progress->steps = steps;
    progress->stage[0] = '\0';
    progress->part_done = 0;
    pthread_mutex_unlock(&progress->mutex);
}

void progress_end(Progress *progress)
{
    pthread_mutex_lock(&progress->mutex);
    progress->active = false;
    wipe(progress);
    pthread_mutex_unlock(&progress->mutex);
}

// Without a terminal a wait is said once: a person who reads the log must know what it was that took so long. What stands
// after the holder's number, what it does and for how long, may be other words each time.
static void say_wait(Progress *progress, const char *what)
{
    if (progress->shown || !what || strncmp(what, "waiting", strlen("waiting")) != 0)
        return;
    size_t holder = strcspn(what, "(");
    if (strncmp(progress->stage, what, holder < sizeof(progress->stage) ? holder + 1 : holder) != 0)
        report_note(progress->report, "%s", what);
}

bool progress_tell(Progress *progress, const char *what, double seconds, double part_done)
{
    if (!progress)
        return true;
    say_wait(progress, what);
    pthread_mutex_lock(&progress->mutex);
    if (!progress->active) {
        progress->active = true;
        progress->what[0] = '\0';
        clock_gettime(CLOCK_MONOTONIC, &progress->since);
        progress->since.tv_sec -= (time_t)seconds;
    }
    snprintf(progress->stage, sizeof(progress->stage), "%s", what ? what : "");
    progress->part_done = part_done;
    bool interrupted = atomic_load(&progress->interrupted);
    pthread_mutex_unlock(&progress->mutex);
    return !interrupted;
}
