// The graph of revisions and the targets in it: going up and down, branches, merges, labels, dependencies, squashes.
#include "tests/support/project_kit.h"

static void add(Kit *kit, const char *id, const char *parents, const char *head)
{
    kit_script(kit, id, parents, head, "", "");
}

// a <- b <- c <- d <- e
static void make_line(Kit *kit)
{
    add(kit, "a0000", "", "");
    add(kit, "b1111", "a0000", "");
    add(kit, "c2222", "b1111", "");
    add(kit, "d3333", "c2222", "");
    add(kit, "e4444", "d3333", "");
    kit_graph(kit);
}

//      b <- c   (left)
//   a          > m <- n
//      x <- y   (right)
static void make_branches(Kit *kit, bool merged)
{
    add(kit, "a0", "", "");
    add(kit, "b0", "a0", "-- cmigrate: labels left");
    add(kit, "c0", "b0", "");
    add(kit, "x0", "a0", "-- cmigrate: labels right");
    add(kit, "y0", "x0", "");
    if (merged) {
        add(kit, "m0", "c0, y0", "");
        add(kit, "n0", "m0", "");
    }
    kit_graph(kit);
}

static RevisionList rows_of(Kit *kit, const char *words)
{
    NameList names = kit_names(kit, words);
    RevisionList rows = { 0 };
    VEC_EACH (const char *, name, &names)
        *VEC_PUSH(kit->arena, &rows) = graph_by_id(&kit->graph, *name);
    return rows;
}

// "+b0 +c0" and so on, then " = " and the rows at the end; or the error's words.
static const char *moves(Kit *kit, const char *current, Direction direction, const char *target)
{
    RevisionList rows = rows_of(kit, current);
    MoveList list = { 0 };
    Error err = { 0 };
    bool ok = (direction == UPGRADE ? graph_upgrade_moves : graph_downgrade_moves)(
        kit->arena, &kit->graph, &rows, target, &list, &err);
    if (!ok)
        return arena_strdup(kit->arena, err.message);
    StrBuf out;
    strbuf_init(&out, kit->arena);
    NameList at = kit_names(kit, current);
    VEC_EACH (Move, move, &list) {
        assert_int_equal(move->direction, direction);
        assert_string_equal(kit_join(kit, &move->before), kit_join(kit, &at));
        at = move->after;
        strbuf_printf(&out, "%s%s ", direction == UPGRADE ? "+" : "-", move->revision->id);
    }
    strbuf_printf(&out, "= %s", kit_join(kit, &at));
    return out.text;
}
#define UP(current, target, want)   assert_string_equal(moves(kit, current, UPGRADE, target), want)
#define DOWN(current, target, want) assert_string_equal(moves(kit, current, DOWNGRADE, target), want)

static void a_line_goes_up_and_down(void **state)
{
    Kit *kit = *state;
    make_line(kit);
    UP("", "head", "+a0000 +b1111 +c2222 +d3333 +e4444 = e4444");
    UP("", "heads", "+a0000 +b1111 +c2222 +d3333 +e4444 = e4444");
    UP("b1111", "d3333", "+c2222 +d3333 = d3333");
    UP("b1111", "d", "+c2222 +d3333 = d3333");
    UP("b1111", "+2", "+c2222 +d3333 = d3333");
    UP("", "+1", "+a0000 = a0000");
    UP("a0000", "b+2", "+b1111 +c2222 +d3333 = d3333");
    UP("a0000", "head-1", "+b1111 +c2222 +d3333 = d3333");
    UP("e4444", "head", "= e4444");
    UP("d3333", "b1111", "= d3333");
    UP("a0000", "base", "= a0000");
    DOWN("e4444", "-1", "-e4444 = d3333");
    DOWN("e4444", "-3", "-e4444 -d3333 -c2222 = b1111");
    DOWN("e4444", "-5", "-e4444 -d3333 -c2222 -b1111 -a0000 = ");
    DOWN("e4444", "base", "-e4444 -d3333 -c2222 -b1111 -a0000 = ");
    DOWN("e4444", "b1", "-e4444 -d3333 -c2222 = b1111");
    DOWN("e4444", "d-2", "-e4444 -d3333 -c2222 = b1111");
    DOWN("e4444", "a+1", "-e4444 -d3333 -c2222 = b1111");
    DOWN("", "base", "= ");
}

