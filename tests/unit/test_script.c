// Revision scripts: reading them, saying what is wrong with them, and writing what nobody can break out of.
#include "tests/support/project_kit.h"

#include "core/revision/directive.h"

static const Dialect sqlite = { .name = "sqlite", .lex = LEX_SQLITE };
static const Dialect mysql = { .name = "mysql", .lex = LEX_MYSQL };

#define HEAD "-- cmigrate: revision a1\n-- cmigrate: parents\n"

// "file:line:column: message [label]", or "ok".
static const char *fault_of(Kit *kit, const char *text, size_t n)
{
    Script script;
    Error err = { 0 };
    if (script_read_text(kit->arena, "s.sql", (Text){ text, n }, &script, &err))
        return "ok";
    return arena_printf(kit->arena, "%s:%u:%u: %s%s%s%s", err.at.file, err.at.line, err.at.column,
                        err.message, err.label[0] ? " [" : "", err.label, err.label[0] ? "]" : "");
}
#define FAULT(text, want) assert_string_equal(fault_of(kit, text, sizeof(text) - 1), want)

static void a_script_is_read(void **state)
{
    Kit *kit = *state;
    static const char text[] =
        "\xef\xbb\xbf-- cmigrate: revision 3f2a9c1b8e07\r\n"
        "-- cmigrate: parents 9d1e0c55ab12, aaaa\r\n"
        "-- cmigrate: message add posts\\nand é\r\n"
        "-- cmigrate: created 2026-11-21T10:20:30Z\r\n"
        "-- cmigrate: dialect postgresql\r\n"
        "-- cmigrate: labels billing shop\r\n"
        "-- cmigrate: depends_on other\r\n"
        "-- any comment\r\n\r\n"
        "-- cmigrate: upgrade\r\nCREATE TABLE p (a text DEFAULT '\n-- cmigrate: downgrade\n');\r\n"
        "  --cmigrate:  upgrade  no-transaction (sqlite)\r\nVACUUM;\r\n"
        "-- cmigrate: downgrade (mariadb)\r\nDROP TABLE p";
    Script script;
    Error err = { 0 };
    if (!script_read_text(kit->arena, "s.sql", (Text){ text, sizeof(text) - 1 }, &script, &err))
        fail_msg("%u:%u: %s", err.at.line, err.at.column, err.message);
    assert_string_equal(script.revision, "3f2a9c1b8e07");
    assert_string_equal(kit_join(kit, &script.parents), "9d1e0c55ab12 aaaa");
    assert_string_equal(script.message, "add posts\nand é");
    assert_string_equal(script.created, "2026-11-21T10:20:30Z");
    assert_string_equal(script.dialect, "postgresql");
    assert_string_equal(kit_join(kit, &script.labels), "billing shop");
    assert_string_equal(kit_join(kit, &script.depends_on), "other");
    assert_int_equal(script.sections.count, 3);
    assert_int_equal(script.sections.items[0].at.line, 10);
    assert_false(script.sections.items[0].no_transaction);
    assert_true(script.sections.items[1].no_transaction);
    assert_string_equal(script.sections.items[1].dialect, "sqlite");
    assert_int_equal(script.sections.items[2].direction, DOWNGRADE);
    assert_string_equal(script.sections.items[2].dialect, "mysql");

    SectionList sections = { 0 };
    assert_true(script_sections(kit->arena, &script, &sqlite, UPGRADE, &sections, &err));
    assert_int_equal(sections.count, 1); // what is not marked belongs to the dialect of the head
    assert_int_equal(sections.items[0]->statements.items[0].at.line, 15);
    sections.count = 0;
    assert_false(script_sections(kit->arena, &script, &sqlite, DOWNGRADE, &sections, &err)); // none of its
    assert_int_equal(sections.count, 0);
}

