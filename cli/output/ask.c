#include "cli/output/ask.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { TICK_MS = 100 };

static bool aborted(Error *err, const char *why)
{
    fputc('\n', stderr);
    error_set(err, ERR_INTERRUPTED, "%s", why);
    return error_hint(err, "Nothing was written. --rename OLD=NEW answers beforehand.");
}

// One character of standard input. The signals are another thread's, so that a read would go on: it is waited for in
// slices.
static bool read_character(const Progress *progress, char *out, Error *err)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    for (;;) {
        if (progress_interrupted(progress))
            return aborted(err, "interrupted");
        int ready = poll(&input, 1, TICK_MS);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        ssize_t n = ready < 0 ? -1 : read(STDIN_FILENO, out, 1);
        if (n < 0 && errno == EINTR)
            continue;
        return n == 1 ? true : aborted(err, "the question was not answered: the input ended");
    }
}

// A line without its end; what is longer than the buffer is dropped.
static bool read_answer(const Progress *progress, char *line, size_t size, Error *err)
{
    size_t n = 0;
    for (char c = 0;;) {
        if (!read_character(progress, &c, err))
            return false;
        if (c == '\n')
            break;
        if (n + 1 < size && !(n == 0 && c == ' ') && c != '\r')
            line[n++] = c;
    }
    while (n && line[n - 1] == ' ')
        n--;
    line[n] = '\0';
    return true;
}

bool ask_yes_no(const Progress *progress, const char *question, bool *yes, Error *err)
{
    char answer[64];
    fflush(stdout);
    for (;;) {
        fprintf(stderr, "%s [yes/no] ", question);
        fflush(stderr);
        if (!read_answer(progress, answer, sizeof(answer), err))
            return false;
        bool said_yes = strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
        if (said_yes || strcasecmp(answer, "n") == 0 || strcasecmp(answer, "no") == 0) {
            *yes = said_yes;
            return true;
        }
        fputs("Please answer yes or no, or press Ctrl-C to stop.\n", stderr);
    }
}
