// A squash for databases that stand in the middle of what it replaces.
#include "tests/support/project_kit.h"

static const char *rows_graph(Kit *kit, const char *rows)
{
    Graph own;
    const Graph *graph;
    Error err = { 0 };
    NameList names = kit_names(kit, rows);
    if (!graph_for_rows(kit->arena, &kit->graph, &names, &own, &graph, &err))
        return arena_strdup(kit->arena, err.message);
    StrBuf out;
    strbuf_init(&out, kit->arena);
    VEC_EACH (Revision *, it, &graph->revisions)
        strbuf_printf(&out, "%s%s", out.length ? " " : "", (*it)->id);
    return out.text;
}

static void in_the_middle_of_a_squash_the_old_ones_go_on(void **state)
{
    Kit *kit = *state;
    kit_script(kit, "a0", "", "", "", "");
    kit_script(kit, "b0", "a0", "", "", "");
    kit_script(kit, "c0", "b0", "", "", "");
    kit_script(kit, "d0", "c0", "", "", "");
    kit_script(kit, "s0", "", "-- cmigrate: replaces a0, b0, c0", "", "");
    kit_script(kit, "e0", "s0", "", "", "");
    kit_graph(kit);
    assert_string_equal(rows_graph(kit, ""), "s0 d0 e0");
    assert_string_equal(rows_graph(kit, "c0"), "s0 d0 e0");
    assert_string_equal(rows_graph(kit, "s0"), "s0 d0 e0");
    assert_string_equal(rows_graph(kit, "b0"), "a0 b0 c0 d0 e0");
    assert_string_equal(rows_graph(kit, "a0"), "a0 b0 c0 d0 e0");
}

static void squashes_of_squashes_come_apart_as_far_as_needed(void **state)
{
    Kit *kit = *state;
    kit_script(kit, "a0", "", "", "", "");
    kit_script(kit, "b0", "a0", "", "", "");
    kit_script(kit, "c0", "b0", "", "", "");
    kit_script(kit, "s0", "", "-- cmigrate: replaces a0, b0", "", "");
    kit_script(kit, "t0", "", "-- cmigrate: replaces a0, b0, s0, c0", "", "");
    kit_script(kit, "d0", "t0", "", "", "");
    kit_graph(kit);
    assert_string_equal(rows_graph(kit, "d0"), "t0 d0");
    assert_string_equal(rows_graph(kit, "c0"), "t0 d0");
    assert_string_equal(rows_graph(kit, "s0"), "s0 c0 d0");
    assert_string_equal(rows_graph(kit, "b0"), "s0 c0 d0");
    assert_string_equal(rows_graph(kit, "a0"), "a0 b0 c0 d0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIT_TEST(in_the_middle_of_a_squash_the_old_ones_go_on),
        KIT_TEST(squashes_of_squashes_come_apart_as_far_as_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