static void what_is_wrong_is_placed(void **state)
{
    Kit *kit = *state;
    FAULT("", "s.sql:1:0: the script does not say its revision");
    FAULT("-- hello\n", "s.sql:1:0: the script does not say its revision");
    FAULT(HEAD, "s.sql:1:23: the script has no upgrade section");
    FAULT(HEAD "-- cmigrate: downgrade\n", "s.sql:1:23: the script has no upgrade section");
    FAULT(HEAD "-- cmigrate: revision b\n", "s.sql:3:14: 'revision' appears twice in the head");
    FAULT("-- cmigrate: revision a b\n", "s.sql:1:23: a script is one revision");
    FAULT("-- cmigrate: revision\n", "s.sql:1:14: the revision's id is missing");
    FAULT("-- cmigrate: revision a:b\n",
          "s.sql:1:23: Character(s) ':' not allowed in revision identifier 'a:b'");
    FAULT("-- cmigrate: revision head\n",
          "s.sql:1:23: 'head' has a meaning of its own and cannot be a revision identifier");
    FAULT(HEAD "-- cmigrate: lables x\n", "s.sql:3:14: unknown directive 'lables' [did you mean 'labels'?]");
    FAULT(HEAD "-- cmigrate:\n", "s.sql:3:13: a directive needs a word after `cmigrate:`");
    FAULT(HEAD "-- cmigrate: dialect sqlit\n", "s.sql:3:22: unknown engine 'sqlit' [did you mean 'sqlite'?]");
    FAULT(HEAD "CREATE TABLE x (y);\n-- cmigrate: upgrade\n", "s.sql:3:1: statements belong in sections");
    FAULT(HEAD "-- cmigrate: upgrade no-transactoin\n",
          "s.sql:3:22: unknown word 'no-transactoin' after upgrade [did you mean 'no-transaction'?]");
    FAULT(HEAD "-- cmigrate: upgrade (oracle)\n", "s.sql:3:22: unknown engine 'oracle'");
    FAULT(HEAD "-- cmigrate: upgrade\nSELECT 1;\n-- cmigrate: downgrad\n",
          "s.sql:5:14: unknown directive 'downgrad' [did you mean 'downgrade'?]");
    FAULT(HEAD "-- cmigrate: upgrade\n-- cmigrate: message x\n",
          "s.sql:4:14: 'message' belongs into the head, above the first section");
    FAULT(HEAD "-- cmigrate: upgrade\nSELECT 1;\nSELECT '\0'", "s.sql:5:0: a NUL byte: this is not SQL text");
    FAULT("\xff\xfe-\0-\0", "s.sql:1:0: this file is UTF-16, and a script is UTF-8");
    FAULT("-- cmigrate: revision a1\n-- cmigrate: parents a1\n-- cmigrate: upgrade\n",
          "s.sql:2:22: revision a1 is its own parent");
}

static void without_a_dialect_the_engine_that_runs_it_decides(void **state)
{
    Kit *kit = *state;
    static const char text[] =
        HEAD "-- cmigrate: upgrade\nSELECT 'it\\'s';\n-- cmigrate: downgrade\nSELECT 2;\n";
    Script script;
    Error err = { 0 };
    assert_true(script_read_text(kit->arena, "s.sql", (Text){ text, sizeof(text) - 1 }, &script, &err));
    for (Direction direction = UPGRADE; direction <= DOWNGRADE; direction++) {
        SectionList sections = { 0 };
        assert_true(script_sections(kit->arena, &script, &mysql, direction, &sections, &err));
        assert_int_equal(sections.count, 1);
        assert_int_equal(sections.items[0]->statements.count, 1);
    }
}

static void heads_alone_are_read_the_same(void **state)
{
    Kit *kit = *state;
    const char *path = kit_script(kit, "b2", "a1", "-- cmigrate: message hello", "SELECT 1;", "");
    Script script;
    Error err = { 0 };
    assert_true(script_read_head(kit->arena, path, &script, &err));
    assert_string_equal(script.revision, "b2");
    assert_string_equal(script.message, "hello");
    assert_int_equal(script.sections.count, 0);

    // A head longer than what is read at once
    StrBuf long_head;
    strbuf_init(&long_head, kit->arena);
    for (unsigned i = 0; i < 400; i++)
        strbuf_puts(&long_head, "-- a line of comment that says nothing\n");
    strbuf_puts(&long_head, "-- cmigrate: labels behind");
    path = kit_script(kit, "c3", "b2", long_head.text, "SELECT 1;", "");
    assert_true(script_read_head(kit->arena, path, &script, &err));
    assert_string_equal(kit_join(kit, &script.labels), "behind");
    kit_write(path, "-- cmigrate: revision c3\n");
    assert_false(script_read_head(kit->arena, path, &script, &err));
    assert_string_equal(err.message, "the script has no upgrade section");
}

static Statement statement(const char *sql) { return (Statement){ .sql = sql }; }

