// The ground floor: memory, text, errors, files.
#include "tests/support/cmocka_arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/calendar.h"
#include "core/base/conflict.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parallel.h"
#include "core/base/sha256.h"
#include "core/base/strbuf.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    for (size_t size = 1; size < 300; size += 7) {
        char *memory = arena_alloc(*state, size);
        assert_int_equal((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
}

static void a_large_block_does_not_spoil_the_small_ones(void **state)
{
    char *small = arena_strdup(*state, "small");
    char *large = arena_alloc(*state, (size_t)20 * 1024 * 1024);
    large[20 * 1024 * 1024 - 1] = 'x';
    char *after = arena_strdup(*state, "after");
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
}

static void a_vector_grows_and_keeps_its_items(void **state)
{
    VEC(size_t) list = { 0 };
    for (size_t i = 0; i < 1000; i++)
        *VEC_PUSH(*state, &list) = i * i;
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(list.items[i], i * i);
}

static void a_slot_that_is_pushed_again_is_zeroed(void **state)
{
    VEC(int) list = { 0 };
    *VEC_PUSH(*state, &list) = 7;
    list.count = 0;
    assert_int_equal(*VEC_PUSH(*state, &list), 0);
}

static void text_grows_by_every_way_of_appending(void **state)
{
    StrBuf text;
    strbuf_init(&text, *state);
    assert_string_equal(text.text, "");
    strbuf_puts(&text, "one");
    strbuf_putc(&text, ' ');
    strbuf_printf(&text, "%d %s", 2, "three");
    strbuf_repeat(&text, '.', 200);
    assert_int_equal(text.length, strlen(text.text));
    assert_int_equal(strncmp(text.text, "one 2 three....", 15), 0);
    strbuf_clear(&text);
    assert_string_equal(text.text, "");
}

static void no_text_ends_its_quotes(void **state)
{
    StrBuf text;
    strbuf_init(&text, *state);
    strbuf_quoted(&text, '"', "\"", "a\"b\"\"");
    assert_string_equal(text.text, "\"a\"\"b\"\"\"\"\"");
    strbuf_clear(&text);
    strbuf_quoted(&text, '\'', "'\\", "\\' OR '\\");
    assert_string_equal(text.text, "'\\\\'' OR ''\\\\'");
    strbuf_clear(&text);
    strbuf_quoted(&text, '`', "`", "");
    assert_string_equal(text.text, "``");
}

static void a_list_tells_its_parts_apart(void **state)
{
    StrBuf text;
    const char *parts[] = { "a\",\"b", NULL, "", "\x1f" };
    strbuf_init(&text, *state);
    strbuf_put_list(&text, parts, COUNT_OF(parts));
    assert_string_equal(text.text, "\"a\"\",\"\"b\",,\"\",\"\x1f\"");
}

static void an_error_keeps_its_place_and_takes_context(void **state)
{
    (void)state;
    Error err = { 0 };
    assert_false(
        error_at(&err, ERR_SCHEMA, (SourcePos){ "a.yaml", 3, 9, 4 }, "column '%s' appears twice", "id"));
    assert_false(error_prefix(&err, "table '%s': ", "user"));
    assert_string_equal(err.message, "table 'user': column 'id' appears twice");
    assert_int_equal(err.at.line, 3);
    assert_int_equal(error_exit_status(err.code), 2);
}

static void a_message_longer_than_its_room_is_cut_not_overrun(void **state)
{
    Error err = { 0 };
    char *name = arena_alloc(*state, 20001);
    memset(name, 'x', 20000);
    error_set(&err, ERR_SCHEMA, "%s", name);
    error_prefix(&err, "%s: ", name);
    error_hint(&err, "%s", name);
    assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
    assert_int_equal(strlen(err.hint), sizeof(err.hint) - 1);
}

static void setting_an_error_that_nobody_wants_is_harmless(void **state)
{
    (void)state;
    assert_false(error_set(NULL, ERR_BUG, "nobody"));
    assert_false(error_hint(NULL, "reads"));
}

static void problems_of_one_reading_come_in_their_order(void **state)
{
    Issues issues = { .arena = *state };
    Error err = { 0 };
    assert_true(issues_raise(&issues, &err));
    issues_add(&issues, ERR_SCHEMA, (SourcePos){ "a", 1, 1, 0 }, "first");
    issues_add(&issues, ERR_SCHEMA, (SourcePos){ "a", 2, 1, 0 }, "second");
    assert_false(issues_raise(&issues, &err));
    assert_string_equal(err.message, "first");
    assert_string_equal(err.next->message, "second");
    assert_null(err.next->next);
}

static void the_nearest_word_is_suggested_and_a_far_one_is_not(void **state)
{
    (void)state;
    static const char *const words[] = { "string", "integer", "bigint", "text" };
    assert_string_equal(nearest_word("strng", words, 4), "string");
    assert_string_equal(nearest_word("tetx", words, 4), "text");
    assert_string_equal(nearest_word("INTEGR", words, 4), "integer");
    assert_null(nearest_word("geometry", words, 4));
    assert_null(nearest_word("", words, 4));
}

// A folder of this test alone.
static char *scratch_folder(Arena *arena)
{
    char *folder = arena_strdup(arena, "/tmp/cmigrate-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static void a_file_is_written_whole_and_keeps_its_mode(void **state)
{
    char *folder = scratch_folder(*state);
    const char *path = path_join(*state, folder, "a file");
    Error err = { 0 };
    assert_true(file_write(path, (Text){ "one", 3 }, false, &err));
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0644);
    assert_int_equal(chmod(path, 0600), 0);
    assert_true(file_write(path, (Text){ "two and more", 12 }, false, &err));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    Text text;
    assert_true(file_read(*state, path, 0, &text, &err));
    assert_string_equal(text.p, "two and more");
    NameList names = { 0 };
    assert_true(folder_list(*state, folder, "", &names, &err));
    assert_int_equal(names.count, 1); // nothing is left beside it
    unlink(path);
    rmdir(folder);
}

static void an_exclusive_write_never_replaces(void **state)
{
    char *folder = scratch_folder(*state);
    const char *path = path_join(*state, folder, "a");
    Error err = { 0 };
    assert_true(file_write(path, (Text){ "mine", 4 }, true, &err));
    assert_false(file_write(path, (Text){ "yours", 5 }, true, &err));
    assert_int_equal(err.code, ERR_IO);
    Text text;
    assert_true(file_read(*state, path, 0, &text, &err));
    assert_string_equal(text.p, "mine");
    unlink(path);
    rmdir(folder);
}

static void a_file_beyond_the_limit_is_refused(void **state)
{
    char *folder = scratch_folder(*state);
    const char *path = path_join(*state, folder, "a");
    Error err = { 0 };
    assert_true(file_write(path, (Text){ "12345", 5 }, true, &err));
    Text text;
    assert_true(file_read(*state, path, 5, &text, &err));
    assert_false(file_read(*state, path, 4, &text, &err));
    assert_false(file_read(*state, folder, 0, &text, &err)); // a folder is no file
    assert_false(file_read(*state, "/nowhere/at/all", 0, &text, &err));
    assert_non_null(strstr(err.message, "/nowhere/at/all"));
    unlink(path);
    rmdir(folder);
}

static void names_in_a_folder_come_in_byte_order(void **state)
{
    char *folder = scratch_folder(*state);
    Error err = { 0 };
    static const char *const files[] = { "b.sql", "a.sql", "B.sql", ".hidden.sql", "c.txt" };
    for (size_t i = 0; i < COUNT_OF(files); i++)
        assert_true(file_write(path_join(*state, folder, files[i]), (Text){ "", 0 }, true, &err));
    NameList names = { 0 };
    assert_true(folder_list(*state, folder, ".sql", &names, &err));
    assert_int_equal(names.count, 3);
    assert_string_equal(names.items[0], "B.sql");
    assert_string_equal(names.items[1], "a.sql");
    for (size_t i = 0; i < COUNT_OF(files); i++)
        unlink(path_join(*state, folder, files[i]));
    rmdir(folder);
}

static void paths_are_taken_apart_and_joined(void **state)
{
    assert_string_equal(path_join(*state, "a/b", "c"), "a/b/c");
    assert_string_equal(path_join(*state, "a/", "c"), "a/c");
    assert_string_equal(path_join(*state, "a", "/c"), "/c");
    assert_string_equal(path_join(*state, ".", "c"), "c");
    assert_string_equal(path_folder(*state, "a/b/c"), "a/b");
    assert_string_equal(path_folder(*state, "/c"), "/");
    assert_string_equal(path_folder(*state, "c"), ".");
    assert_string_equal(path_base("a/b/c"), "c");
}

static void a_checksum_is_sha256(void **state)
{
    (void)state;
    char hex[SHA256_HEX];
    sha256_hex((Text){ "abc", 3 }, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

enum { MANY_THINGS = 20000 };

typedef struct Slots {
    size_t next, count;
    const char **texts;
} Slots;

static size_t take_slots(Arena *arena, void *payload, void **things)
{
    Slots *slots = payload;
    (void)arena;
    size_t n = 0;
    while (n < PARALLEL_PORTION && slots->next < slots->count)
        things[n++] = &slots->texts[slots->next++];
    return n;
}

static void write_down(Arena *arena, void *payload, void *thing)
{
    const Slots *slots = payload;
    const char **slot = thing;
    assert_null(*slot);
    *slot = arena_printf(arena, "%zu", (size_t)(slot - slots->texts));
}

static void work_in_parallel_is_done_once_each_and_its_memory_stays(void **state)
{
    Slots slots = { 0, MANY_THINGS, arena_alloc(*state, MANY_THINGS * sizeof(*slots.texts)) };
    parallel_each(*state, 100, take_slots, write_down, &slots);
    for (size_t i = 0; i < MANY_THINGS; i++)
        assert_int_equal(strtoul(slots.texts[i], NULL, 10), i);
    slots = (Slots){ 0 };
    parallel_each(*state, 100, take_slots, write_down, &slots); // nothing to do is no work
}

static void a_pipe_by_its_name_is_not_waited_for(void **state)
{
    char folder[] = "/tmp/cmigrate-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *path = path_join(*state, folder, "pipe.sql");
    assert_int_equal(mkfifo(path, 0600), 0);
    Text text;
    Error err = { 0 };
    assert_false(file_read(*state, path, 0, &text, &err));
    assert_non_null(strstr(err.message, "it is not a regular file"));
    assert_false(file_read(*state, "/dev/zero", 1 << 20, &text, &err));
    assert_non_null(strstr(err.message, "cannot read /dev/zero: it is not a regular file"));
    unlink(path);
    rmdir(folder);
}

static void a_new_file_minds_umask_and_a_device_stays_one(void **state)
{
    (void)state;
    char folder[] = "/tmp/cmigrate-test-XXXXXX", path[64], pipe[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/new", folder);
    snprintf(pipe, sizeof(pipe), "%s/null", folder);
    mode_t before = umask(0027);
    assert_true(file_write(path, (Text){ "x", 1 }, true, NULL));
    umask(before);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(symlink("/dev/null", pipe), 0);
    assert_true(file_write(pipe, (Text){ "x", 1 }, false, NULL));
    assert_int_equal(stat(pipe, &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    unlink(path);
    unlink(pipe);
    rmdir(folder);
}

static void a_path_is_inside_once_links_are_followed(void **state)
{
    char folder[] = "/tmp/cmigrate-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *out = path_join(*state, folder, "out");
    assert_int_equal(symlink("/tmp", out), 0);
    assert_true(path_inside(folder, folder));
    assert_true(path_inside(folder, path_join(*state, folder, "a/b/c.sql")));
    assert_false(path_inside(folder, path_join(*state, folder, "../")));
    assert_false(path_inside(folder, path_join(*state, folder, "a/../../b")));
    assert_false(path_inside(folder, path_join(*state, folder, "out/c.sql")));
    assert_false(path_inside(folder, arena_printf(*state, "%s-other/c.sql", folder)));
    assert_true(path_inside("/", folder));
    unlink(out);
    rmdir(folder);
}

static void a_day_is_one_of_its_month(void **state)
{
    (void)state;
    assert_true(is_calendar_day(2024, 2, 29) && is_calendar_day(2000, 2, 29) &&
                is_calendar_day(2026, 12, 31));
    assert_false(is_calendar_day(2026, 2, 29) || is_calendar_day(1900, 2, 29) ||
                 is_calendar_day(2026, 4, 31));
    assert_false(is_calendar_day(2026, 13, 1) || is_calendar_day(2026, 0, 1) || is_calendar_day(2026, 1, 0));
}

static unsigned conflict_in(const char *text) { return conflict_line((Text){ text, strlen(text) }); }

static void a_conflict_has_its_three_lines_in_order(void **state)
{
    (void)state;
    assert_int_equal(conflict_in("<<<<<<< a\n=======\n>>>>>>> b"), 1);
    assert_int_equal(conflict_in("x\n\n<<<<<<< a\n1\n||||||| o\n=======\n2\n>>>>>>> b\n"), 3);
    assert_int_equal(conflict_in(""), 0);
    assert_int_equal(conflict_in("=======\n<<<<<<< a\n>>>>>>> b\n"), 0);
    assert_int_equal(conflict_in("x <<<<<<< a\n=======\n>>>>>>> b\n"), 0);
    assert_int_equal(conflict_in("<<<<<<< a\n=======\n"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(memory_is_zeroed_and_aligned),
        TEST(a_large_block_does_not_spoil_the_small_ones),
        TEST(a_vector_grows_and_keeps_its_items),
        TEST(a_slot_that_is_pushed_again_is_zeroed),
        TEST(text_grows_by_every_way_of_appending),
        TEST(no_text_ends_its_quotes),
        TEST(a_list_tells_its_parts_apart),
        TEST(an_error_keeps_its_place_and_takes_context),
        TEST(a_message_longer_than_its_room_is_cut_not_overrun),
        TEST(setting_an_error_that_nobody_wants_is_harmless),
        TEST(problems_of_one_reading_come_in_their_order),
        TEST(the_nearest_word_is_suggested_and_a_far_one_is_not),
        TEST(a_file_is_written_whole_and_keeps_its_mode),
        TEST(an_exclusive_write_never_replaces),
        TEST(a_file_beyond_the_limit_is_refused),
        TEST(names_in_a_folder_come_in_byte_order),
        TEST(paths_are_taken_apart_and_joined),
        TEST(a_checksum_is_sha256),
        TEST(work_in_parallel_is_done_once_each_and_its_memory_stays),
        TEST(a_pipe_by_its_name_is_not_waited_for),
        TEST(a_new_file_minds_umask_and_a_device_stays_one),
        TEST(a_path_is_inside_once_links_are_followed),
        TEST(a_day_is_one_of_its_month),
        TEST(a_conflict_has_its_three_lines_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
