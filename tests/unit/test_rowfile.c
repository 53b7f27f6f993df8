// Files of rows: CSV, TSV and JSON Lines as they are read, and bytes as base64.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/base64.h"
#include "core/base/rowfile.h"
#include "tests/support/cmocka_arena.h"

static char folder[] = "/tmp/cmrowfile-XXXXXX";

static const char *write_file(Arena *arena, const char *name, const char *text)
{
    const char *path = arena_printf(arena, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

// All rows in one text: fields between bars, a null as ~, rows end in a semicolon. What is wrong: its message.
static const char *read_all(Arena *arena, const char *name, const char *text, const char *null)
{
    Error err = { 0 };
    StrBuf out;
    strbuf_init(&out, arena);
    const char *path = write_file(arena, name, text);
    RowFile *file = rowfile_open(arena, path, name, null, &err);
    const RowField *fields;
    bool more = file != NULL;
    while (more && rowfile_next(file, &fields, &more, &err) && more) {
        for (size_t i = 0; i < rowfile_columns(file)->count; i++)
            strbuf_printf(&out, "%s%s", i ? "|" : "", fields[i].text ? fields[i].text : "~");
        strbuf_putc(&out, ';');
    }
    rowfile_close(file);
    unlink(path);
    return err.code ? arena_printf(arena, "%u: %s", err.at.line, err.message) : out.text;
}

static void fields_of_csv(void **state)
{
    Arena *arena = *state;
    assert_string_equal(read_all(arena, "a.csv", "a,b\n1,x\n2,\n", NULL), "1|x;2|~;");
    assert_string_equal(read_all(arena, "a.csv", "a,b\r\n1,\"\"\r\n2,\"x\"\"y,\nz\"", NULL),
                        "1|;2|x\"y,\nz;");
    assert_string_equal(read_all(arena, "a.csv",
                                 "\xef\xbb\xbf"
                                 "a\n1\n",
                                 NULL),
                        "1;");
    assert_string_equal(read_all(arena, "a.csv", "a,b\n\\N,\n", "\\N"), "~|;");
    assert_string_equal(read_all(arena, "a.csv", "a,b\n\n1,2\n\n", NULL), "1|2;");
    assert_string_equal(read_all(arena, "a.csv", "a,b\n1\n", NULL), "2: 1 field, and 2 columns are named");
    assert_string_equal(read_all(arena, "a.csv", "a,b\n1,\"x\n", NULL), "2: a quote is not closed");
    assert_non_null(strstr(read_all(arena, "a.csv", "", NULL), "the file is empty"));
}

static void fields_of_tsv(void **state)
{
    Arena *arena = *state;
    assert_string_equal(read_all(arena, "a.tsv", "a\tb\nx\\ty\t\\N\n\\\\\t\n", NULL), "x\ty|~;\\|;");
}

static void lines_of_json(void **state)
{
    Arena *arena = *state;
    assert_string_equal(
        read_all(arena, "a.jsonl", "{\"a\": 1, \"b\": \"\\u20ac\\ud83d\\ude42\\n\"}\n{\"b\": null}\n", NULL),
        "1|€🙂\n;~|~;");
    assert_string_equal(read_all(arena, "a.jsonl", "{\"a\": {\"x\": [\"}\"]}}\n\n", NULL),
                        "{\"x\": [\"}\"]};");
    assert_string_equal(read_all(arena, "a.jsonl", "{\"a\": 1}\n{\"c\": 1}\n", NULL),
                        "2: the first line has no 'c'");
    assert_string_equal(read_all(arena, "a.jsonl", "{\"a\": 1\n", NULL), "1: this is not JSON");
    assert_string_equal(read_all(arena, "a.jsonl", "{\"a\": \"\\ud83d\"}\n", NULL), "1: this is not JSON");
    assert_string_equal(read_all(arena, "a.jsonl", "[1]\n", NULL), "1: a line must be one JSON object");
}

static void another_ending_is_refused(void **state)
{
    assert_non_null(strstr(read_all(*state, "a.xml", "x", NULL), "is not a known kind of file of rows"));
}

static void what_is_written_as_csv_reads_back(void **state)
{
    Arena *arena = *state;
    const char *const texts[] = { "", "x", "a,b", "\"", "two\nlines", NULL };
    StrBuf line;
    strbuf_init(&line, arena);
    strbuf_puts(&line, "a,b,c,d,e,f\n");
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        strbuf_puts(&line, i ? "," : "");
        rowfile_put_csv(&line, texts[i]);
    }
    assert_string_equal(read_all(arena, "a.csv", line.text, NULL), "|x|a,b|\"|two\nlines|~;");
}

static void bytes_there_and_back(void **state)
{
    Arena *arena = *state;
    const char *const texts[] = { "", "AA==", "AAE=", "AAEC", "/+8A" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        size_t n;
        StrBuf back;
        unsigned char *bytes = base64_decode(arena, texts[i], &n);
        assert_non_null(bytes);
        strbuf_init(&back, arena);
        base64_encode(&back, bytes, n);
        assert_string_equal(back.text, texts[i]);
    }
    const char *const wrong[] = { "A", "AA", "A===", "AA=A", "AAE$" };
    size_t n;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_null(base64_decode(arena, wrong[i], &n));
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fields_of_csv),
        TEST(fields_of_tsv),
        TEST(lines_of_json),
        TEST(another_ending_is_refused),
        TEST(what_is_written_as_csv_reads_back),
        TEST(bytes_there_and_back),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
