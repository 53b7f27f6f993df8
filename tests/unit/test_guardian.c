// A guardian: cleans up where its parent is killed, and is not noticed where it ends as it should.
#define _GNU_SOURCE
#include "tests/support/cmocka_arena.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/db/guardian.h"

enum { PATIENCE_MS = 20000 };

// What a guardian may use: the end of a pipe would be closed, a name is not.
static char answer[] = "/tmp/cmigrate-guardian-XXXXXX";
static char cleaned[] = "clean";

static bool says(const char *text)
{
    int fd = open(answer, O_WRONLY | O_APPEND | O_CLOEXEC);
    bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return ok;
}

static bool note_clean(void *payload) { return says(payload); }

static bool second_time(void *payload)
{
    int *calls = payload;
    return ++*calls == 2 && says("twice");
}

// Descriptors beyond the three, and what the three lead to.
static bool note_descriptors(void *payload)
{
    const int *secret = payload;
    char target[64] = "";
    bool apart = readlink("/proc/self/fd/1", target, sizeof(target) - 1) > 0 &&
                 strcmp(target, "/dev/null") == 0 && fcntl(*secret, F_GETFD) < 0 && errno == EBADF &&
                 getsid(0) == getpid();
    return says(apart ? "apart" : "not apart");
}

static void make_answer(void)
{
    memcpy(answer + strlen(answer) - 6, "XXXXXX", 6);
    int fd = mkstemp(answer);
    assert_true(fd >= 0);
    close(fd);
}

static const char *answered(char *out, size_t size)
{
    const struct timespec a_while = { 0, 10L * 1000 * 1000 };
    ssize_t n = 0;
    for (int waited = 0; waited < PATIENCE_MS && n <= 0; waited += 10) {
        int fd = open(answer, O_RDONLY | O_CLOEXEC);
        n = read(fd, out, size - 1);
        close(fd);
        nanosleep(&a_while, NULL);
    }
    unlink(answer);
    out[n > 0 ? n : 0] = '\0';
    return out;
}

// A process that starts a guardian and is killed.
static void killed_with(Arena *arena, GuardianFn *clean, void *payload)
{
    make_answer();
    pid_t child = fork();
    if (child == 0) {
        if (!guardian_start(arena, clean, payload))
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

static void cleans_up_behind_a_process_that_is_killed(void **state)
{
    char text[32];
    killed_with(*state, note_clean, cleaned);
    assert_string_equal(answered(text, sizeof(text)), "clean");
}

static void tries_again_until_nothing_is_left(void **state)
{
    char text[32];
    int calls = 0;
    killed_with(*state, second_time, &calls);
    assert_string_equal(answered(text, sizeof(text)), "twice");
}

static void holds_nothing_of_its_parent(void **state)
{
    char text[32];
    int secret = open("/dev/null", O_RDONLY); // also without O_CLOEXEC
    killed_with(*state, note_descriptors, &secret);
    close(secret);
    assert_string_equal(answered(text, sizeof(text)), "apart");
}

static void is_gone_when_its_parent_is_done(void **state)
{
    char text[8];
    make_answer();
    Guardian *guardian = guardian_start(*state, note_clean, cleaned);
    assert_non_null(guardian);
    guardian_end(guardian, true);
    guardian_end(guardian, true); // once more does nothing
    guardian_end(NULL, true);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); // no zombie
    assert_int_equal(errno, ECHILD);
    int fd = open(answer, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, text, sizeof(text)), 0);
    close(fd);
    unlink(answer);
}

static void does_what_its_parent_could_not(void **state)
{
    char text[32];
    make_answer();
    guardian_end(guardian_start(*state, note_clean, cleaned), false);
    assert_string_equal(answered(text, sizeof(text)), "clean");
    wait(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cleans_up_behind_a_process_that_is_killed),
        TEST(tries_again_until_nothing_is_left),
        TEST(holds_nothing_of_its_parent),
        TEST(is_gone_when_its_parent_is_done),
        TEST(does_what_its_parent_could_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
