// What PostgreSQL is told to do for a change, on hand-made schemas.
#include "tests/support/cmocka_arena.h"

#include <string.h>

#include "core/diff/diff.h"
#include "core/plan/plan.h"
#include "drivers/postgresql/postgresql.h"

static Column *add_column(Arena *arena, Table *table, const char *name, const char *type)
{
    Column *column = column_new(arena, table, name);
    column->type = type;
    column->nullable = true;
    *VEC_PUSH(arena, &table->columns) = column;
    return column;
}

// A table with one column `a`.
static Table *add_table(Arena *arena, Schema *schema, const char *name, const char *type)
{
    Table *table = table_new(arena, NULL, name);
    add_column(arena, table, "a", type);
    *VEC_PUSH(arena, &schema->tables) = table;
    return table;
}

static Constraint *add_key(Arena *arena, Table *table, ObjectKind kind, const char *name, const char *column)
{
    Constraint *key = constraint_new(arena, table, kind, name);
    if (column)
        VEC_PUSH(arena, &key->parts)->column = column;
    *VEC_PUSH(arena, &table->constraints) = key;
    return key;
}

static Index *add_index(Arena *arena, Table *table, const char *name, const char *column)
{
    Index *index = index_new(arena, table, name);
    VEC_PUSH(arena, &index->parts)->column = column;
    *VEC_PUSH(arena, &table->indexes) = index;
    return index;
}

static EnumType *add_enum(Arena *arena, Schema *schema, const char *name, const char *a, const char *b)
{
    EnumType *type = object_new(arena, OBJECT_ENUM, NULL, NULL, name);
    *VEC_PUSH(arena, &type->values) = a;
    if (b)
        *VEC_PUSH(arena, &type->values) = b;
    *VEC_PUSH(arena, &schema->objects) = &type->head;
    return type;
}

static Object *add_object(Arena *arena, Schema *schema, ObjectKind kind, const char *table, const char *name,
                          const char *definition)
{
    Object *object = object_new(arena, kind, NULL, table, name);
    object->definition = definition;
    *VEC_PUSH(arena, &schema->objects) = object;
    return object;
}

static Plan plan_with(Arena *arena, Schema *have, Schema *want, const RenameList *renames, bool online)
{
    have->dialect = want->dialect = &postgresql_dialect;
    schema_sort(have);
    schema_sort(want);
    ChangeList changes = { 0 };
    const Schema *renamed = NULL;
    PlanOptions options = { .online = online };
    Plan plan = { 0 };
    Error err = { 0 };
    if (!diff_schemas(arena, &postgresql_dialect, have, want, renames, &changes, &renamed, &err) ||
        !plan_build(arena, &postgresql_dialect, renamed, want, &changes, renames, &options, &plan, &err))
        fail_msg("%s", err.message);
    return plan;
}

static const char *lines(Arena *arena, const Plan *plan)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Statement, statement, &plan->statements) {
        strbuf_puts(&out, statement->assertion ? "assert " : "");
        strbuf_puts(&out, statement->starts_section ? "| " : "");
        strbuf_puts(&out, statement->no_transaction ? "! " : "");
        strbuf_printf(&out, "%s\n", statement->sql);
    }
    return out.text;
}

static const char *planned(Arena *arena, Schema *have, Schema *want)
{
    Plan plan = plan_with(arena, have, want, NULL, false);
    return lines(arena, &plan);
}

static void a_table_carries_its_columns_and_keys(void **state)
{
    Schema have = { 0 }, want = { 0 };
    Table *table = add_table(*state, &want, "odd \"name\"", "integer");
    table->columns.items[0]->nullable = false;
    table->columns.items[0]->autoincrement = true;
    add_column(*state, table, "b", "text")->default_sql = "'x'::text";
    add_key(*state, table, OBJECT_PRIMARY_KEY, "pk", "a");
    table->head.comment = "it's";
    assert_string_equal(planned(*state, &have, &want),
                        "CREATE TABLE \"odd \"\"name\"\"\" (\n    \"a\" serial NOT NULL,\n"
                        "    \"b\" text DEFAULT 'x'::text,\n    CONSTRAINT \"pk\" PRIMARY KEY (\"a\")\n)\n"
                        "COMMENT ON TABLE \"odd \"\"name\"\"\" IS 'it''s'\n");
}

