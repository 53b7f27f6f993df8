// app.c -- a program that brings its own database up to date when it starts, by the library alone.
//
//     app URL MIGRATIONS MODEL
#include "cmigrate.h"

#include <stdio.h>

static bool tell(void *payload, const char *revision, const char *message, bool downgrade)
{
    unsigned *told = payload;
    (*told)++;
    printf("%s %s (%s)\n", downgrade ? "leaving" : "reaching", revision, message);
    return true;
}

static int fail(Cmigrate *m, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, cmigrate_message(m));
    cmigrate_close(m);
    return 1;
}

// A call that must fail says so in words, and the handle can be used again.
static bool unknown_target_is_refused(Cmigrate *m)
{
    size_t moved = 99;
    CmigrateStatus status = cmigrate_upgrade(m, "no-such-revision", &moved);
    return status == CMIGRATE_WRONG && moved == 0 && cmigrate_message(m)[0];
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    unsigned told = 0;
    const CmigrateOptions options = {
        .url = argv[1],
        .migrations = argv[2],
        .schema = argv[3],
        .on_revision = tell,
        .payload = &told,
    };
    Cmigrate *m;
    CmigrateCheck check;
    const char *const *revisions;
    size_t count, moved;
    if (cmigrate_open(&options, &m) != CMIGRATE_OK)
        return fail(m, "open");
    if (cmigrate_upgrade(m, NULL, &moved) != CMIGRATE_OK)
        return fail(m, "upgrade");
    if (moved != told || moved == 0)
        return fail(m, "the callback was not told of each revision");
    if (cmigrate_current(m, &revisions, &count) != CMIGRATE_OK || count != 1)
        return fail(m, "current");
    printf("at %s\n", revisions[0]);
    if (cmigrate_check(m, &check) != CMIGRATE_OK)
        return fail(m, "check");
    if (!check.at_head || check.differences || check.changed_scripts)
        return fail(m, "the database is not what the model says");
    if (!unknown_target_is_refused(m))
        return fail(m, "an unknown target was taken");
    if (cmigrate_downgrade(m, "base", &moved) != CMIGRATE_OK)
        return fail(m, "downgrade");
    if (cmigrate_current(m, &revisions, &count) != CMIGRATE_OK || count != 0)
        return fail(m, "current at the base");
    if (cmigrate_check(m, &check) != CMIGRATE_OK || check.at_head || !check.differences)
        return fail(m, "an empty database passed for a full one");
    printf("libcmigrate %s\n", cmigrate_version());
    cmigrate_close(m);
    return 0;
}
