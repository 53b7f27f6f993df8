// The maker of rows: values at the edges of their types, distinct ones, what CHECK constraints take, cycles, and the seed.
#include <regex.h>

#include "core/rows/internal.h"
#include "tests/support/sqlite_kit.h"

static Db *database;

// Fills all tables; what became of each.
static RowsMadeList fill(Arena *arena, const char *tables, uint64_t seed, size_t count)
{
    RowsMadeList made = { 0 };
    Error err = { 0 };
    database = kit_build(arena, tables);
    Schema schema = kit_see(database, arena);
    const RowsRequest request = { .schema = &schema, .seed = seed, .count = count };
    if (!rows_make(database, arena, &request, &made, &err))
        fail_msg("%s", err.message);
    return made;
}

static const RowsMade *made_in(const RowsMadeList *made, const char *table)
{
    VEC_EACH (const RowsMade, it, made)
        if (strcmp(it->table->head.name, table) == 0)
            return it;
    fail_msg("no word of table %s", table);
    return NULL;
}

static void full(Arena *arena, const char *tables)
{
    RowsMadeList made = fill(arena, tables, 1, 0);
    VEC_EACH (RowsMade, it, &made)
        if (it->made != ROWS_USUAL)
            fail_msg("table %s has %zu rows: %s", it->table->head.name, it->made,
                     it->refused ? it->refused : "");
}

static const char *value(Arena *arena, const char *query) { return kit_value(database, arena, query); }

static void leave(void) { db_close(database); }

// --- values --------------------------------------------------------------------

static void edges_are_those_of_the_type(void **state)
{
    Arena *arena = *state;
    const Dialect *d = &sqlite_dialect;
    const TypeValues small = { .kind = TAKES_INTEGER, .least = -32768, .greatest = 32767 };
    const TypeValues money = { .kind = TAKES_DECIMAL, .digits = 5, .scale = 2 };
    const TypeValues fraction = { .kind = TAKES_DECIMAL, .digits = 2, .scale = 3 };
    const TypeValues text = { .kind = TAKES_TEXT, .length = 4 };
    assert_string_equal(value_edge(arena, d, &small, EDGE_UPPER), "32767");
    assert_string_equal(value_edge(arena, d, &small, EDGE_LOWER), "-32768");
    assert_null(value_edge(arena, d, &small, EDGE_AWKWARD));
    assert_string_equal(value_edge(arena, d, &money, EDGE_UPPER), "999.99");
    assert_string_equal(value_edge(arena, d, &money, EDGE_LOWER), "-999.99");
    assert_string_equal(value_edge(arena, d, &fraction, EDGE_UPPER), "0.099");
    assert_string_equal(value_edge(arena, d, &text, EDGE_UPPER), "'abcZ'");
    assert_string_equal(value_edge(arena, d, &text, EDGE_LOWER), "''");
    assert_string_equal(value_edge(arena, d, &text, EDGE_AWKWARD), "'O''B\"'");
}

static void keys_are_distinct_until_there_are_no_more(void **state)
{
    Arena *arena = *state;
    const TypeValues types[] = {
        {.kind = TAKES_INTEGER,  .least = -128, .greatest = 127 },
        { .kind = TAKES_INTEGER,       .least = 0, .greatest = 1 },
        { .kind = TAKES_DECIMAL, .digits = 3, .scale = 1 },
        { .kind = TAKES_TEXT,         .length = 1 },
        { .kind = TAKES_TEXT},
        { .kind = TAKES_BYTES,            .length = 1, .hex = "X'" },
        { .kind = TAKES_DATE   },
        { .kind = TAKES_TIME                    },
    };
    static const size_t most[] = { 127, 2, 98, 26, 300, 256, 300, 300 };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        NameList seen = { 0 };
        for (size_t n = 0; n < 300; n++) {
            const char *key = value_key(arena, &sqlite_dialect, &types[i], n);
            if (!key)
                break;
            assert_false(names_have(&seen, key));
            *VEC_PUSH(arena, &seen) = key;
        }
        if (seen.count < most[i] || (most[i] < 300 && seen.count > most[i] + 1))
            fail_msg("type %zu has %zu keys, not %zu", i, seen.count, most[i]);
    }
}

static void a_pattern_gives_texts_that_it_matches(void **state)
{
    Arena *arena = *state;
    static const char *const patterns[] = { "^ab{3}c$", "^(x|yy)+$", "^[A-D][[:digit:]]{2,4}-?$",
                                            "^[^a]+@[a-z]*[.](org|net)$" };
    for (size_t i = 0; i < COUNT_OF(patterns); i++) {
        regex_t compiled;
        assert_int_equal(regcomp(&compiled, patterns[i], REG_EXTENDED | REG_NOSUB), 0);
        for (uint64_t n = 0; n < 40; n++) {
            const char *text = value_of_pattern(arena, patterns[i], n);
            if (!text || regexec(&compiled, text, 0, NULL, 0) != 0)
                fail_msg("'%s' is not of %s", text ? text : "nothing", patterns[i]);
        }
        regfree(&compiled);
    }
    assert_string_equal(value_of_pattern(arena, "A%_", 0), "Ax");
    assert_null(value_of_pattern(arena, "plain", 0));
}

// --- tables --------------------------------------------------------------------