static void steps_that_are_not_there_are_said(void **state)
{
    Kit *kit = *state;
    make_line(kit);
    UP("d3333", "+2", "'+2' goes beyond the head");
    UP("d3333", "-2", "'-2' leads down, not up");
    DOWN("b1111", "+2", "'+2' leads up, not down");
    DOWN("b1111", "-3", "'-3' goes below the base");
    DOWN("", "-1", "'-1' goes below the base");
    UP("", "b-3", "Walked too far: there are no 3 revisions below b");
    UP("", "nope", "Can't locate revision identified by 'nope'");
    UP("", "a:b", "Range revision not allowed");
    UP("", "", "the target is empty");
    UP("", "@head", "'@head' is not a target: LABEL@REVISION needs both");
    UP("", "nope@head", "No such branch: 'nope'");
    UP("", "+x", "'+x' is not a target: a number must follow +");
    UP("", "+99999999999999999999", "'+99999999999999999999' is not a target: a number must follow +");
}

static void going_down_stays_below_where_it_is(void **state)
{
    Kit *kit = *state;
    make_line(kit);
    DOWN("c2222", "c2222", "= c2222");
    DOWN("c2222", "d3333", "Destination d3333 is not a valid downgrade target from current head(s)");
    DOWN("", "b1111", "Destination b1111 is not a valid downgrade target from current head(s)");
}

static void partial_ids_must_be_unique(void **state)
{
    Kit *kit = *state;
    add(kit, "ab12", "", "");
    add(kit, "ab34", "ab12", "");
    add(kit, "ab3", "ab34", "");
    kit_graph(kit);
    UP("", "ab", "Multiple revisions start with 'ab': 'ab12', 'ab3', 'ab34'");
    UP("", "ab3", "+ab12 +ab34 +ab3 = ab3"); // exact, though it begins another
    UP("", "ab1", "+ab12 = ab12");
}

static void branches_are_told_apart_by_labels(void **state)
{
    Kit *kit = *state;
    make_branches(kit, false);
    UP("", "head",
       "Multiple head revisions are present for given argument 'head'; please specify a specific target "
       "revision, "
       "'<branchname>@head' to narrow to a specific head, or 'heads' for all heads");
    UP("", "heads", "+a0 +b0 +c0 +x0 +y0 = c0 y0");
    UP("", "left@head", "+a0 +b0 +c0 = c0");
    UP("c0", "right@head", "+x0 +y0 = c0 y0");
    UP("a0", "right@+1", "+x0 = x0");
    UP("a0", "+1", "Ambiguous walk");
    UP("c0 y0", "+1", "Ambiguous upgrade from multiple current revisions");
    UP("c0", "right@+1", "+x0 = c0 x0");
    UP("", "left@x0", "Revision x0 is not a member of branch 'left'");
    UP("", "left", "+a0 +b0 = b0");
    DOWN("c0 y0", "-1", "downgrade -1 from multiple heads is ambiguous");
    DOWN("c0 y0", "left@-1", "-c0 = b0 y0");
    DOWN("c0 y0", "left@-2", "-c0 -b0 = y0");
    DOWN("c0 y0", "b0", "-c0 = b0 y0");
    DOWN("c0 y0", "x0-1", "-y0 -x0 -c0 -b0 = a0");
    DOWN("c0 y0", "left@a0", "-c0 -b0 = y0");
    DOWN("c0", "y0", "Destination y0 is not a valid downgrade target from current head(s)");
    DOWN("c0 y0", "base", "-y0 -x0 -c0 -b0 -a0 = ");
}

static void merges_join_rows_and_part_them(void **state)
{
    Kit *kit = *state;
    make_branches(kit, true);
    UP("", "head", "+a0 +b0 +c0 +x0 +y0 +m0 +n0 = n0");
    UP("c0 y0", "m0", "+m0 = m0");
    DOWN("n0", "-1", "-n0 = m0");
    DOWN("n0", "-2", "-n0 -m0 = c0 y0");
    DOWN("n0", "-3", "Ambiguous walk");
    DOWN("n0", "left@-3", "-n0 -m0 -c0 = b0 y0");
    DOWN("m0", "c0", "-m0 = c0 y0");
    DOWN("n0", "a0", "-n0 -m0 -y0 -x0 -c0 -b0 = a0");
    UP("", "m0-1", "Ambiguous walk");
}

