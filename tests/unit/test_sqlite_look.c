// A look at the schema that follows another one gives the same as a look at all of it, and reads what changed only.
#include "core/diff/diff.h"
#include "tests/support/sqlite_kit.h"

static void equal(Arena *arena, const Schema *a, const Schema *b, const char *after)
{
    ChangeList changes = { 0 };
    RenameList none = { 0 };
    const Schema *renamed;
    assert_true(diff_schemas(arena, a->dialect, a, b, &none, &changes, &renamed, &(Error){ 0 }));
    if (changes.count)
        fail_msg("after: %s", after);
    assert_int_equal(a->tables.count, b->tables.count);
    assert_int_equal(a->objects.count, b->objects.count);
    assert_int_equal(a->object_count, b->object_count);
    for (size_t i = 0; i < a->tables.count; i++) {
        assert_string_equal(a->tables.items[i]->head.name, b->tables.items[i]->head.name);
        assert_int_equal(a->tables.items[i]->indexes.count, b->tables.items[i]->indexes.count);
    }
}

static size_t read_again(const Schema *before, const Schema *after)
{
    size_t fresh = 0;
    VEC_EACH (Table *, table, &after->tables) {
        bool same = false;
        VEC_EACH (Table *, it, &before->tables)
            same |= *it == *table;
        fresh += !same;
    }
    return fresh;
}

// Executes the statement, looks both ways, and puts what was seen into *now. Gives the number of tables that were read.
static size_t step(void **state, Db *db, const char *sql, Schema *now)
{
    Error err = { 0 };
    Schema whole = { 0 }, next = { 0 };
    bool shared = false;
    if (!db->driver->exec(db, sql, &err))
        fail_msg("%s: %s", sql, err.message);
    assert_true(db->driver->introspect_since(db, *state, NULL, now, &next, &shared, &err));
    assert_true(db->driver->introspect(db, *state, NULL, &whole, &err));
    equal(*state, &whole, &next, sql);
    equal(*state, &next, &whole, sql);
    schema_number(&next);
    size_t fresh = read_again(now, &next);
    *now = next;
    return fresh;
}

static Schema look(void **state, Db *db)
{
    Schema schema = { 0 };
    assert_true(db->driver->introspect(db, *state, NULL, &schema, &(Error){ 0 }));
    return schema;
}

static void what_changed_is_read_and_nothing_else(void **state)
{
    Db *db =
        kit_build(*state, "CREATE TABLE a (id integer PRIMARY KEY, n text); CREATE INDEX a_n ON a (n);"
                          "CREATE TABLE b (a REFERENCES a); CREATE TABLE c (x); CREATE INDEX c_x ON c (x);"
                          "CREATE VIEW v AS SELECT x FROM c;"
                          "CREATE TRIGGER r AFTER INSERT ON c BEGIN SELECT 1; END");
    static const struct {
        const char *sql;
        size_t read;
    } steps[] = {
        {"SELECT 1",                                 0},
        { "INSERT INTO c VALUES (1)",                0},
        { "ALTER TABLE b ADD COLUMN y integer",      1},
        { "CREATE INDEX b_y ON b (y)",               1},
        { "CREATE TABLE d (z)",                      1},
        { "DROP INDEX c_x",                          1},
        { "CREATE VIEW w AS SELECT y FROM b",        0},
        { "DROP VIEW v",                             0},
        { "DROP TRIGGER r",                          0},
        { "ALTER TABLE a RENAME COLUMN n TO m",      1},
        { "ALTER TABLE a RENAME TO \"A b\"",         2},
        { "DROP TABLE d",                            0},
        { "CREATE TABLE d (z, q UNIQUE)",            1},
        { "CREATE VIRTUAL TABLE f USING fts5(body)", 4},
        { "DROP TABLE f",                            3},
        { "VACUUM",                                  0},
    };
    Schema now = look(state, db);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        size_t read = step(state, db, steps[i].sql, &now);
        if (steps[i].read != read && !strstr(steps[i].sql, "f") && strcmp(steps[i].sql, "VACUUM") != 0)
            fail_msg("%s: %zu tables were read", steps[i].sql, read);
    }
    db_close(db);
}

static void a_look_does_not_grow_with_the_schema(void **state)
{
    StrBuf sql;
    strbuf_init(&sql, *state);
    for (int i = 0; i < 200; i++)
        strbuf_printf(&sql, "CREATE TABLE t%d (a, b); CREATE INDEX i%d ON t%d (a);", i, i, i);
    Db *db = kit_build(*state, sql.text);
    size_t used = arena_used(*state);
    Schema now = look(state, db);
    size_t whole = arena_used(*state) - used;
    used = arena_used(*state);
    bool shared;
    Schema next;
    assert_true(db->driver->introspect_since(db, *state, NULL, &now, &next, &shared, &(Error){ 0 }));
    assert_true(shared);
    assert_int_equal(read_again(&now, &next), 0);
    assert_true((arena_used(*state) - used) * 2 < whole); // lists of pointers, no tables
    assert_int_equal(step(state, db, "ALTER TABLE t7 ADD COLUMN c", &now), 1);
    db_close(db);
}

static void what_a_rollback_took_back_is_as_it_was(void **state)
{
    Db *db = kit_build(*state, "CREATE TABLE a (x); CREATE TABLE b (y)");
    Schema before = look(state, db), now = before, again;
    bool shared;
    assert_true(db->driver->begin(db, &(Error){ 0 }));
    assert_int_equal(step(state, db, "DROP TABLE a", &now), 0);
    assert_int_equal(step(state, db, "CREATE TABLE e (x)", &now), 1);
    assert_true(db->driver->rollback(db, &(Error){ 0 }));
    assert_true(db->driver->introspect_since(db, *state, NULL, &before, &again, &shared, &(Error){ 0 }));
    equal(*state, &before, &again, "rollback");
    assert_int_equal(read_again(&before, &again), 0);
    assert_int_equal(step(state, db, "CREATE TABLE f (x)", &now), 2); // `now` is of what was taken back
    db_close(db);
}

// Primary key and UNIQUE first, then unique indexes; an index of some rows only is no key of the table.
static void keys_are_those_of_all_rows(void **state)
{
    static const char *const expected[] = { "id", "a", "b" };
    Db *db =
        kit_build(*state, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT, c INT, d TEXT);"
                          "CREATE INDEX ix_d ON t (d); CREATE UNIQUE INDEX ix_b ON t (b);"
                          "CREATE UNIQUE INDEX ix_c ON t (c) WHERE c > 1;");
    const Schema schema = kit_see(db, *state);
    const Table *table = schema_table(&schema, NULL, "t");
    size_t at = 0;
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const PartList *parts = table_next_key(table, &at);
        assert_non_null(parts);
        assert_int_equal(parts->count, 1);
        assert_string_equal(parts->items[0].column, expected[i]);
    }
    assert_null(table_next_key(table, &at));
    assert_null(table_next_key(table, &at));
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_changed_is_read_and_nothing_else),
        TEST(a_look_does_not_grow_with_the_schema),
        TEST(what_a_rollback_took_back_is_as_it_was),
        TEST(keys_are_those_of_all_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