static void a_type_without_a_cast_goes_through_text_and_its_default_steps_aside(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &have, "t", "text")->columns.items[0]->default_sql = "'0'::text";
    add_table(*state, &want, "t", "integer")->columns.items[0]->default_sql = "0";
    assert_string_equal(planned(*state, &have, &want),
                        "ALTER TABLE \"t\"\n  ALTER COLUMN \"a\" DROP DEFAULT,\n"
                        "  ALTER COLUMN \"a\" TYPE integer USING \"a\"::integer,\n"
                        "  ALTER COLUMN \"a\" SET DEFAULT 0\n");
}

static void changes_of_one_table_are_one_statement_behind_what_they_assert(void **state)
{
    Schema have = { 0 }, want = { 0 };
    Table *old = add_table(*state, &have, "t", "integer"), *new = add_table(*state, &want, "t", "bigint");
    add_column(*state, old, "b", "integer");
    add_column(*state, old, "gone", "text");
    add_column(*state, new, "b", "bigint")->head.comment = "wide";
    new->columns.items[0]->nullable = new->columns.items[1]->nullable = false;
    add_column(*state, new, "c", "text")->head.comment = "new";
    add_column(*state, new, "d", "integer");
    add_key(*state, new, OBJECT_CHECK, "positive", NULL)->expression = "b > 0";
    Plan plan = plan_with(*state, &have, &want, NULL, false);
    assert_string_equal(lines(*state, &plan),
                        "assert SELECT ctid FROM \"t\" WHERE \"a\" IS NULL LIMIT 1\n"
                        "assert SELECT ctid FROM \"t\" WHERE \"b\" IS NULL LIMIT 1\n"
                        "ALTER TABLE \"t\"\n  ADD COLUMN \"c\" text,\n  ADD COLUMN \"d\" integer,\n"
                        "  ALTER COLUMN \"a\" TYPE bigint,\n  ALTER COLUMN \"a\" SET NOT NULL,\n"
                        "  ALTER COLUMN \"b\" TYPE bigint,\n  ALTER COLUMN \"b\" SET NOT NULL,\n"
                        "  DROP COLUMN \"gone\",\n  ADD CONSTRAINT \"positive\" CHECK (b > 0)\n"
                        "COMMENT ON COLUMN \"t\".\"c\" IS 'new'\n"
                        "COMMENT ON COLUMN \"t\".\"b\" IS 'wide'\n");
    assert_string_equal(plan.statements.items[2].comment,
                        "loses data: column gone of table t; locks: ACCESS EXCLUSIVE; "
                        "rewrites the table and its indexes; the values of gone are gone");
    // with --online each reading of rows begins without locks
    plan = plan_with(*state, &have, &want, NULL, true);
    VEC_EACH (Statement, it, &plan.statements)
        assert_true(!it->assertion || it == plan.statements.items || it[-1].starts_section ||
                    it->starts_section);
}

static void a_wider_type_needs_no_using(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &have, "t", "character varying(10)");
    add_table(*state, &want, "t", "text");
    Plan plan = plan_with(*state, &have, &want, NULL, false);
    assert_string_equal(lines(*state, &plan), "ALTER TABLE \"t\" ALTER COLUMN \"a\" TYPE text\n");
    assert_string_equal(plan.statements.items[0].comment, "locks: ACCESS EXCLUSIVE");
}

static void not_null_says_first_which_rows_are_in_the_way(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &have, "t", "text");
    add_table(*state, &want, "t", "text")->columns.items[0]->nullable = false;
    assert_string_equal(planned(*state, &have, &want),
                        "assert SELECT ctid FROM \"t\" WHERE \"a\" IS NULL LIMIT 1\n"
                        "ALTER TABLE \"t\" ALTER COLUMN \"a\" SET NOT NULL\n");
}

