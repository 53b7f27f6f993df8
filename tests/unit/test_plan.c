// Diff and plan on hand-made schemas: which changes are found, and in which order they are made.
#include "tests/support/cmocka_arena.h"

#include "core/diff/diff.h"
#include "core/plan/plan.h"
#include "tests/support/plain_dialect.h"

static const uint64_t SERVER =
    CAN_ALTER_CONSTRAINTS | CAN_ALTER_COLUMN | CAN_RENAME_CONSTRAINT | RENAMES_FOLLOW;

static Table *add_table(Arena *arena, Schema *schema, const char *name, const char *columns)
{
    Table *table = table_new(arena, NULL, name);
    NameList names = { 0 };
    assert_true(name_split(arena, columns, &names));
    VEC_EACH (const char *, column, &names) {
        Column *made = column_new(arena, table, *column);
        made->type = "integer";
        *VEC_PUSH(arena, &table->columns) = made;
    }
    *VEC_PUSH(arena, &schema->tables) = table;
    return table;
}

static Constraint *add_key(Arena *arena, Table *table, const char *name, const char *column,
                           const char *target)
{
    Constraint *key = constraint_new(arena, table, target ? OBJECT_FOREIGN_KEY : OBJECT_UNIQUE, name);
    VEC_PUSH(arena, &key->parts)->column = column;
    key->referred_table = target;
    *VEC_PUSH(arena, &table->constraints) = key;
    return key;
}

static View *add_view(Arena *arena, Schema *schema, const char *name, const char *query)
{
    View *view = object_new(arena, OBJECT_VIEW, NULL, NULL, name);
    view->query = query;
    *VEC_PUSH(arena, &schema->objects) = &view->head;
    return view;
}

// The plan from have to want as lines.
static const char *planned(Arena *arena, const Dialect *dialect, Schema *have, Schema *want,
                           const RenameList *renames)
{
    schema_sort(have);
    schema_sort(want);
    ChangeList changes = { 0 };
    const Schema *renamed = NULL;
    Plan plan;
    Error err = { 0 };
    if (!diff_schemas(arena, dialect, have, want, renames, &changes, &renamed, &err) ||
        !plan_build(arena, dialect, renamed, want, &changes, renames, NULL, &plan, &err))
        fail_msg("%s", err.message);
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Statement, statement, &plan.statements)
        strbuf_printf(&out, "%s\n", statement->sql);
    return out.text;
}

static void equal_schemas_need_nothing(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_key(*state, add_table(*state, &have, "a", "id.b"), "u", "b", NULL);
    add_key(*state, add_table(*state, &want, "a", "id.b"), "u", "b", NULL);
    assert_string_equal(planned(*state, &dialect, &have, &want, NULL), "");
}

// Constraints are paired by kind and name, the name in the dialect's sense of case; which of two of one name comes first is kept.
static void constraints_are_paired_by_kind_and_name(void **state)
{
    Dialect exact = plain_dialect(SERVER), folding = plain_dialect(SERVER | FOLDS_NAME_CASE);
    const Dialect *const dialects[] = { &exact, &folding };
    const char *const expected[] = { "drop unique a.Other\ncreate unique a.other\n", "" };
    for (size_t i = 0; i < 2; i++) {
        Schema have = { 0 }, want = { 0 };
        Table *old = add_table(*state, &have, "a", "id.b.c"), *new = add_table(*state, &want, "a", "id.b.c");
        add_key(*state, old, "k", "b", NULL);
        add_key(*state, old, "k", "c", "a"); // a foreign key of that name
        add_key(*state, old, "Other", "id", NULL);
        add_key(*state, new, "k", "c", "a");
        add_key(*state, new, "other", "id", NULL);
        add_key(*state, new, "k", "b", NULL);
        assert_string_equal(planned(*state, dialects[i], &have, &want, NULL), expected[i]);
    }
}

static void a_key_without_a_declared_name_matches_by_structure(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_key(*state, add_table(*state, &have, "a", "id.b"), "a_b_key", "b", NULL);
    add_key(*state, add_table(*state, &want, "a", "id.b"), "uq_a_b", "b", NULL)->named_by_convention = true;
    assert_string_equal(planned(*state, &dialect, &have, &want, NULL), "");
}

static void a_declared_name_that_differs_is_a_rename(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_key(*state, add_table(*state, &have, "a", "id.b"), "old", "b", NULL);
    add_key(*state, add_table(*state, &want, "a", "id.b"), "new", "b", NULL);
    ChangeList changes = { 0 };
    const Schema *renamed;
    schema_sort(&have);
    schema_sort(&want);
    assert_true(diff_schemas(*state, &dialect, &have, &want, NULL, &changes, &renamed, NULL));
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.items[0].facets, FACET_NAME);
}

static void mutual_foreign_keys_are_added_after_both_tables(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_key(*state, add_table(*state, &want, "a", "id.b"), "fk_a", "b", "b");
    add_key(*state, add_table(*state, &want, "b", "id.a"), "fk_b", "a", "a");
    assert_string_equal(planned(*state, &dialect, &have, &want, NULL), "create table a without fk_a\n"
                                                                       "create table b without fk_b\n"
                                                                       "create foreign key a.fk_a\n"
                                                                       "create foreign key b.fk_b\n");
}

static void mutual_foreign_keys_are_dropped_before_the_tables(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_key(*state, add_table(*state, &have, "a", "id.b"), "fk_a", "b", "b");
    add_key(*state, add_table(*state, &have, "b", "id.a"), "fk_b", "a", "a");
    assert_string_equal(planned(*state, &dialect, &have, &want, NULL),
                        "drop foreign key a.fk_a\ndrop foreign key b.fk_b\ndrop table a\ndrop table b\n");
}

