// Any bytes as cmigrate.yaml: it is read, or refused with words; nothing of it is run.
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "core/config/config_read.h"
#include "tests/fuzz/feed.h"

static void check_whole(const Config *config, const char *text)
{
    if (!config->folder || !config->directory || !config->version_table || !config->file_template)
        feed_broken("a setting without a value", text);
    VEC_EACH (const char *, path, &config->schema)
        if (!*path)
            feed_broken("a schema without a path", text);
    for (size_t i = 0; i < config->database_count; i++)
        if (!config->databases[i].name)
            feed_broken("a database without a name", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("config", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    setenv("SET", "a value: [with, \"meaning\"]", 1);
    unsetenv("UNSET");
    Arena *arena = arena_new();
    const char *path = arena_printf(arena, "/proc/self/fd/%d", fd);
    const char *text = arena_strndup(arena, (const char *)data, size);
    static const char *const environments[] = { NULL, "production", "missing" };
    for (size_t i = 0; i < COUNT_OF(environments); i++) {
        Config config = { 0 };
        Error err = { 0 };
        if (config_read(arena, path, environments[i], &config, &err))
            check_whole(&config, text);
        else
            feed_refused(&err, text);
    }
    unsigned ms;
    (void)!duration_parse(text, &ms);
    arena_free(arena);
    close(fd);
    return 0;
}
