#define _GNU_SOURCE
#include "cli/workflow/fleet.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output/json.h"
#include "cli/output/progress.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/sha256.h"

enum { MOST_JOBS = 256, MOST_SAID = 64 * 1024, LONGEST_LINE = 8192 };

typedef struct Job {
    pid_t pid; // 0: free
    int from;  // its standard output
    const char *title;
    Arena *arena; // of this target alone
    StrBuf said;
    double began;
} Job;

typedef struct Fleet {
    Session *session;
    const FleetOptions *options;
    const char *const *words;
    FILE *file;     // targets by line
    NameList names; // or from a query
    size_t next;
    Job jobs[MOST_JOBS];
    size_t limit, running;
    size_t changed, unchanged, failed, left;
    bool stopped;
} Fleet;

static bool keep_name(void *payload, const Row *row, Error *err)
{
    (void)err;
    Fleet *fleet = payload;
    if (row->count && row->values[0])
        *VEC_PUSH(fleet->session->arena, &fleet->names) = arena_strdup(fleet->session->arena, row->values[0]);
    return true;
}

static bool ask_for_targets(Fleet *fleet, Error *err)
{
    Project project;
    bool ok = project_open(fleet->session, NEEDS_READING, &project, err) &&
              db_query_in(project.db, SCOPE_SCRIPT, fleet->options->targets, keep_name, fleet, err);
    project_close(fleet->session, &project);
    // What runs in threads does not come along into a child
    progress_stop(fleet->session->progress);
    progress_forked();
    return ok;
}

static bool open_targets(Fleet *fleet, Error *err)
{
    const char *text = fleet->options->targets;
    if (strncasecmp(text, "select", strlen("select")) == 0 ||
        strncasecmp(text, "with ", strlen("with ")) == 0)
        return ask_for_targets(fleet, err);
    int fd = file_open(text, err);
    fleet->file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (fleet->file)
        return true;
    err->code = ERR_USAGE;
    error_prefix(err, "--targets: ");
    return error_hint(err, "A file has a URL or a database's name on each line; a query begins with SELECT.");
}

// One line, NULs and all; false: there is none. What does not fit is read, and not kept.
static bool next_line(FILE *file, char line[LONGEST_LINE], size_t *n)
{
    int c = EOF;
    for (*n = 0; (c = getc(file)) != EOF && c != '\n'; ++*n)
        if (*n < LONGEST_LINE - 1)
            line[*n] = (char)c;
    line[*n < LONGEST_LINE ? *n : LONGEST_LINE - 1] = '\0';
    return c != EOF || *n;
}

// The next target as it was written; false: there is none. A line that can be none is no URL, and so an error of its own.
static bool next_target(Fleet *fleet, Arena *arena, const char **out)
{
    if (!fleet->file) {
        if (fleet->next >= fleet->names.count)
            return false;
        *out = fleet->names.items[fleet->next++];
        return true;
    }
    char line[LONGEST_LINE];
    size_t n;
    while (next_line(fleet->file, line, &n)) {
        if (n >= LONGEST_LINE || memchr(line, '\0', n)) {
            *out = "a line that is too long, or has a nul byte://";
            return true;
        }
        char *start = line + strspn(line, " \t"), *end = line + n;
        while (end > start && isspace((unsigned char)end[-1]))
            end--;
        if (end == start || *start == '#')
            continue;
        *out = arena_strndup(arena, start, (size_t)(end - start));
        return true;
    }
    return false;
}

static void put_escaped(StrBuf *out, const char *name, bool slashes)
{
    for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
        if (isalnum(*c) || strchr("-._~", *c) || (slashes && *c == '/'))
            strbuf_putc(out, (char)*c);
        else
            strbuf_printf(out, "%%%02X", *c);
    }
}

// A name stands for the database of that name where the project's URL leads.
static const char *target_url(const Fleet *fleet, Arena *arena, const char *target)
{
    const char *base = fleet->session->config.url, *authority = base ? strstr(base, "://") : NULL;
    if (strstr(target, "://") || !authority)
        return target;
    authority += 3;
    const char *slash = strchr(authority, '/'), *query = strchr(authority, '?');
    const char *end = slash && (!query || slash < query) ? slash : query ? query : base + strlen(base);
    StrBuf url;
    strbuf_init(&url, arena);
    strbuf_put(&url, base, (size_t)(end - base));
    strbuf_putc(&url, '/');
    put_escaped(&url, target, strncasecmp(base, "sqlite", 6) == 0);
    if (query)
        strbuf_puts(&url, query);
    return url.text;
}

static const char *target_title(Arena *arena, const char *url, const char *target)
{
    Url parsed;
    return strstr(url, "://") && url_parse(arena, url, &parsed, NULL) ? url_redacted(arena, &parsed)
           : strstr(target, "://")                                    ? "a target that is no URL"
                                                                      : target;
}

