#define _GNU_SOURCE
#include "cli/workflow/fleet.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output/progress.h"
#include "cli/workflow/fleet_said.h"
#include "cli/workflow/targets.h"
#include "core/base/clock.h"
#include "core/base/sha256.h"

enum { MOST_JOBS = 256, MOST_SAID = 32 * 1024 * 1024 };

typedef struct Job {
    pid_t pid; // 0: free
    int from;  // its standard output
    const char *title;
    Arena *arena; // of this target alone
    StrBuf said;  // its last line, as far as that has come
    double began;
} Job;

typedef struct Fleet {
    Session *session;
    const FleetOptions *options;
    Targets *targets;
    FleetSaid *said;
    Job jobs[MOST_JOBS];
    size_t limit, running, begun;
    bool stopped;
} Fleet;

// What the parent was told goes to the child, but not that there are many; the URL goes by the environment.
static char **child_arguments(const Fleet *fleet, Arena *arena)
{
    static const char *const own[] = { "targets", "jobs", "stop-on-error", "shard", NULL };
    static const char *const of_parent[] = { "url",         "format", "quiet",   "verbose",  "color",
                                             "no-progress", "help",   "version", "database", NULL };
    const Session *session = fleet->session;
    NameList words = { 0 };
    *VEC_PUSH(arena, &words) = "cmigrate";
    *VEC_PUSH(arena, &words) = "--format=json";
    *VEC_PUSH(arena, &words) = "--no-progress";
    if (session->database)
        *VEC_PUSH(arena, &words) = arena_printf(arena, "--database=%s", session->database);
    options_words(arena, common_options, &session->common, of_parent, &words);
    *VEC_PUSH(arena, &words) = session->command->name;
    options_words(arena, session->command->options, session->options, own, &words);
    *VEC_PUSH(arena, &words) = "--";
    VEC_EACH (const char *, word, &session->args)
        *VEC_PUSH(arena, &words) = *word;
    VEC(char *) list = { 0 };
    VEC_EACH (const char *, word, &words)
        *VEC_PUSH(arena, &list) = arena_strdup(arena, *word);
    *VEC_PUSH(arena, &list) = NULL;
    return list.items;
}

// The child of a fork, not of a new program: it need not be loaded and linked again, nor its driver. It has what the parent
// had; the file of targets and the pipes of others are not touched, not even closed in order.
static _Noreturn void be_child(const Fleet *fleet, const Job *job, const char *url, int out)
{
    progress_forked();
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDERR_FILENO);
    dup2(out, STDOUT_FILENO);
    for (size_t i = 0; i < fleet->limit; i++)
        if (fleet->jobs[i].pid)
            close(fleet->jobs[i].from);
    int count = 0;
    char **words = child_arguments(fleet, job->arena);
    while (words[count])
        count++;
    setenv("CMIGRATE_URL", url, 1);
    int status = cli_run(job->arena, count, words);
    fflush(stdout);
    _exit(status);
}

static bool spawn(Fleet *fleet, Job *job, const char *url, Error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(err, ERR_IO, "cannot make a pipe: %s", strerror(errno));
    fflush(stdout);
    fflush(stderr);
    pid_t child = fork();
    if (child == 0)
        be_child(fleet, job, url, ends[1]);
    int reason = errno;
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return error_set(err, ERR_IO, "cannot start a process: %s", strerror(reason));
    }
    job->pid = child;
    job->from = ends[0];
    return true;
}

// Begins one more target; false with *more = false: there is none.
static bool begin_one(Fleet *fleet, bool *more, Error *err)
{
    Job *job = fleet->jobs;
    while (job->pid)
        job++;
    Arena *arena = arena_new();
    Target target;
    *more = targets_next(fleet->targets, arena, &target);
    if (!*more) {
        arena_free(arena);
        return true;
    }
    *job = (Job){ .arena = arena, .began = now_ms(), .title = target.title };
    strbuf_init(&job->said, arena);
    if (!spawn(fleet, job, target.url, err)) {
        arena_free(arena);
        return false;
    }
    fleet->running++;
    fleet->begun++;
    return true;
}

// Of what a target says only the last line is kept: its answer, or its error, one JSON document.
static void keep_last_line(StrBuf *said)
{
    size_t end = said->length;
    while (end > 0 && said->text[end - 1] == '\n')
        end--;
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) the text of a StrBuf is never NULL
    const char *before = memrchr(said->text, '\n', end);
    if (!before)
        return;
    size_t cut = (size_t)(before + 1 - said->text);
    memmove(said->text, before + 1, said->length - cut + 1);
    said->length -= cut;
}

