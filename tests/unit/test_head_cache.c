// The cache of heads: what it says is what the files say, whatever became of them or of it.
#include "tests/support/project_kit.h"

#include <sys/stat.h>

enum { FILES = WORTH_A_CACHE + 100 };

static const char *script_path(Kit *kit, unsigned number)
{
    return arena_printf(kit->arena, "%s/%04u.sql", kit->folder, number);
}

// Without fsync: there are many.
static void write_bytes(const char *path, const char *bytes, size_t n)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void write_script(Kit *kit, unsigned number, const char *parent, const char *message)
{
    const char *text =
        arena_printf(kit->arena,
                     "-- cmigrate: revision r%04u\n-- cmigrate: parents %s\n-- cmigrate: message %s\n"
                     "-- cmigrate: upgrade\nSELECT %u;\n",
                     number, parent, message, number);
    write_bytes(script_path(kit, number), text, strlen(text));
}

static void write_line(Kit *kit)
{
    for (unsigned i = 0; i < FILES; i++)
        write_script(kit, i, i ? arena_printf(kit->arena, "r%04u", i - 1) : "", "old");
    sleep(3); // what was changed just now is not kept
}

static NameList folders_of(Kit *kit)
{
    NameList folders = { 0 };
    *VEC_PUSH(kit->arena, &folders) = kit->folder;
    return folders;
}

// How many revisions, heads and statements, and the message of one.
static const char *look(Kit *kit, unsigned number)
{
    NameList folders = folders_of(kit);
    size_t statements = 0;
    Graph graph;
    Error err = { 0 };
    HeadCache *cache = head_cache_open(kit->arena, &folders, "sqlite");
    assert_non_null(cache);
    if (!graph_look_whole(kit->arena, &folders, cache, &sqlite_dialect, &graph, &statements, &err))
        return arena_strdup(kit->arena, err.message);
    const Revision *one = graph_by_id(&graph, arena_printf(kit->arena, "r%04u", number));
    return arena_printf(kit->arena, "%zu %zu %zu %s", graph.revisions.count, graph.heads.count, statements,
                        one ? one->script->message : "-");
}

static const char *cache_path(Kit *kit)
{
    const char *folder = arena_printf(kit->arena, "%s/cmigrate", kit->path);
    NameList names = { 0 };
    Error err = { 0 };
    assert_true(folder_list(kit->arena, folder, "", &names, &err));
    assert_int_equal(names.count, 1);
    return path_join(kit->arena, folder, names.items[0]);
}

static size_t kept(Kit *kit)
{
    NameList folders = folders_of(kit);
    return head_cache_count(head_cache_open(kit->arena, &folders, "sqlite"));
}

static void damaged_at_any_place_it_does_no_harm(Kit *kit)
{
    const char *path = cache_path(kit);
    Text good;
    Error err = { 0 };
    assert_true(file_read(kit->arena, path, 0, &good, &err));
    char *bad = arena_alloc(kit->arena, good.n);
    for (size_t at = 0; at < good.n; at += at < 300 ? 1 : good.n / 61) {
        memcpy(bad, good.p, good.n);
        bad[at] = (char)~bad[at];
        write_bytes(path, bad, good.n);
        (void)look(kit, 7);
        unlink(path);
    }
    for (size_t n = 0; n < good.n; n += n < 120 ? 7 : good.n / 31) {
        write_bytes(path, good.p, n);
        assert_string_equal(look(kit, 7), arena_printf(kit->arena, "%d 1 %d old", FILES, FILES));
        unlink(path);
    }
    write_bytes(path, good.p, good.n);
}

static void what_it_says_is_what_the_files_say(void **state)
{
    Kit *kit = *state;
    setenv("XDG_CACHE_HOME", kit->path, 1);
    write_line(kit);
    const char *line = arena_printf(kit->arena, "%d 1 %d old", FILES, FILES);
    for (int again = 0; again < 4;
         again++) // the first leaves out what it read before it knew how many there are
        assert_string_equal(look(kit, 7), line);
    assert_int_equal(kept(kit), FILES);
    struct stat st;
    assert_int_equal(stat(path_folder(kit->arena, cache_path(kit)), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    damaged_at_any_place_it_does_no_harm(kit);

    write_script(kit, 7, "r0006", "new"); // of the same size
    assert_string_equal(look(kit, 7), arena_printf(kit->arena, "%d 1 %d new", FILES, FILES));
    unlink(script_path(kit, FILES - 1));
    assert_string_equal(look(kit, 0), arena_printf(kit->arena, "%d 1 %d old", FILES - 1, FILES - 1));
    write_script(kit, FILES + 5, arena_printf(kit->arena, "r%04d", FILES - 2), "added");
    assert_string_equal(look(kit, FILES + 5), arena_printf(kit->arena, "%d 1 %d added", FILES, FILES));
    write_script(kit, FILES / 2, "nowhere", "old");
    assert_non_null(strstr(look(kit, 0), "Can't locate revision identified by 'nowhere'"));

    unlink(cache_path(kit));
    rmdir(path_folder(kit->arena, arena_printf(kit->arena, "%s/cmigrate/x", kit->path)));
    rmdir(kit->path);
}

static void a_small_project_has_none(void **state)
{
    Kit *kit = *state;
    setenv("XDG_CACHE_HOME", kit->path, 1);
    write_script(kit, 0, "", "one");
    assert_string_equal(look(kit, 0), "1 1 1 one");
    assert_false(file_exists(kit->path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIT_TEST(what_it_says_is_what_the_files_say),
        KIT_TEST(a_small_project_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