// What the parent was told about the project goes to the child; the URL goes by the environment.
static char **child_arguments(const Fleet *fleet, Arena *arena)
{
    const CommonOptions *common = &fleet->session->common;
    VEC(char *) list = { 0 };
    *VEC_PUSH(arena, &list) = arena_strdup(arena, "cmigrate");
    const struct {
        const char *option, *value;
    } passed[] = {
        {"--format",     "json"             },
        { "--config",    common->config     },
        { "--name",      common->environment},
        { "--directory", common->directory  }
    };
    for (size_t i = 0; i < COUNT_OF(passed); i++) {
        if (!passed[i].value)
            continue;
        *VEC_PUSH(arena, &list) = arena_strdup(arena, passed[i].option);
        *VEC_PUSH(arena, &list) = arena_strdup(arena, passed[i].value);
    }
    VEC_EACH (const char *, variable, &common->variables) {
        *VEC_PUSH(arena, &list) = arena_strdup(arena, "-x");
        *VEC_PUSH(arena, &list) = arena_strdup(arena, *variable);
    }
    for (const char *const *word = fleet->words; *word; word++)
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
    const char *target = NULL;
    *more = next_target(fleet, arena, &target);
    if (!*more) {
        arena_free(arena);
        return true;
    }
    *job = (Job){ .arena = arena, .began = now_ms() };
    const char *url = target_url(fleet, arena, target);
    job->title = target_title(arena, url, target);
    strbuf_init(&job->said, arena);
    if (!spawn(fleet, job, url, err)) {
        arena_free(arena);
        return false;
    }
    fleet->running++;
    return true;
}

// The last line that a target said: its answer, or its error, one JSON document.
static const char *last_line(const StrBuf *said)
{
    size_t end = said->length;
    while (end > 0 && said->text[end - 1] == '\n')
        said->text[--end] = '\0';
    const char *line = strrchr(said->text, '\n');
    return line ? line + 1 : said->text;
}

// The text of a member of that document; NULL: it has none.
static const char *member(Arena *arena, const char *document, const char *key)
{
    const char *found = strstr(document, arena_printf(arena, "\"%s\": \"", key));
    if (!found)
        return NULL;
    const char *start = found + strlen(key) + 5;
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *c = start; *c && *c != '"'; c++) {
        if (*c == '\\' && c[1])
            c++;
        strbuf_putc(&out, *c);
    }
    return out.text;
}

static void say(const Fleet *fleet, const Job *job, int status, const char *answer)
{
    Session *session = fleet->session;
    double ms = now_ms() - job->began;
    const char *message = status ? member(job->arena, answer, "message") : NULL;
    if (!session->json) {
        if (status)
            report_line(&session->report, "failed  %s: status %d: %s", job->title, status,
                        message ? safe(job->arena, message) : "it ended without an answer");
        else
            report_line(&session->report, "%s  %s   (%.0f ms)",
                        strstr(answer, "\"revisions\": 0,") ? "same   " : "done   ", job->title, ms);
        return;
    }
    Json json;
    json_start(&json, job->arena);
    json_open(&json, '{');
    json_put_text(&json, "target", job->title);
    json_put_int(&json, "status", status);
    json_key(&json, "ms");
    json_ms(&json, ms);
    json_key(&json, "answer");
    if (answer[0] == '{')
        json_raw(&json, answer);
    else
        json_null(&json);
    session_answer_end(session, &json, '{');
}

static void end_one(Fleet *fleet, Job *job)
{
    int how = 0;
    close(job->from);
    while (waitpid(job->pid, &how, 0) < 0 && errno == EINTR)
        ;
    int status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    const char *answer = last_line(&job->said);
    if (status)
        fleet->failed++;
    else if (strstr(answer, "\"revisions\": 0,"))
        fleet->unchanged++;
    else
        fleet->changed++;
    if (status > fleet->session->status)
        fleet->session->status = status;
    fleet->stopped |= status && (fleet->options->stop_on_error || status == 130);
    say(fleet, job, status, answer);
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
    if (n <= 0)
        end_one(fleet, job);
    else if (job->said.length < MOST_SAID)
        strbuf_put(&job->said, bytes, (size_t)n);
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

bool fleet_run(Session *session, const FleetOptions *options, const char *const *words, Error *err)
{
    Fleet *fleet = ARENA_NEW(session->arena, Fleet);
    *fleet = (Fleet){ .session = session, .options = options, .words = words };
    if (!count_jobs(options->jobs, &fleet->limit, err) || !session_configure(session, err) ||
        !open_targets(fleet, err))
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
    if (fleet->file)
        fclose(fleet->file);
    report_note(&session->report, "%zu changed, %zu had nothing to do, %zu failed%s", fleet->changed,
                fleet->unchanged, fleet->failed, fleet->stopped ? "; the others were not begun" : "");
    return ok;
}
