// The splitter of scripts: what ends a statement, on each engine.
#include "tests/support/cmocka_arena.h"

#include <string.h>

#include "core/revision/script.h"
#include "core/revision/splitter.h"

static Dialect rules_of(unsigned lex) { return (Dialect){ .name = "any", .lex = lex }; }

// The statements, joined by " | ".
static const char *split(Arena *arena, unsigned lex, const char *text)
{
    Dialect dialect = rules_of(lex);
    Section section = { 0 };
    Error err = { 0 };
    if (!script_split(arena, &dialect, (Text){ text, strlen(text) }, (SourcePos){ "s.sql", 1, 1, 0 },
                      &section, &err))
        return arena_printf(arena, "%u:%u: %s", err.at.line, err.at.column, err.message);
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (ScriptStatement, it, &section.statements) {
        strbuf_puts(&out, it == section.statements.items ? "" : " | ");
        strbuf_put(&out, it->sql.p, it->sql.n);
    }
    return out.text;
}

static void check(Arena *arena, unsigned lex, const char *text, const char *want)
{
    assert_string_equal(split(arena, lex, text), want);
}

// Each part is one statement: joined by ";\n" they must come out again.
static void check_parts(Arena *arena, unsigned lex, const char *const *parts, size_t count)
{
    Dialect dialect = rules_of(lex);
    StrBuf text;
    strbuf_init(&text, arena);
    for (size_t i = 0; i < count; i++)
        strbuf_printf(&text, "%s;\n", parts[i]);
    Section section = { 0 };
    Error err = { 0 };
    if (!script_split(arena, &dialect, (Text){ text.text, text.length }, (SourcePos){ "s.sql", 1, 1, 0 },
                      &section, &err))
        fail_msg("%u:%u: %s", err.at.line, err.at.column, err.message);
    for (size_t i = 0; i < count && i < section.statements.count; i++) {
        const ScriptStatement *it = &section.statements.items[i];
        if (it->sql.n != strlen(parts[i]) || memcmp(it->sql.p, parts[i], it->sql.n) != 0)
            fail_msg("statement %zu is\n%.*s\nnot\n%s", i + 1, (int)it->sql.n, it->sql.p, parts[i]);
    }
    assert_int_equal(section.statements.count, count);
}
#define CHECK_PARTS(arena, lex, ...)                                                                         \
    check_parts((arena), (lex), (const char *const[]){ __VA_ARGS__ },                                        \
                COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static void semicolons_end_statements(void **state)
{
    check(*state, LEX_SQLITE, "SELECT 1; SELECT 2;\n;;\nSELECT 3", "SELECT 1 | SELECT 2 | SELECT 3");
    check(*state, LEX_SQLITE, "", "");
    check(*state, LEX_SQLITE, " \n-- only a comment\n/* and another; */;\n", "");
    check(*state, LEX_SQLITE, "SELECT 1 -- it; is\n;SELECT 2 /* ; */ ;", "SELECT 1 | SELECT 2");
}

static void quotes_hide_semicolons(void **state)
{
    check(*state, LEX_SQLITE, "SELECT ';', \"a;b\", `c;d`, [e;f], 'it''s;'; X",
          "SELECT ';', \"a;b\", `c;d`, [e;f], 'it''s;' | X");
    check(*state, LEX_POSTGRESQL, "SELECT 'a\\'; SELECT 2", "SELECT 'a\\' | SELECT 2");
    check(*state, LEX_POSTGRESQL, "SELECT E'a\\';b'; X", "SELECT E'a\\';b' | X");
    check(*state, LEX_POSTGRESQL, "SELECT e'a\\\\'; X", "SELECT e'a\\\\' | X");
    check(*state, LEX_POSTGRESQL, "SELECT U&'d;\\0061', U&\"x;\"; X", "SELECT U&'d;\\0061', U&\"x;\" | X");
    check(*state, LEX_MYSQL, "SELECT 'a\\';b', \"c\\\";d\", `e;\\`; X",
          "SELECT 'a\\';b', \"c\\\";d\", `e;\\` | X");
    check(*state, LEX_MYSQL, "SELECT 1 # not; this\n; SELECT 2", "SELECT 1 | SELECT 2");
    check(*state, LEX_MYSQL, "SELECT 5--1; X", "SELECT 5--1 | X");
    check(*state, LEX_MYSQL, "SELECT _utf8mb4'a;b', N'c;', X'3b'; X",
          "SELECT _utf8mb4'a;b', N'c;', X'3b' | X");
}

static void dollar_quotes_hide_all(void **state)
{
    CHECK_PARTS(*state, LEX_POSTGRESQL,
                "CREATE FUNCTION f() RETURNS int AS $$ BEGIN; RETURN 1; END $$ LANGUAGE plpgsql",
                "DO $do$ BEGIN PERFORM $$x;$$; PERFORM $x$;$x$; END $do$", "SELECT $1, a$b$c, $$;$$",
                "SELECT $_t1$ $t1$ ; $_t1$", "SELECT $é$;$é$");
    check(*state, LEX_POSTGRESQL, "SELECT $a$ ; $b$", "1:8: this quote does not end");
}

static void comments_nest_in_postgresql_only(void **state)
{
    check(*state, LEX_POSTGRESQL, "SELECT /* a /* ; */ ; */ 1; X", "SELECT /* a /* ; */ ; */ 1 | X");
    check(*state, LEX_SQLITE, "SELECT /* a /* ; */ 1; X", "SELECT /* a /* ; */ 1 | X");
}

static void executable_comments_are_code(void **state)
{
    check(*state, LEX_MYSQL, "/*!40101 SET NAMES utf8 */;\n/*M!100 SELECT ';*/' */; X",
          "/*!40101 SET NAMES utf8 */ | /*M!100 SELECT ';*/' */ | X");
    CHECK_PARTS(*state, LEX_MYSQL,
                "/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER t BEFORE INSERT ON "
                "x FOR EACH ROW BEGIN "
                "SET NEW.a = 1; SET NEW.b = '*/'; END */",
                "SELECT /*+ MAX_EXECUTION_TIME(1) */ 1");
}

static void sqlite_triggers_end_with_end(void **state)
{
    CHECK_PARTS(*state, LEX_SQLITE,
                "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = CASE WHEN 1 THEN 2 END; DELETE "
                "FROM c; END",
                "CREATE TEMP TRIGGER IF NOT EXISTS \"t;\" AFTER UPDATE OF x ON a WHEN new.x > 1 BEGIN SELECT "
                "CASE new.end WHEN 1 "
                "THEN RAISE(ABORT, 'no;') END; END",
                "create temporary trigger t delete on a begin update a set end = 1, begin = 2; select 1; end",
                "CREATE TABLE trigger_log (begin text, \"end\" text)", "SELECT 1");
    check(*state, LEX_SQLITE, "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END -- done\n;\nX",
          "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END | X");
}

static void postgresql_bodies_without_quotes(void **state)
{
    CHECK_PARTS(*state, LEX_POSTGRESQL,
                "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN "
                "a > 1 THEN 2 ELSE 3 END; "
                "SELECT 4; END",
                "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END", "BEGIN", "SELECT 1 AS end",
                "END", "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO l VALUES (1); DELETE FROM m)",
                "SELECT 2");
}

static void mysql_routines_need_no_delimiter(void **state)
{
    CHECK_PARTS(
        *state, LEX_MYSQL,
        "CREATE PROCEDURE p(IN begin INT, OUT x INT) COMMENT 'b;' BEGIN IF a THEN SET x = 1; ELSEIF b THEN "
        "SET x = IF(a, 1, 2); END "
        "IF; END",
        "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET NEW.a = 1",
        "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW IF NEW.a IS NULL THEN SET NEW.a = 1; END IF",
        "CREATE TRIGGER t AFTER UPDATE ON x FOR EACH ROW FOLLOWS u IF NOT EXISTS (SELECT 1) THEN INSERT INTO "
        "t (start, end) VALUES (1, "
        "2); END IF",
        "CREATE DEFINER=`root`@`%` TRIGGER t AFTER DELETE ON x FOR EACH ROW BEGIN DELETE FROM y; END",
        "CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN IF(a, 1, 2)",
        "CREATE FUNCTION f() RETURNS SET('a','b') CHARSET utf8 NO SQL BEGIN RETURN CASE WHEN 1 THEN 'a' ELSE "
        "'b' END; END",
        "CREATE EVENT IF NOT EXISTS e ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01' ON COMPLETION PRESERVE DO "
        "BEGIN DELETE FROM l; END",
        "CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP DO DELETE FROM l",
        "ALTER EVENT e DO BEGIN SELECT 1; SELECT 2; END",
        "CREATE PROCEDURE p() lp: LOOP SET @i = @i + 1; IF @i > 3 THEN LEAVE lp; END IF; END LOOP lp",
        "CREATE PROCEDURE p() BEGIN REPEAT SET @a = REPEAT('x', 2); UNTIL @a > 5 END REPEAT; WHILE 1 DO "
        "SELECT 1; END WHILE; END",
        "CREATE PROCEDURE p() BEGIN CASE x WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE; SELECT CASE WHEN "
        "a THEN b END; END",
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END; "
        "DECLARE CONTINUE HANDLER FOR "
        "NOT FOUND SET done = IF(1, 2, 3); DECLARE c CURSOR FOR SELECT 1; SELECT end FROM t WHERE t.end > "
        "begin; END",
        "CREATE PROCEDURE p() MODIFIES SQL DATA SQL SECURITY INVOKER label: BEGIN DROP TABLE IF EXISTS t; "
        "CREATE TABLE IF NOT EXISTS t "
        "(a INT); END label",
        "CREATE TABLE `trigger` (begin INT, end INT)", "DROP PROCEDURE IF EXISTS p", "BEGIN",
        "INSERT INTO t VALUES (1)", "COMMIT", "SELECT REPEAT('a', 3), IF(1, 2, 3)");
}

static void mariadb_blocks_on_their_own(void **state)
{
    CHECK_PARTS(*state, LEX_MYSQL, "BEGIN NOT ATOMIC SELECT 1; IF x THEN SELECT 2; END IF; END",
                "IF EXISTS (SELECT 1) THEN SELECT 2; SELECT 3; END IF", "FOR i IN 1..3 DO SELECT i; END FOR",
                "WHILE 0 DO SELECT 1; END WHILE",
                "CREATE OR REPLACE PROCEDURE p() FOR i IN 1..3 DO SELECT i; END FOR", "SELECT 9");
}

static void delimiters_are_accepted(void **state)
{
    check(*state, LEX_MYSQL,
          "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nSELECT ';//' //\ndelimiter ;\nSELECT 2;",
          "CREATE PROCEDURE p() BEGIN SELECT 1; END | SELECT ';//' | SELECT 2");
    check(*state, LEX_MYSQL, "DELIMITER $$\nSELECT 1; SELECT a$$b$$\nDELIMITER ;\nX",
          "SELECT 1; SELECT a | b | X");
    check(*state, LEX_MYSQL, "DELIMITER ;;\nSELECT 1; SELECT 2 ;;\nDELIMITER ;\n;X",
          "SELECT 1; SELECT 2 | X");
    check(*state, LEX_MYSQL, "DELIMITER\nSELECT 1",
          "1:1: DELIMITER needs a delimiter after it, on the same line");
}

static void commands_of_clients_are_refused(void **state)
{
    check(*state, LEX_POSTGRESQL, "SELECT 1;\n\\connect other\nSELECT 2",
          "2:1: '\\connect other' is a command of psql, not SQL: it cannot run in a script");
    check(*state, LEX_POSTGRESQL, "COPY t (a) FROM stdin;\n1\n\\.\n",
          "1:1: COPY … FROM STDIN cannot run in a script: its data is for psql to send");
    check(*state, LEX_POSTGRESQL, "COPY t FROM '/x';", "COPY t FROM '/x'");
    check(*state, LEX_SQLITE, "SELECT 1;\n.mode csv\n",
          "2:1: '.mode csv' is a command of the sqlite3 shell, not SQL: it cannot run in a script");
    check(*state, LEX_MYSQL, "SELECT 1\\G\n",
          "1:9: '\\G' is a command of the mysql client, not SQL: it cannot run in a script");
}

static void what_does_not_end_is_placed(void **state)
{
    check(*state, LEX_SQLITE, "SELECT 1;\n  é 'abc;\n", "2:5: this quote does not end");
    check(*state, LEX_MYSQL, "SELECT 1;\n/* abc;\n", "2:1: this comment does not end");
}

static void places_count_lines_and_characters(void **state)
{
    Dialect dialect = rules_of(LEX_SQLITE);
    Section section = { 0 };
    Error err = { 0 };
    static const char text[] = "\r\nSELECT 'é\r\nü';  -- cmigrate\r\n  /* é */ SELECT 2;\r\n";
    assert_true(script_split(*state, &dialect, (Text){ text, sizeof(text) - 1 },
                             (SourcePos){ "s.sql", 10, 1, 0 }, &section, &err));
    assert_int_equal(section.statements.count, 2);
    assert_int_equal(section.statements.items[0].at.line, 11);
    assert_int_equal(section.statements.items[0].at.column, 1);
    assert_int_equal(section.statements.items[1].at.line, 13);
    assert_int_equal(section.statements.items[1].at.column, 11);
}

static void assertions_belong_to_the_statement_below(void **state)
{
    Dialect dialect = rules_of(LEX_SQLITE);
    Section section = { 0 };
    Error err = { 0 };
    static const char text[] =
        "SELECT 1;\n-- cmigrate: assert no row of it\\nmay be NULL\n-- why\nSELECT 2;\nSELECT 3;";
    assert_true(script_split(*state, &dialect, (Text){ text, sizeof(text) - 1 },
                             (SourcePos){ "s.sql", 1, 1, 0 }, &section, &err));
    assert_int_equal(section.statements.count, 3);
    assert_null(section.statements.items[0].assertion);
    assert_string_equal(section.statements.items[1].assertion, "no row of it\nmay be NULL");
    assert_null(section.statements.items[2].assertion);
    check(*state, LEX_SQLITE, "-- cmigrate: assert\nSELECT 1",
          "1:14: an assertion needs a text that says what is wrong when it fails");
    check(*state, LEX_SQLITE, "-- cmigrate: assert x\n", "1:14: no statement follows this assertion");
    check(*state, LEX_SQLITE, "-- cmigrate: asert x\nSELECT 1", "1:14: unknown directive 'asert'");
    check(*state, LEX_SQLITE, "SELECT\n-- cmigrate: assert x\n1",
          "2:14: an assertion belongs above a statement, not inside one");
    check(*state, LEX_SQLITE, "-- cmigrate: assert x\n/* y */ create TABLE a (x);",
          "2:9: an assertion belongs above a query that must give no row, and this is none");
    check(*state, LEX_MYSQL, "-- cmigrate: assert x\nDELETE FROM a RETURNING x;",
          "2:1: an assertion belongs above a query that must give no row, and this is none");
    check(*state, LEX_SQLITE, "-- cmigrate: assert x\nPRAGMA foreign_key_check;", "PRAGMA foreign_key_check");
}

static void directives_in_bodies_are_comments(void **state)
{
    CHECK_PARTS(*state, LEX_SQLITE,
                "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n-- cmigrate: downgrade\nSELECT 1; END",
                "SELECT '\n-- cmigrate: x\n'");
    CHECK_PARTS(*state, LEX_MYSQL, "CREATE PROCEDURE p() BEGIN\n-- cmigrate: downgrade\nSELECT 1; END");
    CHECK_PARTS(*state, LEX_POSTGRESQL, "DO $$\n-- cmigrate: downgrade\n$$");
}

static void mysql_reads_quotes_as_sql_mode_says(void **state)
{
    CHECK_PARTS(*state, LEX_MYSQL, "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'", "SELECT 'a\\'",
                "SELECT ';\\'", "SET sql_mode = DEFAULT", "SELECT 'a\\';'");
    CHECK_PARTS(*state, LEX_MYSQL, "SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')", "SELECT \"a\\\"",
                "SELECT 'a\\';'", "SET sql_mode = REPLACE(@@sql_mode, 'ANSI_QUOTES', '')",
                "SELECT \"a\\\";\"");
    CHECK_PARTS(*state, LEX_MYSQL,
                "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_BACKSLASH_ESCAPES' */", "SELECT 'a\\'",
                "/*!40101 SET SQL_MODE=@OLD_SQL_MODE */", "SELECT 'a\\';'");
    CHECK_PARTS(*state, LEX_MYSQL, "SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'", "SELECT 'a\\';'");
    CHECK_PARTS(*state, LEX_MYSQL, "SET @x = 'sql_mode', @y = 'NO_BACKSLASH_ESCAPES'", "SELECT 'a\\';'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(semicolons_end_statements),
        TEST(quotes_hide_semicolons),
        TEST(dollar_quotes_hide_all),
        TEST(comments_nest_in_postgresql_only),
        TEST(executable_comments_are_code),
        TEST(sqlite_triggers_end_with_end),
        TEST(postgresql_bodies_without_quotes),
        TEST(mysql_routines_need_no_delimiter),
        TEST(mariadb_blocks_on_their_own),
        TEST(delimiters_are_accepted),
        TEST(commands_of_clients_are_refused),
        TEST(what_does_not_end_is_placed),
        TEST(places_count_lines_and_characters),
        TEST(assertions_belong_to_the_statement_below),
        TEST(directives_in_bodies_are_comments),
        TEST(mysql_reads_quotes_as_sql_mode_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