static void dependencies_come_first_and_are_implied(void **state)
{
    Kit *kit = *state;
    add(kit, "a1", "", "-- cmigrate: labels alpha");
    add(kit, "a2", "a1", "");
    add(kit, "b1", "", "-- cmigrate: labels beta");
    add(kit, "b2", "b1", "-- cmigrate: depends_on a2");
    add(kit, "b3", "b2", "");
    kit_graph(kit);
    UP("", "beta@head", "+a1 +a2 +b1 +b2 +b3 = b3");
    UP("b1", "b2", "+a1 +a2 +b2 = b2");
    DOWN("b3", "b1", "-b3 -b2 = b1 a2");
    DOWN("b3", "alpha@base", "-b3 -b2 -a2 -a1 = b1");
    DOWN("b3", "a1", "-b3 -b2 -a2 = b1 a1");
    DOWN("b3", "-2", "-b3 -b2 = b1 a2");
}

static void what_a_branch_depends_on_is_no_part_of_it(void **state)
{
    Kit *kit = *state;
    add(kit, "a1", "", "");
    add(kit, "b1", "", "");
    add(kit, "b2", "b1", "");
    add(kit, "c1", "a1", "-- cmigrate: labels gamma\n-- cmigrate: depends_on b2");
    kit_graph(kit);
    UP("", "gamma@head", "+a1 +b1 +b2 +c1 = c1");
    DOWN("c1", "gamma@base", "-c1 -a1 = b2");
}

static void criss_cross_dependencies_hold(void **state)
{
    Kit *kit = *state;
    add(kit, "b1", "", "");
    add(kit, "a1", "", "");
    add(kit, "a2", "a1", "-- cmigrate: depends_on b1");
    add(kit, "b2", "b1", "-- cmigrate: depends_on a1");
    add(kit, "m1", "a2, b2", "-- cmigrate: depends_on a1, a2");
    kit_graph(kit);
    UP("", "a2", "+b1 +a1 +a2 = a2");
    UP("a2", "b2", "+b2 = a2 b2");
    UP("", "head", "+b1 +a1 +a2 +b2 +m1 = m1");
    DOWN("m1", "-1", "-m1 = a2 b2");
    DOWN("a2 b2", "a1", "-a2 = b2");
    DOWN("m1", "base", "-m1 -b2 -a2 -a1 -b1 = ");
}

static void three_bases_with_overlapping_merges_go_to_the_base(void **state)
{
    Kit *kit = *state;
    add(kit, "a1", "", "");
    add(kit, "b1", "", "");
    add(kit, "c1", "", "");
    add(kit, "ab", "a1, b1", "");
    add(kit, "bc", "b1, c1", "");
    add(kit, "ca", "c1, a1", "");
    add(kit, "all", "ab, bc, ca", "");
    add(kit, "two", "ab, bc", "");
    kit_graph(kit);
    UP("", "heads", "+a1 +b1 +c1 +ab +bc +ca +all +two = all two");
    DOWN("all two", "base", "-two -all -ca -bc -ab -c1 -b1 -a1 = ");
    DOWN("all two", "ab", "-two -all = ab bc ca"); // what ab does not need stays
}

static const char *stamp(Kit *kit, const char *current, const char *targets)
{
    RevisionList rows = rows_of(kit, current);
    NameList words = kit_names(kit, targets), out = { 0 };
    Error err = { 0 };
    if (!graph_stamp(kit->arena, &kit->graph, &rows, &words, &out, &err))
        return arena_strdup(kit->arena, err.message);
    return kit_join(kit, &out);
}

static void stamping_sets_rows_of_its_branch_only(void **state)
{
    Kit *kit = *state;
    make_branches(kit, false);
    assert_string_equal(stamp(kit, "", "left@head"), "c0");
    assert_string_equal(stamp(kit, "c0", "b0"), "b0");
    assert_string_equal(stamp(kit, "c0", "y0"), "c0 y0");
    assert_string_equal(stamp(kit, "c0 y0", "x0"), "c0 x0");
    assert_string_equal(stamp(kit, "c0 y0", "a0"), "a0");
    assert_string_equal(stamp(kit, "c0 y0", "heads"), "c0 y0");
    assert_string_equal(stamp(kit, "c0 y0", "base"), "");
    assert_string_equal(stamp(kit, "", "c0 y0"), "c0 y0");
    assert_string_equal(stamp(kit, "", "c0 b0"), "c0");
    assert_string_equal(stamp(kit, "", "head"),
                        "Multiple heads are present; please specify a single target revision");
    assert_string_equal(stamp(kit, "", "nope"), "Can't locate revision identified by 'nope'");
}