// Written and read again: message, labels and statements must be what they were, whatever bytes they hold.
static void round_trip(Kit *kit, const Dialect *dialect, const char *message, const char *const *sql,
                       size_t count)
{
    Script head = { .revision = "a1", .message = message }, back;
    StatementList up = { 0 }, down = { 0 };
    for (size_t i = 0; i < count; i++)
        *VEC_PUSH(kit->arena, &up) = statement(sql[i]);
    *VEC_PUSH(kit->arena, &down) = statement("SELECT 'down'");
    StrBuf out;
    strbuf_init(&out, kit->arena);
    script_write(&out, &head, dialect, &up, &down);
    Error err = { 0 };
    if (!script_read_text(kit->arena, "s.sql", (Text){ out.text, out.length }, &back, &err))
        fail_msg("%u:%u: %s in\n%s", err.at.line, err.at.column, err.message, out.text);
    assert_string_equal(back.message ? back.message : "", message ? message : "");
    for (Direction direction = UPGRADE; direction <= DOWNGRADE; direction++) {
        SectionList sections = { 0 };
        if (!script_sections(kit->arena, &back, dialect, direction, &sections, &err))
            fail_msg("%u:%u: %s in\n%s", err.at.line, err.at.column, err.message, out.text);
        assert_int_equal(sections.count, 1);
        const StatementList *want = direction == UPGRADE ? &up : &down;
        if (sections.items[0]->statements.count != want->count)
            fail_msg("%zu statements, not %zu, in\n%s", sections.items[0]->statements.count, want->count,
                     out.text);
        for (size_t i = 0; i < want->count; i++) {
            Text text = sections.items[0]->statements.items[i].sql;
            const char *wanted = want->items[i].sql;
            if (strlen(wanted) < text.n || memcmp(text.p, wanted, text.n) != 0)
                fail_msg("statement %zu came back as\n%.*s", i, (int)text.n, text.p);
        }
    }
}
#define ROUND_TRIP(dialect, message, ...)                                                                    \
    round_trip(kit, (dialect), (message), (const char *const[]){ __VA_ARGS__ },                              \
               COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static void messages_cannot_break_out(void **state)
{
    Kit *kit = *state;
    static const char *const messages[] = {
        "plain",
        "two\nlines\r\n-- cmigrate: downgrade\nDROP TABLE x;",
        "*/ '; DROP TABLE x; -- ",
        " leading and trailing ",
        "back\\slash \\n \\x41 \\",
        "\x01\x02\x7f\xc2\x85\xe2\x80\xa8\xe2\x80\xae\xff\xfe\xc3",
        "\xe2\x80\x8e\xd8\x9c\xef\xbb\xbf\xe2\x81\xa4",
        "ünïcödé ✓ 𝕏",
        "",
    };
    for (size_t i = 0; i < COUNT_OF(messages); i++)
        ROUND_TRIP(&sqlite, messages[i], "SELECT 1");
}

static void statements_cannot_break_out(void **state)
{
    Kit *kit = *state;
    ROUND_TRIP(&sqlite, "m", "CREATE TABLE t (a TEXT DEFAULT '\n-- cmigrate: downgrade\n; DROP TABLE x')",
               "SELECT 1 -- ends in a comment",
               "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n-- cmigrate: downgrade\nSELECT 1; END",
               "SELECT \"-- cmigrate: upgrade\n\"");
    ROUND_TRIP(&mysql, "m", "CREATE PROCEDURE p() BEGIN SELECT 1; END",
               "SELECT '\\'; -- cmigrate: upgrade\n'", "SELECT 1 # ends in a comment",
               "CREATE PROCEDURE q() BEGIN SELECT CASE WHEN end THEN 1 END; SELECT '//'; END");
}

static void comments_and_assertions_are_written_above(void **state)
{
    Kit *kit = *state;
    Script head = { .revision = "a1", .message = "m" }, back;
    *VEC_PUSH(kit->arena, &head.parents) = "z9";
    StatementList up = { 0 };
    *VEC_PUSH(kit->arena, &up) =
        (Statement){ .sql = "CREATE TABLE a (x)", .comment = "one\ncmigrate: downgrade\n\rthree" };
    *VEC_PUSH(kit->arena, &up) = (Statement){ .sql = "SELECT 1 WHERE 0", .assertion = "all\nis well" };
    *VEC_PUSH(kit->arena, &up) = (Statement){ .sql = "VACUUM", .no_transaction = true };
    *VEC_PUSH(kit->arena, &up) = (Statement){ .sql = "SELECT 2" };
    *VEC_PUSH(kit->arena, &up) = (Statement){ .sql = "SELECT 3", .starts_section = true };
    StrBuf out;
    strbuf_init(&out, kit->arena);
    script_write(&out, &head, &sqlite, &up, NULL);
    assert_string_equal(
        out.text,
        "-- cmigrate: revision a1\n-- cmigrate: parents z9\n-- cmigrate: message m\n-- cmigrate: dialect "
        "sqlite\n"
        "\n-- cmigrate: upgrade\n-- one\n-- \\cmigrate: downgrade\n-- \\rthree\nCREATE TABLE a (x);\n"
        "\n-- cmigrate: assert all\\nis well\nSELECT 1 WHERE 0;\n"
        "\n-- cmigrate: upgrade no-transaction\nVACUUM;\n"
        "\n-- cmigrate: upgrade\nSELECT 2;\n"
        "\n-- cmigrate: upgrade\nSELECT 3;\n"
        "\n-- cmigrate: downgrade\n");
    Error err = { 0 };
    SectionList sections = { 0 };
    assert_true(script_read_text(kit->arena, "s.sql", (Text){ out.text, out.length }, &back, &err));
    assert_true(script_sections(kit->arena, &back, &sqlite, UPGRADE, &sections, &err));
    assert_int_equal(sections.count, 4);
    assert_string_equal(sections.items[0]->statements.items[1].assertion, "all\nis well");
}

static void checksums_are_of_what_runs(void **state)
{
    Kit *kit = *state;
    static const char *const texts[] = {
        HEAD "-- cmigrate: upgrade\nSELECT 1;\nSELECT '\n';\n",
        HEAD
        "-- cmigrate: message other\n-- cmigrate: upgrade\n-- why\r\nSELECT 1  ;; /* x */\nSELECT '\r\n'",
        HEAD "-- cmigrate: upgrade\nSELECT 1;\nSELECT '';\n",
    };
    char sums[3][65];
    for (size_t i = 0; i < 3; i++) {
        Script script;
        SectionList sections = { 0 };
        Error err = { 0 };
        assert_true(
            script_read_text(kit->arena, "s.sql", (Text){ texts[i], strlen(texts[i]) }, &script, &err));
        assert_true(script_sections(kit->arena, &script, &sqlite, UPGRADE, &sections, &err));
        script_checksum(kit->arena, &sections, sums[i]);
    }
    assert_string_equal(sums[0], sums[1]);
    assert_string_not_equal(sums[0], sums[2]);
}

static void file_names_follow_the_template(void **state)
{
    Kit *kit = *state;
    const int64_t when = 1795256430; // 2026-11-21T10:20:30Z
    assert_string_equal(script_file_name(kit->arena, "{timestamp}_{revision}_{slug}", "3f2a",
                                         "Add posts & Tags!", when, 40, NULL),
                        "20261121102030_3f2a_add_posts_tags.sql");
    assert_string_equal(
        script_file_name(kit->arena, "{year}-{month}-{day}_{revision}", "3f2a", "x", when, 40, NULL),
        "2026-11-21_3f2a.sql");
    assert_string_equal(script_file_name(kit->arena, "{slug}", "1", "one two three four", 0, 10, NULL),
                        "one_two_.sql");
    assert_string_equal(
        script_file_name(kit->arena, "{revision}_{slug}", "1", "../../etc/passwd\n\x01", 0, 40, NULL),
        "1_etc_passwd.sql");
    assert_string_equal(script_file_name(kit->arena, "{revision}_{slug}", "1", "!!!", 0, 40, NULL), "1.sql");
    assert_string_equal(script_file_name(kit->arena, "{slug}", "1", "Привет, мир", 0, 40, NULL),
                        "Привет_мир.sql");
    Error err = { 0 };
    assert_null(script_file_name(kit->arena, "{revsion}", "1", "x", 0, 40, &err));
    assert_string_equal(err.message, "file_template has no '{revsion}'");
    assert_null(script_file_name(kit->arena, "../{revision}", "1", "x", 0, 40, &err));
    const char *id = revision_new_id(kit->arena);
    assert_int_equal(strlen(id), 12);
    assert_int_equal(strspn(id, "0123456789abcdef"), 12);
    assert_string_not_equal(id, revision_new_id(kit->arena));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIT_TEST(a_script_is_read),
        KIT_TEST(what_is_wrong_is_placed),
        KIT_TEST(without_a_dialect_the_engine_that_runs_it_decides),
        KIT_TEST(heads_alone_are_read_the_same),
        KIT_TEST(messages_cannot_break_out),
        KIT_TEST(statements_cannot_break_out),
        KIT_TEST(comments_and_assertions_are_written_above),
        KIT_TEST(checksums_are_of_what_runs),
        KIT_TEST(file_names_follow_the_template),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