static void every_row_is_taken(void **state)
{
    full(*state, "CREATE TABLE a (id INTEGER PRIMARY KEY, n SMALLINT NOT NULL, t VARCHAR(5) NOT NULL UNIQUE "
                 "COLLATE NOCASE,"
                 " d DATE, at TIMESTAMP, p DECIMAL(6,2), b BLOB);"
                 "CREATE TABLE b (x INT NOT NULL, y INT NOT NULL REFERENCES a (id), PRIMARY KEY (x, y));"
                 "CREATE TABLE c (b_x INT NOT NULL, b_y INT NOT NULL, up INT REFERENCES c (id), id INTEGER "
                 "PRIMARY KEY,"
                 " FOREIGN KEY (b_x, b_y) REFERENCES b (x, y));");
    assert_string_equal(value(*state, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
    assert_string_equal(value(*state, "SELECT count(*) > 3 FROM c WHERE up IS NOT NULL"), "1");
    assert_string_equal(value(*state, "SELECT max(n) || ' ' || min(n) FROM a"), "32767 -32768");
    assert_string_equal(value(*state, "SELECT count(*) > 0 FROM a WHERE b IS NULL"), "1");
    leave();
}

static void checks_are_kept(void **state)
{
    full(*state,
         "CREATE TABLE a (id INTEGER PRIMARY KEY CHECK (id > 100), low INT NOT NULL, high INT NOT NULL,"
         " kind TEXT NOT NULL CHECK (kind IN ('new', 'old')), code TEXT NOT NULL CHECK (length(code) = 7),"
         " pct REAL NOT NULL CHECK (pct BETWEEN 0.5 AND 0.75), x INT, y INT, CHECK (low < high),"
         " CHECK ((x IS NULL) <> (y IS NULL)));");
    assert_string_equal(value(*state, "SELECT count(DISTINCT kind) FROM a"), "2");
    leave();
}

static void tables_of_a_circle_come_before_what_needs_them(void **state)
{
    full(*state, "PRAGMA foreign_keys = ON;"
                 "CREATE TABLE a_buyer (id INTEGER PRIMARY KEY, store INT NOT NULL REFERENCES store (id));"
                 "CREATE TABLE staff (id INTEGER PRIMARY KEY, store INT NOT NULL REFERENCES store (id));"
                 "CREATE TABLE store (id INTEGER PRIMARY KEY, chief INT NOT NULL REFERENCES staff (id));");
    assert_string_equal(value(*state, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
    leave();
}

static void what_cannot_be_filled_says_why(void **state)
{
    Arena *arena = *state;
    RowsMadeList made =
        fill(arena,
             "CREATE TABLE none (i INT CHECK (i < 0 AND i > 0) NOT NULL); CREATE TABLE flag (on_ BOOLEAN "
             "PRIMARY KEY);"
             "CREATE TABLE child (id INTEGER PRIMARY KEY, none_id INT NOT NULL REFERENCES none (i));"
             "CREATE TABLE shut (i INT); CREATE TRIGGER no BEFORE INSERT ON shut BEGIN SELECT RAISE(ABORT, "
             "'not today'); END;",
             1, 5);
    assert_int_equal(made_in(&made, "none")->made, 0);
    assert_non_null(strstr(made_in(&made, "none")->refused, "CHECK constraint failed"));
    assert_non_null(strstr(made_in(&made, "child")->refused, "table none has no rows"));
    assert_non_null(strstr(made_in(&made, "shut")->refused, "not today"));
    assert_true(made_in(&made, "flag")->full);
    assert_int_equal(made_in(&made, "flag")->made, 2);
    leave();
}

static void the_same_seed_gives_the_same_rows(void **state)
{
    Arena *arena = *state;
    static const char tables[] = "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT, n INT, d DATE, r REAL)";
    static const char all[] = "SELECT group_concat(quote(t) || quote(n) || quote(d) || quote(r)) FROM a";
    const char *rows[3];
    for (uint64_t i = 0; i < COUNT_OF(rows); i++) {
        (void)fill(arena, tables, 1 + i / 2, 30);
        rows[i] = value(arena, all);
        leave();
    }
    assert_string_equal(rows[0], rows[1]);
    assert_string_not_equal(rows[0], rows[2]);
}

static void one_row_more_leaves_nothing(void **state)
{
    Arena *arena = *state;
    Error err = { 0 };
    RowsMadeList tried = { 0 };
    (void)fill(arena,
               "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT UNIQUE); CREATE TABLE b (i INT UNIQUE CHECK "
               "(i IN (1, 2)))",
               1, 0);
    Schema schema = kit_see(database, arena);
    const RowsRequest request = { .schema = &schema, .seed = 1 };
    assert_true(rows_try_one(database, arena, &request, &tried, &err));
    assert_int_equal(made_in(&tried, "a")->made, 1);
    assert_string_equal(value(arena, "SELECT count(*) FROM a"), "20");
    leave();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(edges_are_those_of_the_type),
        TEST(keys_are_distinct_until_there_are_no_more),
        TEST(a_pattern_gives_texts_that_it_matches),
        TEST(every_row_is_taken),
        TEST(checks_are_kept),
        TEST(tables_of_a_circle_come_before_what_needs_them),
        TEST(what_cannot_be_filled_says_why),
        TEST(the_same_seed_gives_the_same_rows),
        TEST(one_row_more_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
