#include "core/base/point.h"

#ifdef CMIGRATE_FAULTS
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add_line(const char *path, const char *name)
{
    FILE *file = fopen(path, "a");
    if (!file)
        return;
    fprintf(file, "%s\n", name);
    fclose(file);
}

// Whether `fault` is "WORD:N" with this word and number.
static bool is_asked(const char *fault, const char *word, long number)
{
    size_t n = strlen(word);
    return strncmp(fault, word, n) == 0 && strtol(fault + n, NULL, 10) == number;
}

bool fault_point(const char *name, Error *err)
{
    static long passed; // a test build is one process for one run
    const char *fault = getenv("CMIGRATE_FAULT");
    passed++;
    if (!fault)
        return true;
    if (strncmp(fault, "list:", strlen("list:")) == 0)
        add_line(fault + strlen("list:"), name);
    if (is_asked(fault, "kill:", passed))
        kill(getpid(), SIGKILL);
    if (is_asked(fault, "stop:", passed))
        kill(getpid(), SIGSTOP);
    return !is_asked(fault, "fail:", passed) ||
           error_set(err, ERR_SQL, "made to fail at step %ld (%s)", passed, name);
}
#else
bool fault_point(const char *name, Error *err)
{
    (void)name;
    (void)err;
    return true;
}
#endif
