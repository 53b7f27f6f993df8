// The parser of SQLite's DDL: what SQLite takes is read, and what is written from it is the same table again.
#include "tests/support/sqlite_kit.h"

#include <stdio.h>
#include <sys/stat.h>

#include "drivers/sqlite/ddl/ddl.h"

static Table *read_table(void **state, const char *text)
{
    Table *table = NULL;
    Error err = { 0 };
    if (!ddl_table(*state, "t", text, &table, &err))
        fail_msg("%s", err.message);
    return table;
}

static const char *written(Arena *arena, const Schema *schema)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Table *, table, &schema->tables) {
        if ((*table)->is_virtual)
            strbuf_puts(&out, (*table)->head.definition);
        else
            sqlite_put_table(&out, *table, NULL, (*table)->ddl);
        strbuf_puts(&out, ";\n");
        VEC_EACH (Index *, index, &(*table)->indexes) {
            StrBuf text;
            strbuf_init(&text, arena);
            sqlite_put_index(&text, *index);
            strbuf_printf(&out, "%s;\n", text.text);
        }
    }
    VEC_EACH (Object *, object, &schema->objects) {
        StrBuf text;
        strbuf_init(&text, arena);
        if ((*object)->kind == OBJECT_VIEW)
            sqlite_put_view(&text, (const View *)(const void *)*object);
        else
            strbuf_puts(&text, (*object)->definition);
        strbuf_printf(&out, "%s;\n", text.text);
    }
    return out.text;
}

// What the engine itself says of a schema, whatever its texts look like.
static const char *engine_says(Db *db, Arena *arena)
{
    return kit_value(
        db, arena,
        "SELECT group_concat(line, char(10)) FROM (SELECT line FROM ("
        " SELECT 'table ' || name || ' ' || wr || ' ' || strict AS line FROM pragma_table_list WHERE schema "
        "= 'main'"
        " UNION ALL SELECT 'column ' || m.name || '.' || c.name || ' ' || lower(replace(replace(c.type, ' ', "
        "''),"
        "   'GENERATED ALWAYS', '')) || ' ' || \"notnull\" || ' ' || pk || ' ' || hidden"
        "   FROM sqlite_master m, pragma_table_xinfo(m.name) c"
        " UNION ALL SELECT 'key ' || m.name || ' ' || f.\"table\" || ' ' || f.\"from\" || ' ' || "
        "ifnull(f.\"to\", '?')"
        "   || ' ' || on_update || ' ' || on_delete || ' ' || match FROM sqlite_master m, "
        "pragma_foreign_key_list(m.name) f"
        " UNION ALL SELECT 'index ' || m.name || ' ' || i.origin || ' ' || i.\"unique\" || ' ' || i.partial "
        "|| ' ' ||"
        "   (SELECT group_concat(ifnull(x.name, '?') || ' ' || x.\"desc\" || ' ' || ifnull(x.coll, '')) FROM"
        "    pragma_index_xinfo(i.name) x) FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = "
        "'table'"
        ") ORDER BY line)");
}

static void survives(void **state, const char *sql)
{
    Arena *arena = *state;
    Db *first = kit_build(arena, sql), *second = kit_open(arena);
    Schema seen = kit_see(first, arena);
    const char *text = written(arena, &seen);
    kit_run(second, text);
    Schema again = kit_see(second, arena);
    Plan plan = kit_plan(arena, &again, &seen, NULL);
    if (plan.statements.count)
        fail_msg("%s\nbecame\n%s\nwhich still needs\n%s", sql, text, kit_sql(arena, &plan));
    assert_string_equal(engine_says(second, arena), engine_says(first, arena));
    db_close(first);
    db_close(second);
}

static void names_of_every_quoting_are_read(void **state)
{
    Table *t = read_table(
        state, "CREATE TABLE [a t] (\"c\"\"d\" int, [e f] text, `g``h` real, 'i''j' blob, \u00fcber)");
    const char *const names[] = { "c\"d", "e f", "g`h", "i'j", "\u00fcber" };
    assert_int_equal(t->columns.count, COUNT_OF(names));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_string_equal(t->columns.items[i]->head.name, names[i]);
}