static void serial_becomes_identity_and_counts_on(void **state)
{
    Schema have = { 0 }, want = { 0 };
    Column *old = add_table(*state, &have, "t", "integer")->columns.items[0];
    Column *new = add_table(*state, &want, "t", "integer")->columns.items[0];
    old->nullable = new->nullable = false;
    old->autoincrement = true;
    new->identity = IDENTITY_ALWAYS;
    assert_string_equal(
        planned(*state, &have, &want),
        "ALTER TABLE \"t\" ALTER COLUMN \"a\" DROP DEFAULT\n"
        "DROP SEQUENCE \"t_a_seq\"\n"
        "ALTER TABLE \"t\" ALTER COLUMN \"a\" ADD GENERATED ALWAYS AS IDENTITY\n"
        "SELECT setval('\"t_a_seq\"', max(\"a\")) FROM \"t\" HAVING max(\"a\") BETWEEN 1 AND 2147483647\n");
}

static void an_enum_grows_in_place_and_its_new_value_waits_for_a_section(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_enum(*state, &have, "mood", "sad", NULL);
    add_enum(*state, &want, "mood", "so-so", "sad");
    add_table(*state, &have, "t", "mood");
    add_table(*state, &want, "t", "mood")->columns.items[0]->default_sql = "'so-so'::mood";
    assert_string_equal(planned(*state, &have, &want),
                        "ALTER TYPE \"mood\" ADD VALUE 'so-so' BEFORE 'sad'\n"
                        "| ALTER TABLE \"t\" ALTER COLUMN \"a\" SET DEFAULT 'so-so'::mood\n");
}

static void an_enum_that_loses_a_value_is_replaced_under_its_columns(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_enum(*state, &have, "mood", "sad", "ok");
    add_enum(*state, &want, "mood", "ok", NULL);
    add_table(*state, &have, "t", "mood[]")->columns.items[0]->default_sql = "'{}'::mood[]";
    add_table(*state, &want, "t", "mood[]")->columns.items[0]->default_sql = "'{}'::mood[]";
    assert_string_equal(planned(*state, &have, &want),
                        "ALTER TYPE \"mood\" RENAME TO \"mood_old\"\n"
                        "CREATE TYPE \"mood\" AS ENUM ('ok')\n"
                        "ALTER TABLE \"t\"\n  ALTER COLUMN \"a\" DROP DEFAULT,\n"
                        "  ALTER COLUMN \"a\" TYPE mood[] USING \"a\"::text[]::mood[],\n"
                        "  ALTER COLUMN \"a\" SET DEFAULT '{}'::mood[]\n"
                        "DROP TYPE \"mood_old\"\n");
}

static void a_body_is_replaced_in_place_and_a_return_type_is_not(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_object(*state, &have, OBJECT_FUNCTION, NULL, "f()",
               "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$SELECT 1$$");
    add_object(*state, &want, OBJECT_FUNCTION, NULL, "f()",
               "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$SELECT 2$$");
    add_object(*state, &have, OBJECT_FUNCTION, NULL, "g()",
               "CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS $$SELECT 1$$");
    add_object(*state, &want, OBJECT_FUNCTION, NULL, "g()",
               "CREATE FUNCTION g() RETURNS text LANGUAGE sql AS $$SELECT 'a'$$");
    assert_string_equal(planned(*state, &have, &want),
                        "SET LOCAL check_function_bodies = off\n"
                        "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS $$SELECT 2$$\n"
                        "DROP FUNCTION \"g\"()\n"
                        "CREATE FUNCTION g() RETURNS text LANGUAGE sql AS $$SELECT 'a'$$\n");
}

static void a_view_makes_way_for_a_change_of_type_below_it(void **state)
{
    Schema have = { .depends_known = true }, want = { 0 };
    Table *old = add_table(*state, &have, "t", "integer");
    add_table(*state, &want, "t", "bigint");
    Schema *const sides[] = { &have, &want };
    for (size_t i = 0; i < 2; i++) {
        View *view = object_new(*state, OBJECT_VIEW, NULL, NULL, "v");
        view->query = "SELECT a FROM t";
        view->head.comment = "kept";
        *VEC_PUSH(*state, &sides[i]->objects) = &view->head;
        if (i == 0)
            *VEC_PUSH(*state, &view->head.depends_on) = &old->columns.items[0]->head;
    }
    assert_string_equal(planned(*state, &have, &want), "DROP VIEW \"v\"\n"
                                                       "ALTER TABLE \"t\" ALTER COLUMN \"a\" TYPE bigint\n"
                                                       "CREATE VIEW \"v\" AS\nSELECT a FROM t\n"
                                                       "COMMENT ON VIEW \"v\" IS 'kept'\n");
}