static void stamping_from_a_merge_to_its_sides(void **state)
{
    Kit *kit = *state;
    make_branches(kit, true);
    assert_string_equal(stamp(kit, "n0", "c0 y0"), "c0 y0");
    assert_string_equal(stamp(kit, "c0 y0", "head"), "n0");
    assert_string_equal(stamp(kit, "n0", "n0"), "n0");
}

static const char *range(Kit *kit, const char *current, const char *text)
{
    RevisionList rows = rows_of(kit, current), out = { 0 };
    Error err = { 0 };
    if (!graph_range(kit->arena, &kit->graph, &rows, text, &out, &err))
        return arena_strdup(kit->arena, err.message);
    NameList names = { 0 };
    VEC_EACH (Revision *, it, &out)
        *VEC_PUSH(kit->arena, &names) = (*it)->id;
    return kit_join(kit, &names);
}

static void ranges_of_history(void **state)
{
    Kit *kit = *state;
    make_line(kit);
    assert_string_equal(range(kit, "", "b1111:d3333"), "d3333 c2222 b1111");
    assert_string_equal(range(kit, "", ":c2"), "c2222 b1111 a0000");
    assert_string_equal(range(kit, "", "d:"), "e4444 d3333");
    assert_string_equal(range(kit, "c2222", "current:"), "e4444 d3333 c2222");
    assert_string_equal(range(kit, "c2222", ":current"), "c2222 b1111 a0000");
    assert_string_equal(range(kit, "", "-2:"), "e4444 d3333 c2222");
    assert_string_equal(range(kit, "", ":+2"), "b1111 a0000");
    assert_string_equal(range(kit, "", "base:heads"), "e4444 d3333 c2222 b1111 a0000");
    assert_string_equal(range(kit, "", "abc"), "History range requires [start]:[end], [start]:, or :[end]");
    assert_string_equal(
        range(kit, "", "d:b"),
        "Requested range d:b does not refer to ancestor/descendant revisions along the same branch");
}

static void labels_spread_over_their_branch(void **state)
{
    Kit *kit = *state;
    make_branches(kit, true);
    const Graph *graph = &kit->graph;
    assert_int_equal(graph_by_id(graph, "a0")->labels.count, 0);
    assert_string_equal(kit_join(kit, &graph_by_id(graph, "c0")->labels), "left");
    assert_string_equal(kit_join(kit, &graph_by_id(graph, "n0")->labels), "left right");
    assert_true(graph_by_id(graph, "a0")->is_branch_point && graph_by_id(graph, "a0")->is_base);
    assert_true(graph_by_id(graph, "m0")->is_merge_point && !graph_by_id(graph, "m0")->is_head);
}

// All problems, one a line.
static const char *faults(Kit *kit)
{
    Error err = { 0 };
    assert_false(kit_read(kit, &err));
    StrBuf out;
    strbuf_init(&out, kit->arena);
    for (const Error *it = &err; it; it = it->next)
        strbuf_printf(&out, "%s:%u: %s\n", it->at.file ? path_base(it->at.file) : "?", it->at.line,
                      it->message);
    return out.text;
}

static void all_faults_are_said_at_once_with_their_places(void **state)
{
    Kit *kit = *state;
    add(kit, "a0", "", "");
    add(kit, "a0", "", "");
    add(kit, "b0", "gone", "");
    add(kit, "c0", "a0", "-- cmigrate: depends_on gone2");
    kit_script(kit, "d0", "a0", "-- cmigrate: colour red", "", "");
    const char *text = faults(kit);
    assert_non_null(strstr(text, "0005_d0.sql:3: unknown directive 'colour'"));
    assert_non_null(strstr(text, "revision a0 is in two files: "));
    assert_non_null(strstr(text, "0001_a0.sql and "));
    assert_non_null(
        strstr(text, "0003_b0.sql:2: Can't locate revision identified by 'gone': a parent of b0"));
    assert_non_null(
        strstr(text, "0004_c0.sql:1: Can't locate revision identified by 'gone2': a dependency of c0"));
}

static void cycles_are_named(void **state)
{
    Kit *kit = *state;
    add(kit, "a0", "c0", "");
    add(kit, "b0", "a0", "");
    add(kit, "c0", "b0", "");
    add(kit, "d0", "c0", "");
    assert_non_null(strstr(faults(kit), "Cycle is detected in revisions ("));
}