static void end_one(Fleet *fleet, Job *job)
{
    int how = 0;
    close(job->from);
    while (waitpid(job->pid, &how, 0) < 0 && errno == EINTR)
        ;
    int status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    while (job->said.length && job->said.text[job->said.length - 1] == '\n')
        job->said.text[--job->said.length] = '\0';
    if (status > fleet->session->status)
        fleet->session->status = status;
    fleet->stopped |= status && (fleet->options->stop_on_error || status == 130);
    fleet_said_add(fleet->said, job->arena, job->title, status, now_ms() - job->began, job->said.text);
    arena_free(job->arena);
    *job = (Job){ 0 };
    fleet->running--;
}

// Takes what a target said; at its end the target is done.
static void listen_to(Fleet *fleet, Job *job)
{
    char bytes[4096];
    ssize_t n = read(job->from, bytes, sizeof(bytes));
    if (n < 0 && errno == EINTR)
        return;
    if (n <= 0) {
        end_one(fleet, job);
        return;
    }
    if (job->said.length < MOST_SAID)
        strbuf_put(&job->said, bytes, (size_t)n);
    if (memchr(bytes, '\n', (size_t)n))
        keep_last_line(&job->said);
}

static void wait_for_some(Fleet *fleet)
{
    struct pollfd watched[MOST_JOBS];
    Job *of[MOST_JOBS];
    nfds_t n = 0;
    for (size_t i = 0; i < fleet->limit; i++)
        if (fleet->jobs[i].pid) {
            of[n] = &fleet->jobs[i];
            watched[n++] = (struct pollfd){ .fd = fleet->jobs[i].from, .events = POLLIN };
        }
    if (poll(watched, n, -1) <= 0)
        return;
    for (nfds_t i = 0; i < n; i++)
        if (watched[i].revents)
            listen_to(fleet, of[i]);
}

static bool count_jobs(const char *text, size_t *out, Error *err)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *out = processors > 0 ? (size_t)processors : 1;
    if (!text)
        return true;
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end || n == 0 || n > MOST_JOBS)
        return error_set(err, ERR_USAGE, "--jobs takes a number from 1 to %d, not '%s'", MOST_JOBS, text);
    *out = n;
    return true;
}

// What each child would do first, and all alike: loading the driver, waking OpenSSL up (half of the time of a target that
// has nothing to do). That a driver cannot be had is for them to say.
static void warm_up(Session *session)
{
    Url url;
    char ignored_hash[SHA256_HEX];
    Error ignored = { 0 };
    const char *text = session->common.url ? session->common.url : session->config.url;
    if (text && url_parse(session->arena, text, &url, &ignored))
        (void)driver_for(&url, &ignored);
    sha256_hex((Text){ "", 0 }, ignored_hash);
}

const FleetOptions *fleet_options(const Session *session)
{
    const char *options = session->options;
    const Command *command = session->command;
    return command->of_fleet ? (const FleetOptions *)(const void *)(options + command->fleet_at) : NULL;
}

// --sql is for databases that cannot be reached, and --targets for those that can.
static bool check_options(const Session *session, Error *err)
{
    const Opt *sql = session->command->options ? opt_named(session->command->options, "sql") : NULL;
    if (sql && *(const bool *)(const void *)((const char *)session->options + sql->offset))
        return error_set(err, ERR_USAGE, "--targets does not go with --sql");
    return true;
}

bool fleet_run(Session *session, const FleetOptions *options, Error *err)
{
    Fleet *fleet = ARENA_NEW(session->arena, Fleet);
    *fleet = (Fleet){ .session = session, .options = options, .said = fleet_said_new(session) };
    if (!check_options(session, err) || !count_jobs(options->jobs, &fleet->limit, err) ||
        !session_configure(session, err) ||
        !(fleet->targets = targets_open(session, options->targets, options->shard, err)))
        return false;
    session_outlives_output(session);
    warm_up(session);
    bool ok = true, more = true;
    while (ok && (more || fleet->running)) {
        while (ok && more && !fleet->stopped && fleet->running < fleet->limit)
            ok = begin_one(fleet, &more, err);
        more = more && !fleet->stopped;
        if (fleet->running)
            wait_for_some(fleet);
    }
    while (fleet->running)
        wait_for_some(fleet);
    targets_close(fleet->targets);
    if (ok && !fleet->begun)
        report_note(&session->report, "Nothing to do: --targets names no database%s",
                    options->shard ? " of this --shard" : "");
    fleet_said_end(fleet->said, fleet->stopped);
    return ok;
}
