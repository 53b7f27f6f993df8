#include "core/apply/apply.h"

#ifdef CMIGRATE_FAULTS
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool apply_point(const char *name, Error *err)
{
    static long passed; // a test build is one process for one run
    const char *fault = getenv("CMIGRATE_FAULT");
    passed++;
    if (!fault)
        return true;
    if (strncmp(fault, "list:", 5) == 0) {
        FILE *file = fopen(fault + 5, "a");
        if (file) {
            fprintf(file, "%s\n", name);
            fclose(file);
        }
        return true;
    }
    bool kills = strncmp(fault, "kill:", 5) == 0;
    if ((!kills && strncmp(fault, "fail:", 5) != 0) || strtol(fault + 5, NULL, 10) != passed)
        return true;
    if (kills)
        kill(getpid(), SIGKILL);
    return error_set(err, ERR_SQL, "made to fail at step %ld (%s)", passed, name);
}
#else
bool apply_point(const char *name, Error *err)
{
    (void)name;
    (void)err;
    return true;
}
#endif
