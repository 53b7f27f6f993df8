// A look at the schema of a server that follows another one gives the same as a look at all of it, and reads what changed only.
#include <stdlib.h>

#include "tests/support/cmocka_arena.h"

#include "core/db/driver.h"
#include "core/diff/diff.h"

enum { ALL = -1 }; // everything is read again

typedef struct Trial {
    const char *sql;
    int read; // tables
} Trial;

// The server reports what a transaction wrote in other catalogues up to a second later, and until then a look reads all;
// pg_stat_force_next_flush has it report at once.
// Of a savepoint that is rolled back, of a transaction that is, and of one that ends: no look between these and the next.
static const Trial steps[] = {
    {"SELECT 1",                                                                                         ALL},
    { "CREATE TABLE p (id serial PRIMARY KEY, k integer UNIQUE, note varchar(20) COLLATE \"C\")",        1  },
    { "INSERT INTO p (k) VALUES (1)",                                                                    1  },
    { "CREATE TABLE c (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, p integer REFERENCES p (k))", 2  },
    { "CREATE INDEX c_p ON c (p DESC, (id + 1)) WHERE id > 0",                                           2  },
    { "CREATE TABLE alone (a integer NOT NULL, b text, CONSTRAINT odd CHECK (a > 0))",                   3  },
    { "COMMIT; BEGIN",                                                                                   0  },
    { "ALTER TABLE alone ADD COLUMN c numeric(8,2) DEFAULT 1.5",                                         1  },
    { "ALTER TABLE alone ALTER b SET STATISTICS 7, ALTER b SET STORAGE EXTERNAL",                        1  },
    { "CREATE INDEX alone_b ON alone (b text_pattern_ops)",                                              1  },
    { "ALTER INDEX alone_b RENAME TO alone_bb",                                                          1  },
    { "DROP INDEX alone_bb",                                                                             1  },
    { "ALTER TABLE alone DROP COLUMN c",                                                                 1  },
    { "COMMIT; BEGIN",                                                                                   0  },
    { "ALTER TABLE p RENAME COLUMN k TO key",                                                            2  },
    { "COMMIT; BEGIN",                                                                                   0  },
    { "ALTER TABLE p RENAME TO \"P p\"",                                                                 2  },
    { "COMMIT; BEGIN",                                                                                   0  },
    { "ALTER SEQUENCE p_id_seq RENAME TO counter",                                                       1  },
    { "ALTER SEQUENCE counter OWNED BY NONE",                                                            1  },
    { "COMMIT; BEGIN",                                                                                   0  },
    { "ALTER SEQUENCE counter INCREMENT BY 5",                                                           1  },
    { "CREATE SEQUENCE single START 7",                                                                  1  },
    { "DROP SEQUENCE single",                                                                            1  },
    { "SAVEPOINT s; DROP TABLE c",                                                                       1  },
    { "ROLLBACK TO s; SELECT 1",                                                                         ALL},
    { "SAVEPOINT s; CREATE TABLE t (a integer); RELEASE s; ALTER TABLE t ADD b integer",                 2  },
    { "DO 'BEGIN CREATE TABLE u (a integer); DROP TABLE t; END'",                                        2  },
    { "CREATE TEMPORARY TABLE passing (a integer)",                                                      ALL},
    { "SELECT pg_stat_force_next_flush(); COMMIT; DEALLOCATE ALL; BEGIN; ALTER TABLE u ADD b date",      1  },
    { "ALTER TABLE u ADD PRIMARY KEY (a)",                                                               1  },
    { "ROLLBACK; BEGIN; ALTER TABLE u ADD z integer",                                                    ALL},
    { "COMMENT ON COLUMN u.a IS 'said'",                                                                 ALL},
    { "COMMIT; BEGIN; SELECT pg_sleep(0)",                                                               0  },
    { "CREATE VIEW seen AS SELECT a FROM u",                                                             ALL},
    { "ALTER TABLE u RENAME COLUMN a TO aa",                                                             ALL},
    { "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",                 ALL},
    { "CREATE TRIGGER r BEFORE INSERT ON alone FOR EACH ROW EXECUTE FUNCTION f()",                       ALL},
    { "DROP TRIGGER r ON alone",                                                                         ALL},
    { "CREATE TYPE mood AS ENUM ('sad', 'glad')",                                                        ALL},
    { "ALTER TYPE mood RENAME VALUE 'sad' TO 'low'",                                                     ALL},
    { "CREATE DOMAIN positive AS integer",                                                               ALL},
    { "ALTER DOMAIN positive ADD CONSTRAINT above CHECK (value > 0)",                                    ALL},
    { "ALTER DOMAIN positive DROP CONSTRAINT above",                                                     ALL},
    { "DROP DOMAIN positive",                                                                            ALL},
    { "CREATE TYPE pair AS (a integer, b text)",                                                         ALL},
    { "ALTER TYPE pair RENAME ATTRIBUTE a TO x",                                                         ALL},
    { "GRANT SELECT ON alone TO PUBLIC",                                                                 ALL},
    { "GRANT UPDATE (aa) ON u TO PUBLIC",                                                                ALL},
    { "REVOKE UPDATE (aa) ON u FROM PUBLIC",                                                             ALL},
    { "CREATE TABLE parts (a integer) PARTITION BY RANGE (a)",                                           ALL},
    { "CREATE TABLE part PARTITION OF parts FOR VALUES FROM (1) TO (9)",                                 ALL},
    { "CREATE INDEX parts_a ON parts (a)",                                                               ALL},
    { "CREATE TABLE child (z integer) INHERITS (alone)",                                                 ALL},
    { "CREATE SCHEMA other CREATE TABLE far (a integer)",                                                ALL},
    { "CREATE STATISTICS both_of ON a, b FROM alone",                                                    ALL},
    { "ALTER TABLE alone ENABLE ROW LEVEL SECURITY",                                                     ALL},
    { "DROP TABLE u CASCADE",                                                                            ALL},
};

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
}

