// project_kit.h -- scripts in a folder of their own, for tests of the graph and of applying: one fixture per test.
#ifndef TESTS_SUPPORT_PROJECT_KIT_H
#define TESTS_SUPPORT_PROJECT_KIT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/cmocka_arena.h"

#include "core/base/file.h"
#include "core/revision/graph.h"

typedef struct Kit {
    Arena *arena;
    const char *folder; // of the scripts
    const char *path;   // of a database file
    unsigned files;
    Graph graph;
} Kit;

static inline int kit_setup(void **state)
{
    Arena *arena = arena_new();
    Kit *kit = ARENA_NEW(arena, Kit);
    char folder[] = "/tmp/cmigrate-test-XXXXXX";
    if (!mkdtemp(folder))
        return -1;
    kit->arena = arena;
    kit->folder = arena_strdup(arena, folder);
    kit->path = arena_printf(arena, "%s/test.db", folder);
    *state = kit;
    return 0;
}

static inline int kit_teardown(void **state)
{
    Kit *kit = *state;
    static const char *const suffixes[] = { "", ".sql" };
    for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
        NameList names = { 0 };
        Error err;
        if (folder_list(kit->arena, kit->folder, suffixes[i], &names, &err))
            VEC_EACH (const char *, name, &names)
                unlink(path_join(kit->arena, kit->folder, *name));
    }
    rmdir(kit->folder);
    arena_free(kit->arena);
    return 0;
}

#define KIT_TEST(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

// A script, in the order of calls. `head`: further lines of it, or "".
static inline const char *kit_script(Kit *kit, const char *id, const char *parents, const char *head,
                                     const char *up, const char *down)
{
    const char *path = arena_printf(kit->arena, "%s/%04u_%s.sql", kit->folder, ++kit->files, id);
    const char *text =
        arena_printf(kit->arena,
                     "-- cmigrate: revision %s\n-- cmigrate: parents %s\n%s\n-- cmigrate: upgrade\n%s\n"
                     "-- cmigrate: downgrade\n%s\n",
                     id, parents, head, up, down);
    Error err = { 0 };
    if (!file_write(path, (Text){ text, strlen(text) }, false, &err))
        fail_msg("%s", err.message);
    return path;
}

static inline void kit_write(const char *path, const char *text)
{
    Error err = { 0 };
    if (!file_write(path, (Text){ text, strlen(text) }, false, &err))
        fail_msg("%s", err.message);
}

static inline bool kit_read(Kit *kit, Error *err)
{
    NameList folders = { 0 };
    *VEC_PUSH(kit->arena, &folders) = kit->folder;
    return graph_read(kit->arena, &folders, &kit->graph, err);
}

static inline void kit_graph(Kit *kit)
{
    Error err = { 0 };
    if (!kit_read(kit, &err))
        fail_msg("%s", err.message);
}

static inline NameList kit_names(Kit *kit, const char *words)
{
    NameList names = { 0 };
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        if (n)
            *VEC_PUSH(kit->arena, &names) = arena_strndup(kit->arena, p, n);
        p += n + (p[n] == ' ');
    }
    return names;
}

static inline const char *kit_join(Kit *kit, const NameList *names)
{
    StrBuf out;
    strbuf_init(&out, kit->arena);
    for (size_t i = 0; i < names->count; i++)
        strbuf_printf(&out, "%s%s", i ? " " : "", names->items[i]);
    return out.text;
}

#endif