static void a_revision_is_not_its_own_parent(void **state)
{
    Kit *kit = *state;
    add(kit, "a0", "a0", "");
    assert_string_equal(faults(kit), "0001_a0.sql:2: revision a0 is its own parent\n");
}

static void dependency_cycles_are_named(void **state)
{
    Kit *kit = *state;
    add(kit, "a0", "", "-- cmigrate: depends_on b0");
    add(kit, "b0", "", "-- cmigrate: depends_on a0");
    assert_non_null(strstr(faults(kit), "Cycle is detected in dependencies of revisions (a0 -> b0 -> a0)"));
}

static void labels_are_given_once(void **state)
{
    Kit *kit = *state;
    add(kit, "a0", "", "-- cmigrate: labels one");
    add(kit, "b0", "a0", "-- cmigrate: labels one");
    add(kit, "c0", "b0", "-- cmigrate: labels a0");
    const char *text = faults(kit);
    assert_non_null(strstr(text, "Branch name 'one' in revision "));
    assert_non_null(strstr(text, "the branch label 'a0' is a revision's id"));
}

static void a_squash_stands_for_what_it_replaces(void **state)
{
    Kit *kit = *state;
    add(kit, "a0", "", "");
    add(kit, "b0", "a0", "");
    add(kit, "c0", "b0", "");
    add(kit, "d0", "c0", "");
    add(kit, "s0", "a0", "-- cmigrate: replaces b0, c0");
    kit_graph(kit);
    UP("", "head", "+a0 +s0 +d0 = d0");
    DOWN("d0", "a0", "-d0 -s0 = a0");
    assert_ptr_equal(graph_by_row(&kit->graph, "c0"), graph_by_id(&kit->graph, "s0"));
    assert_null(graph_by_row(&kit->graph, "b0"));
    assert_int_equal(kit->graph.heads.count, 1);
}

static void twenty_thousand_revisions_are_quick(void **state)
{
    Kit *kit = *state;
    ScriptList scripts = { 0 };
    const char *parent = NULL;
    for (unsigned i = 0; i < 20000; i++) {
        Script *script = ARENA_NEW(kit->arena, Script);
        script->revision = arena_printf(kit->arena, "%08x", i * 2654435761u);
        script->path = arena_printf(kit->arena, "%06u.sql", i);
        if (parent)
            *VEC_PUSH(kit->arena, &script->parents) = parent;
        parent = script->revision;
        *VEC_PUSH(kit->arena, &scripts) = script;
    }
    Error err = { 0 };
    assert_true(graph_build(kit->arena, &scripts, &kit->graph, &err));
    MoveList list = { 0 };
    RevisionList none = { 0 };
    assert_true(graph_upgrade_moves(kit->arena, &kit->graph, &none, "head", &list, &err));
    assert_int_equal(list.count, 20000);
    assert_true(graph_is_ancestor(&kit->graph, kit->graph.bases.items[0], kit->graph.heads.items[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIT_TEST(a_line_goes_up_and_down),
        KIT_TEST(steps_that_are_not_there_are_said),
        KIT_TEST(going_down_stays_below_where_it_is),
        KIT_TEST(partial_ids_must_be_unique),
        KIT_TEST(branches_are_told_apart_by_labels),
        KIT_TEST(merges_join_rows_and_part_them),
        KIT_TEST(dependencies_come_first_and_are_implied),
        KIT_TEST(what_a_branch_depends_on_is_no_part_of_it),
        KIT_TEST(criss_cross_dependencies_hold),
        KIT_TEST(three_bases_with_overlapping_merges_go_to_the_base),
        KIT_TEST(stamping_sets_rows_of_its_branch_only),
        KIT_TEST(stamping_from_a_merge_to_its_sides),
        KIT_TEST(ranges_of_history),
        KIT_TEST(labels_spread_over_their_branch),
        KIT_TEST(all_faults_are_said_at_once_with_their_places),
        KIT_TEST(cycles_are_named),
        KIT_TEST(a_revision_is_not_its_own_parent),
        KIT_TEST(dependency_cycles_are_named),
        KIT_TEST(labels_are_given_once),
        KIT_TEST(a_squash_stands_for_what_it_replaces),
        KIT_TEST(twenty_thousand_revisions_are_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