static void a_type_is_any_number_of_words(void **state)
{
    Table *t = read_table(
        state, "CREATE TABLE t (a, b  double   precision, c varchar ( 10 ), d numeric(10,2), "
               "e timestamp with time zone NOT NULL, f \"my type\"(-3), g int generated always as (1))");
    const char *const types[] = { "",
                                  "double precision",
                                  "varchar(10)",
                                  "numeric(10, 2)",
                                  "timestamp with time zone",
                                  "\"my type\"(-3)",
                                  "int" };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        assert_string_equal(t->columns.items[i]->type, types[i]);
}

static void constraints_stand_in_any_order(void **state)
{
    Table *t = read_table(
        state, "CREATE TABLE t (a text COLLATE nocase DEFAULT 'x' CONSTRAINT nn NOT NULL ON CONFLICT "
               "IGNORE CHECK (a <> '') REFERENCES u (b) ON DELETE SET NULL DEFERRABLE INITIALLY "
               "DEFERRED CONSTRAINT k UNIQUE ON CONFLICT REPLACE)");
    const Column *a = t->columns.items[0];
    assert_string_equal(a->collation, "nocase");
    assert_string_equal(a->default_sql, "'x'");
    assert_false(a->nullable);
    assert_string_equal(option_get(&a->head.options, "not_null_name"), "nn");
    assert_string_equal(option_get(&a->head.options, "not_null_on_conflict"), "ignore");
    assert_int_equal(t->constraints.count, 3);
    assert_string_equal(t->constraints.items[0]->expression, "a <> ''");
    assert_string_equal(t->constraints.items[1]->on_delete, "SET NULL");
    assert_int_equal(t->constraints.items[1]->deferral, DEFERRABLE_DEFERRED);
    assert_string_equal(t->constraints.items[2]->head.name, "k");
    assert_string_equal(option_get(&t->constraints.items[2]->head.options, "on_conflict"), "replace");
}

static void defaults_are_kept_as_they_stand(void **state)
{
    Table *t = read_table(
        state, "CREATE TABLE t (a DEFAULT -1, b DEFAULT +2.5e3, c DEFAULT (datetime('now', '+1 day')), "
               "d DEFAULT CURRENT_TIMESTAMP, e DEFAULT true, f DEFAULT x'00ff' NOT NULL, g DEFAULT \"s\")");
    const char *const defaults[] = {
        "-1", "+2.5e3", "(datetime('now', '+1 day'))", "CURRENT_TIMESTAMP", "true", "x'00ff'", "\"s\""
    };
    for (size_t i = 0; i < COUNT_OF(defaults); i++)
        assert_string_equal(t->columns.items[i]->default_sql, defaults[i]);
}

static void what_it_does_not_understand_is_said(void **state)
{
    static const char *const bad[] = { "CREATE TABLE t",
                                       "CREATE TABLE t (",
                                       "CREATE TABLE t (a",
                                       "CREATE TABLE t (a int,,)",
                                       "CREATE TABLE t (a DEFAULT)",
                                       "CREATE TABLE t (a CHECK (1)",
                                       "SELECT 1",
                                       "CREATE TABLE t (a) WITH",
                                       "CREATE TABLE t (a 'x",
                                       "" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Table *table = NULL;
        Error err = { 0 };
        assert_false(ddl_table(*state, "t", bad[i], &table, &err));
        assert_int_equal(err.code, ERR_UNSUPPORTED);
        assert_non_null(strstr(err.message, "expected"));
    }
}