static int read_again(const Schema *before, const Schema *after)
{
    int fresh = 0;
    VEC_EACH (Table *, table, &after->tables) {
        bool same = false;
        VEC_EACH (Table *, it, &before->tables)
            same |= *it == *table;
        fresh += !same;
    }
    return fresh;
}

static void run(Db *db, const char *sql)
{
    Error err = { 0 };
    const char *at = sql, *end;
    for (; (end = strstr(at, "; ")) && strncmp(sql, "DO", 2) != 0 && strncmp(sql, "CREATE FUNCTION", 15) != 0;
         at = end + 2) {
        char one[200];
        snprintf(one, sizeof(one), "%.*s", (int)(end - at), at);
        if (!db_exec_in(db, SCOPE_SCRIPT, one, &err))
            fail_msg("%s\nin: %s", err.message, one);
    }
    if (!db_exec_in(db, SCOPE_SCRIPT, at, &err))
        fail_msg("%s\nin: %s", err.message, at);
}

// Executes the statement, looks both ways, and puts what was seen into *now.
static void check(Arena *arena, Db *db, const Trial *trial, Schema *now)
{
    Error err = { 0 };
    const Filter everything = { 0 };
    Schema whole = { 0 }, next = { 0 };
    bool shared = false;
    run(db, trial->sql);
    if (!db->driver->introspect_since(db, arena, &everything, now, &next, &shared, &err) ||
        !db->driver->introspect(db, arena, &everything, &whole, &err))
        fail_msg("%s\nafter: %s", err.message, trial->sql);
    equal(arena, &whole, &next, trial->sql);
    equal(arena, &next, &whole, trial->sql);
    schema_number(&next);
    int fresh = read_again(now, &next);
    if (shared != (trial->read != ALL) || (shared && fresh != trial->read))
        fail_msg("%d tables were read, %s, after: %s", fresh, shared ? "some" : "all", trial->sql);
    *now = next;
}

static void what_changed_is_read_and_nothing_else(void **state)
{
    static const char *const servers[] = { "CMIGRATE_TEST_PG15", "CMIGRATE_TEST_PG18" };
    size_t tried = 0;
    for (size_t i = 0; i < COUNT_OF(servers); i++) {
        const char *address = getenv(servers[i]);
        Error err = { 0 };
        Url url;
        Db *beside = NULL, *db = NULL;
        Schema now = { 0 };
        if (!address)
            continue;
        tried++;
        const char *text = arena_printf(*state, "%s/postgres", address);
        if (!url_parse(*state, text, &url, &err) ||
            !db_open(*state, &url, &(ConnectOptions){ 0 }, &beside, &err) ||
            !db_scratch(beside, *state, &db, &err))
            fail_msg("%s", err.message);
        run(db, "BEGIN");
        for (size_t k = 0; k < COUNT_OF(steps); k++)
            check(*state, db, &steps[k], &now);
        db_close(db);
        db_close(beside);
    }
    if (!tried)
        exit(77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_changed_is_read_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