static void a_child_is_dropped_before_its_parent(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &have, "a_parent", "id");
    add_key(*state, add_table(*state, &have, "z_child", "id.p"), "fk", "p", "a_parent");
    assert_string_equal(planned(*state, &dialect, &have, &want, NULL),
                        "drop table z_child\ndrop table a_parent\n");
}

static void views_are_made_in_the_order_of_their_mentions(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &want, "t", "id");
    add_view(*state, &want, "a", "SELECT * FROM z");
    add_view(*state, &want, "z", "SELECT id FROM t");
    assert_string_equal(planned(*state, &dialect, &have, &want, NULL),
                        "create table t\ncreate view z\ncreate view a\n");
}

static bool views_block(const Step *step, const Object *dependent)
{
    return step->kind == STEP_ALTER && step->have->kind == OBJECT_COLUMN && dependent->kind == OBJECT_VIEW;
}

static void what_stands_on_a_changed_column_is_taken_down_and_brought_back(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    dialect.blocks = views_block;
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &have, "t", "id.n");
    add_table(*state, &want, "t", "id.n")->columns.items[1]->type = "text";
    add_view(*state, &have, "v", "SELECT n FROM t");
    add_view(*state, &want, "v", "SELECT n FROM t");
    add_view(*state, &have, "other", "SELECT id FROM t");
    add_view(*state, &want, "other", "SELECT id FROM t");
    assert_string_equal(planned(*state, &dialect, &have, &want, NULL),
                        "drop view v\nalter column t.n\ncreate view v\n");
}

static void a_renamed_table_keeps_what_follows_it(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &have, "article", "id.headline");
    add_key(*state, add_table(*state, &have, "remark", "id.article"), "fk", "article", "article");
    add_view(*state, &have, "v", "SELECT headline FROM article");
    add_table(*state, &want, "post", "id.title");
    add_key(*state, add_table(*state, &want, "remark", "id.article"), "fk", "article", "post");
    add_view(*state, &want, "v", "SELECT title FROM post");
    RenameList renames = { 0 };
    *VEC_PUSH(*state, &renames) = (Rename){ .kind = OBJECT_TABLE, .from = "article", .to = "post" };
    *VEC_PUSH(*state, &renames) =
        (Rename){ .kind = OBJECT_COLUMN, .table = "post", .from = "headline", .to = "title" };
    assert_string_equal(planned(*state, &dialect, &have, &want, &renames),
                        "rename table post\nrename column post.title\n");
    RenameList back = { 0 };
    Error err = { 0 };
    assert_true(renames_reversed(*state, &dialect, &have, &want, &renames, &back, &err));
    assert_string_equal(planned(*state, &dialect, &want, &have, &back),
                        "rename table article\nrename column article.headline\n");
}

static void a_rename_that_finds_nothing_says_so(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &want, "post", "id");
    RenameList renames = { 0 };
    *VEC_PUSH(*state, &renames) = (Rename){ .kind = OBJECT_TABLE, .from = "article", .to = "post" };
    ChangeList changes = { 0 };
    const Schema *renamed;
    Error err = { 0 };
    schema_sort(&have);
    schema_sort(&want);
    assert_false(diff_schemas(*state, &dialect, &have, &want, &renames, &changes, &renamed, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_non_null(strstr(err.message, "'article'"));
}

static void a_drop_and_a_create_of_the_same_shape_are_suspected(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    add_table(*state, &have, "t", "id.headline");
    add_table(*state, &want, "t", "id.title");
    ChangeList changes = { 0 };
    const Schema *renamed;
    schema_sort(&have);
    schema_sort(&want);
    assert_true(diff_schemas(*state, &dialect, &have, &want, NULL, &changes, &renamed, NULL));
    RenameList suspected = { 0 };
    renames_suspected(*state, &dialect, &changes, &suspected);
    assert_int_equal(suspected.count, 1);
    assert_string_equal(suspected.items[0].from, "headline");
    assert_string_equal(suspected.items[0].to, "title");
}

static void an_index_name_is_free_before_it_is_taken_again(void **state)
{
    Dialect dialect = plain_dialect(SERVER);
    Schema have = { 0 }, want = { 0 };
    Table *old = add_table(*state, &have, "a_old", "id"), *new = add_table(*state, &want, "b_new", "id");
    Index *held = index_new(*state, old, "ix"), *wanted = index_new(*state, new, "ix");
    VEC_PUSH(*state, &held->parts)->column = "id";
    VEC_PUSH(*state, &wanted->parts)->column = "id";
    *VEC_PUSH(*state, &old->indexes) = held;
    *VEC_PUSH(*state, &new->indexes) = wanted;
    assert_string_equal(planned(*state, &dialect, &have, &want, NULL),
                        "create table b_new\ndrop table a_old\ncreate index b_new.ix\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equal_schemas_need_nothing),
        TEST(constraints_are_paired_by_kind_and_name),
        TEST(a_key_without_a_declared_name_matches_by_structure),
        TEST(a_declared_name_that_differs_is_a_rename),
        TEST(mutual_foreign_keys_are_added_after_both_tables),
        TEST(mutual_foreign_keys_are_dropped_before_the_tables),
        TEST(a_child_is_dropped_before_its_parent),
        TEST(views_are_made_in_the_order_of_their_mentions),
        TEST(what_stands_on_a_changed_column_is_taken_down_and_brought_back),
        TEST(a_renamed_table_keeps_what_follows_it),
        TEST(a_rename_that_finds_nothing_says_so),
        TEST(a_drop_and_a_create_of_the_same_shape_are_suspected),
        TEST(an_index_name_is_free_before_it_is_taken_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