static void columns_that_change_names_go_by_a_third(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_column(*state, add_table(*state, &have, "t", "integer"), "b", "text");
    Table *table = add_table(*state, &want, "t", "text");
    add_column(*state, table, "b", "integer");
    RenameList renames = { 0 };
    *VEC_PUSH((Arena *)*state, &renames) =
        (Rename){ .kind = OBJECT_COLUMN, .table = "t", .from = "a", .to = "b" };
    *VEC_PUSH((Arena *)*state, &renames) =
        (Rename){ .kind = OBJECT_COLUMN, .table = "t", .from = "b", .to = "a" };
    Plan plan = plan_with(*state, &have, &want, &renames, false);
    assert_string_equal(lines(*state, &plan),
                        "ALTER TABLE \"t\" RENAME COLUMN \"a\" TO \"cmigrate_swap_1\"\n"
                        "ALTER TABLE \"t\" RENAME COLUMN \"b\" TO \"a\"\n"
                        "ALTER TABLE \"t\" RENAME COLUMN \"cmigrate_swap_1\" TO \"b\"\n");
}

static void a_table_that_becomes_partitioned_keeps_its_rows(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &have, "t", "integer");
    option_set(*state, &add_table(*state, &want, "t", "integer")->head.options, PG_PARTITION_BY, "RANGE (a)");
    Table *part = table_new(*state, NULL, "t_1");
    option_set(*state, &part->head.options, PG_PARTITION_OF, "t");
    option_set(*state, &part->head.options, PG_PARTITION_BOUND, "FOR VALUES FROM (0) TO (10)");
    *VEC_PUSH((Arena *)*state, &want.tables) = part;
    const char *plan = planned(*state, &have, &want), *at = plan;
    const char *const in_order[] = {
        "CREATE SCHEMA \"cmigrate_old\"\nALTER TABLE \"t\" SET SCHEMA \"cmigrate_old\"\n"
        "CREATE TABLE \"t\" (\n    \"a\" integer\n) PARTITION BY RANGE (a)\n"
        "CREATE TABLE \"t_1\" PARTITION OF \"t\" FOR VALUES FROM (0) TO (10)\nDO $move$",
        "SET LOCAL row_security = off",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "EXECUTE quiet",
        "INSERT INTO \"t\" (\"a\") OVERRIDING SYSTEM VALUE\n        SELECT \"a\" FROM \"cmigrate_old\".\"t\"",
        "IF had IS DISTINCT FROM got",
        "EXECUTE restore",
        "DROP TABLE \"cmigrate_old\".\"t\"\nDROP SCHEMA \"cmigrate_old\"\n",
    };
    for (size_t i = 0; i < COUNT_OF(in_order); i++) {
        at = strstr(at, in_order[i]);
        if (!at)
            fail_msg("no '%s' behind the others in\n%s", in_order[i], plan);
    }
}

static void online_builds_indexes_beside_the_table_in_use(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &have, "t", "integer");
    Table *table = add_table(*state, &want, "t", "integer");
    add_index(*state, table, "ix", "a");
    add_index(*state, add_table(*state, &want, "u", "integer"), "iu", "a");
    Plan plan = plan_with(*state, &have, &want, NULL, true);
    assert_string_equal(lines(*state, &plan), "SET LOCAL lock_timeout = '800ms'\n"
                                              "CREATE TABLE \"u\" (\n    \"a\" integer\n)\n"
                                              "! SET lock_timeout = '5s'\n"
                                              "! DROP INDEX CONCURRENTLY IF EXISTS \"ix\"\n"
                                              "! CREATE INDEX CONCURRENTLY \"ix\" ON \"t\" (\"a\")\n"
                                              "SET LOCAL lock_timeout = '800ms'\n"
                                              "CREATE INDEX \"iu\" ON \"u\" (\"a\")\n");
}