static void what_sqlite_takes_comes_out_the_same(void **state)
{
    static const char *const texts[] = {
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
        "CREATE TABLE t (a INTEGER PRIMARY KEY DESC, b); CREATE TABLE u (a INTEGER, PRIMARY KEY (a DESC))",
        "CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT)",
        "CREATE TABLE t (a INTEGER, b, PRIMARY KEY (a AUTOINCREMENT))",
        "CREATE TABLE t (a INTEGER, PRIMARY KEY (a DESC AUTOINCREMENT))",
        "CREATE TABLE t (a, b, c, CONSTRAINT pk PRIMARY KEY (a COLLATE nocase DESC, b)) WITHOUT ROWID",
        "CREATE TABLE t (a INT, b ANY, c REAL) STRICT",
        "CREATE TABLE t (a INT PRIMARY KEY, b TEXT) STRICT, WITHOUT ROWID",
        "CREATE TABLE t (a int, b AS (a + 1), c text GENERATED ALWAYS AS (a || ')') STORED NOT NULL UNIQUE)",
        "CREATE TABLE t (a, b, CHECK (a > 0) ON CONFLICT IGNORE, CONSTRAINT c CHECK (a < b), UNIQUE (a, b) "
        "ON CONFLICT FAIL)",
        "CREATE TABLE t (a, b, CONSTRAINT x CHECK (a > 0) CONSTRAINT y UNIQUE (a) FOREIGN KEY (b) REFERENCES "
        "t (a))",
        "CREATE TABLE p (a, b, PRIMARY KEY (a, b)); CREATE TABLE t (x, y, FOREIGN KEY (x, y) REFERENCES p ON "
        "UPDATE CASCADE"
        " ON DELETE SET DEFAULT NOT DEFERRABLE INITIALLY DEFERRED, FOREIGN KEY (y) REFERENCES p (b) MATCH "
        "FULL)",
        "CREATE TABLE t (a int CONSTRAINT n1 NULL CONSTRAINT d1 DEFAULT 4 CONSTRAINT c1 COLLATE rtrim "
        "CONSTRAINT lonely)",
        "CREATE TABLE t (a text COLLATE nocase COLLATE rtrim, b NULL ON CONFLICT FAIL, c UNIQUE DEFERRABLE)",
        "CREATE TABLE t (/* a */ a -- b, c\n int, b /*)*/ DEFAULT (1 /* x */ + 2) -- the end\n)",
        "CREATE TABLE t (\"a\"\"b\" \"ty pe\", [c d] [e f](1), 'g' 'h' DEFAULT 'it''s', `i` DEFAULT \"j\")",
        "CREATE TABLE t (a DEFAULT (1 + 2), key, replace, abort, generated, always, row, x generated)",
        "CREATE TABLE s (a, b); CREATE TABLE t AS SELECT a, b + 1, 'x' AS \"c d\" FROM s",
        "CREATE TABLE t (a, b, c); CREATE INDEX i ON t (a COLLATE nocase DESC, b ASC, c); CREATE UNIQUE "
        "INDEX j ON t "
        "(lower(a), b || 'x' COLLATE rtrim DESC) WHERE c IS NOT NULL AND (a > 1)",
        "CREATE TABLE t (a, \"b c\"); CREATE INDEX i ON t ('a', \"b c\", (a), (a + 1) DESC, a COLLATE nocase "
        "|| 'q')",
        "CREATE TABLE t (a); CREATE VIEW v (x, \"y z\") AS SELECT a, a FROM t; CREATE VIEW w AS SELECT 1 -- "
        "one\n, 2",
        "CREATE TABLE t (a); CREATE TRIGGER r AFTER UPDATE OF a ON t WHEN old.a <> new.a BEGIN SELECT 1; "
        "DELETE FROM t; END",
        "CREATE TABLE t (a); ALTER TABLE t ADD COLUMN b int DEFAULT 3 CHECK (b > 1); ALTER TABLE t RENAME TO "
        "\"u v\"",
        "CREATE TABLE t (a, UNIQUE (a), UNIQUE (a), CHECK (1), CHECK (1))",
        "CREATE TABLE t (a CHECK (t.a > 0), b CHECK (\"t\".b <> T.a))",
        "CREATE VIRTUAL TABLE f USING fts5(a, b, tokenize = 'porter'); CREATE VIRTUAL TABLE r USING "
        "rtree(id, x0, x1)",
        "CREATE TABLE t (a int UNIQUE ON CONFLICT IGNORE REFERENCES t (a) ON INSERT CASCADE DEFERRABLE "
        "INITIALLY IMMEDIATE)",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        survives(state, texts[i]);
}

static void hostile_names_survive(void **state)
{
    static const char *const names[] = { "\"",
                                         "'",
                                         "`",
                                         "]",
                                         "a;b",
                                         "--",
                                         "/*",
                                         "*/",
                                         "\n",
                                         "a.b",
                                         "%s",
                                         "\\",
                                         "\u00e9\u4e2d",
                                         "select",
                                         "x\"; DROP TABLE t; --" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        StrBuf name;
        strbuf_init(&name, *state);
        sqlite_dialect.put_identifier(&name, names[i]);
        survives(state,
                 arena_printf(*state,
                              "CREATE TABLE %s (%s int CONSTRAINT %s CHECK (%s > 0), b, UNIQUE (%s));"
                              "CREATE INDEX i ON %s (%s DESC)",
                              name.text, name.text, name.text, name.text, name.text, name.text, name.text));
    }
}

static void types_are_read_both_ways(void **state)
{
    static const char *const pairs[][2] = {
        {"integer",         "INTEGER"       },
        { "string(80)",     "VARCHAR(80)"   },
        { "numeric(10, 2)", "NUMERIC(10, 2)"},
        { "boolean",        "BOOLEAN"       },
        { "text",           "TEXT"          },
        { "json",           "JSON"          },
        { "blob",           "BLOB"          },
        { "datetime",       "DATETIME"      },
        { "char(36)",       "CHAR(36)"      },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const char *wrong = NULL;
        assert_string_equal(sqlite_dialect.type_native(*state, pairs[i][0], &wrong), pairs[i][1]);
        assert_string_equal(sqlite_dialect.type_portable(*state, pairs[i][1]), pairs[i][0]);
    }
}

static void any_type_of_a_live_table_comes_back(void **state)
{
    static const char *const types[] = { "",
                                         "int",
                                         "uuid",
                                         "UUID",
                                         "interval",
                                         "String",
                                         "strng",
                                         "binary(16)",
                                         "enum",
                                         "text[]",
                                         "varchar(80)",
                                         "\"my type\"",
                                         "'odd'(3)",
                                         "bigint unsigned",
                                         "BIGINT AUTO_INCREMENT",
                                         "bigint auto_increment",
                                         "text comment 'x'",
                                         "text generated",
                                         "int key",
                                         "Integer",
                                         "json(3)",
                                         "timestamp with time zone" };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const char *wrong = NULL, *portable = sqlite_dialect.type_portable(*state, types[i]);
        const char *native = sqlite_dialect.type_native(*state, portable, &wrong);
        if (!native || !sqlite_dialect.same_type(*state, native, types[i]))
            fail_msg("'%s' became '%s' and '%s'", types[i], portable, native ? native : "nothing");
    }
}

