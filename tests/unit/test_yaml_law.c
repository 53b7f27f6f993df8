// The law of the model's file: what is written and read again is the same schema, whatever names and texts it holds.
// Schemas are made at random, from a seed that a failure prints, of all kinds and with hostile names, for every dialect.
#include "core/schema/schema_read.h"
#include "core/schema/schema_write.h"
#include "tests/support/cmocka_arena.h"
#include "tests/support/random_schema.h"
#include "tests/support/same_schema.h"

static void check_law(Arena *arena, const Dialect *dialect, uint64_t seed)
{
    const Schema *schema = make_schema(arena, dialect, seed);
    StrBuf first, again;
    strbuf_init(&first, arena);
    strbuf_init(&again, arena);
    schema_write_yaml(&first, schema);
    Schema back;
    RenameList renames = { 0 };
    Error err = { 0 };
    if (!schema_read_text(arena, "written.yaml", (Text){ first.text, first.length }, dialect, &back, &renames,
                          &err)) {
        print_error("%s, seed %llu: line %u: %s\n%.900s\n", dialect->name, (unsigned long long)seed,
                    err.at.line, err.message, first.text);
        fail();
    }
    Compared found = compare_schemas(schema, &back);
    if (found.what) {
        print_error("%s, seed %llu: %s of %s '%s'\n%.900s\n", dialect->name, (unsigned long long)seed,
                    found.what, object_kinds[found.object->kind].word, object_title(arena, found.object),
                    first.text);
        fail();
    }
    schema_write_yaml(&again, &back);
    assert_string_equal(first.text, again.text);
}

static void check_dialect(Dialect dialect)
{
    dialect.resolve = NULL;                      // the file alone, without what an engine implies
    dialect.caps &= ~(uint64_t)KEYS_MATCH_TYPES; // keys of the made-up schemas refer to whatever there is
    dialect.max_identifier = 0;                  // and have a column twice, as SQLite allows
    for (uint64_t seed = 1; seed <= 300; seed++) {
        Arena *arena = arena_new();
        check_law(arena, &dialect, seed);
        arena_free(arena);
    }
}

static void what_is_written_for_sqlite_reads_back_as_the_same(void **state)
{
    (void)state;
    check_dialect(sqlite_dialect);
}

static void what_is_written_for_postgresql_reads_back_as_the_same(void **state)
{
    (void)state;
    check_dialect(postgresql_dialect);
}

static void what_is_written_for_mysql_reads_back_as_the_same(void **state)
{
    (void)state;
    check_dialect(mysql_dialect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_for_sqlite_reads_back_as_the_same),
        cmocka_unit_test(what_is_written_for_postgresql_reads_back_as_the_same),
        cmocka_unit_test(what_is_written_for_mysql_reads_back_as_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