static void online_keeps_a_replaced_index_until_the_new_one_is_built(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_index(*state, add_table(*state, &have, "t", "integer"), "ix", "a");
    add_index(*state, add_table(*state, &want, "t", "integer"), "ix", "a")->unique = true;
    Plan plan = plan_with(*state, &have, &want, NULL, true);
    assert_string_equal(lines(*state, &plan), "SET LOCAL lock_timeout = '800ms'\n"
                                              "ALTER INDEX \"ix\" RENAME TO \"ix_old\"\n"
                                              "! SET lock_timeout = '5s'\n"
                                              "! DROP INDEX CONCURRENTLY IF EXISTS \"ix\"\n"
                                              "! CREATE UNIQUE INDEX CONCURRENTLY \"ix\" ON \"t\" (\"a\")\n"
                                              "! DROP INDEX CONCURRENTLY IF EXISTS \"ix_old\"\n");
}

static void online_checks_a_foreign_key_after_adding_it(void **state)
{
    Schema have = { 0 }, want = { 0 };
    Schema *const sides[] = { &have, &want };
    for (size_t i = 0; i < 2; i++) {
        add_key(*state, add_table(*state, sides[i], "t", "integer"), OBJECT_PRIMARY_KEY, "pk", "a");
        Table *other = add_table(*state, sides[i], "u", "integer");
        if (i == 0)
            continue;
        Constraint *key = add_key(*state, other, OBJECT_FOREIGN_KEY, "fk", "a");
        key->referred_table = "t";
        *VEC_PUSH((Arena *)*state, &key->referred_columns) = "a";
        key->on_delete = "CASCADE";
    }
    Plan plan = plan_with(*state, &have, &want, NULL, true);
    assert_string_equal(
        lines(*state, &plan),
        "SET LOCAL lock_timeout = '800ms'\n"
        "ALTER TABLE \"u\" ADD CONSTRAINT \"fk\" FOREIGN KEY (\"a\") REFERENCES \"t\" (\"a\") ON DELETE "
        "CASCADE NOT VALID\n"
        "| SET LOCAL lock_timeout = '800ms'\n"
        "ALTER TABLE \"u\" VALIDATE CONSTRAINT \"fk\"\n");
}

static void a_grant_is_taken_back_word_for_word(void **state)
{
    Schema have = { 0 }, want = { 0 };
    add_object(*state, &have, OBJECT_GRANT, NULL, "g",
               "GRANT SELECT, UPDATE (a) ON TABLE t TO r WITH GRANT OPTION");
    assert_string_equal(planned(*state, &have, &want), "REVOKE SELECT, UPDATE (a) ON TABLE t FROM r\n");
}

static void no_name_breaks_out_of_its_quotes(void **state)
{
    Schema have = { 0 }, want = { 0 };
    Table *old = add_table(*state, &have, "t", "integer"), *new = add_table(*state, &want, "t", "integer");
    (void)old;
    add_column(*state, new, "\"; DROP TABLE x; --\n*/", "text")->head.comment = "'; \\";
    const char *text = planned(*state, &have, &want);
    assert_non_null(strstr(text, "ADD COLUMN \"\"\"; DROP TABLE x; --\n*/\" text"));
    assert_non_null(strstr(text, "'''; "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_table_carries_its_columns_and_keys),
        TEST(a_type_without_a_cast_goes_through_text_and_its_default_steps_aside),
        TEST(changes_of_one_table_are_one_statement_behind_what_they_assert),
        TEST(a_wider_type_needs_no_using),
        TEST(not_null_says_first_which_rows_are_in_the_way),
        TEST(serial_becomes_identity_and_counts_on),
        TEST(an_enum_grows_in_place_and_its_new_value_waits_for_a_section),
        TEST(an_enum_that_loses_a_value_is_replaced_under_its_columns),
        TEST(a_body_is_replaced_in_place_and_a_return_type_is_not),
        TEST(a_view_makes_way_for_a_change_of_type_below_it),
        TEST(columns_that_change_names_go_by_a_third),
        TEST(a_table_that_becomes_partitioned_keeps_its_rows),
        TEST(online_builds_indexes_beside_the_table_in_use),
        TEST(online_keeps_a_replaced_index_until_the_new_one_is_built),
        TEST(online_checks_a_foreign_key_after_adding_it),
        TEST(a_grant_is_taken_back_word_for_word),
        TEST(no_name_breaks_out_of_its_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