static void a_misspelt_type_is_refused(void **state)
{
    static const char *const types[] = {
        "strng",           "strng(80)",      "integr",
        "boolen",          "string(x)",      "db.text",
        "enum(red, blue)", "numeric(1,2,3)", "varchar(80) character set latin1",
        "TEXT NOT NULL",   "TEXT, D INT",    "INTEGER AUTOINCREMENT",
        "PRIMARY KEY",     "text) --",       "text auto_increment",
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const char *wrong = NULL;
        assert_null(sqlite_dialect.type_native(*state, types[i], &wrong));
        assert_ptr_equal(wrong, types[i]);
    }
}

// The text is tried in a statement of its own: what follows it is not run.
static void a_type_runs_nothing(void **state)
{
    const char *file = "type-that-attaches.db", *wrong = NULL;
    FILE *empty = fopen(file, "w");
    assert_non_null(empty);
    fclose(empty);
    const char *type = arena_printf(*state, "INT KEY\n); ATTACH '%s' AS x; CREATE TABLE x.y (z INT", file);
    assert_null(sqlite_dialect.type_native(*state, type, &wrong));
    struct stat now;
    assert_int_equal(stat(file, &now), 0);
    assert_int_equal(now.st_size, 0);
    remove(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_of_every_quoting_are_read),
        TEST(a_type_is_any_number_of_words),
        TEST(constraints_stand_in_any_order),
        TEST(defaults_are_kept_as_they_stand),
        TEST(what_it_does_not_understand_is_said),
        TEST(what_sqlite_takes_comes_out_the_same),
        TEST(hostile_names_survive),
        TEST(types_are_read_both_ways),
        TEST(any_type_of_a_live_table_comes_back),
        TEST(a_misspelt_type_is_refused),
        TEST(a_type_runs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
