// Tests written in YAML: a map for one test, or a list of them.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/testing/suite.h"
#include "core/base/file.h"
#include "core/config/config_read.h"
#include "core/yaml/node.h"

typedef struct Reader {
    Arena *arena;
    Text text;
    Issues *issues;
} Reader;

static bool wrong(const Reader *r, const Node *node, const char *what)
{
    Error *err = issues_add(r->issues, ERR_CONFIG, node_at(node), "%s", what);
    return error_hint(err, "docs/testing.md lists the steps of a test.");
}

static bool unknown_key(const Reader *r, const Node *key, const char *const *known, size_t count)
{
    Error *err = issues_add(r->issues, ERR_CONFIG, node_at(key), "unknown key '%s'", node_string(key));
    const char *near = nearest_word(node_string(key), known, count);
    return near ? error_label(err, "did you mean '%s'?", near)
                : error_hint(err, "docs/testing.md lists the keys of a test.");
}

// A map of which every key is known.
static bool check_keys(const Reader *r, const Node *map, const char *const *known, size_t count)
{
    bool ok = true;
    for (unsigned i = 0; i < map->count; i++) {
        const Node *key = node_pair(map, i)->key;
        bool found = false;
        for (size_t k = 0; k < count; k++)
            found |= strcmp(known[k], node_string(key)) == 0;
        ok = (found || unknown_key(r, key, known, count)) && ok;
    }
    return ok;
}

static const char *text_of(const Reader *r, const Node *node, const char *what)
{
    if (node_is_scalar(node))
        return node_string(node);
    wrong(r, node, arena_printf(r->arena, "%s is one text", what));
    return NULL;
}

static TestValue value_of(const Node *node)
{
    return node_is_null(node) ? (TestValue){ 0 } : (TestValue){ node_string(node), node->quoted };
}

static bool read_row(const Reader *r, const Node *list, TestRow *out)
{
    if (list->kind != NODE_LIST)
        return wrong(r, list, "a row is a list of values: [1, Ada, ~]");
    for (unsigned i = 0; i < list->count; i++) {
        const Node *value = node_item(list, i);
        if (value->kind != NODE_SCALAR)
            return wrong(r, value, "a value is one text or number");
        *VEC_PUSH(r->arena, out) = value_of(value);
    }
    return true;
}

static bool read_rows(const Reader *r, const Node *list, TestRows *out)
{
    if (list->kind != NODE_LIST)
        return wrong(r, list, "rows are a list of lists: [[1, Ada], [2, ~]]");
    bool ok = true;
    for (unsigned i = 0; i < list->count; i++)
        ok = read_row(r, node_item(list, i), VEC_PUSH(r->arena, out)) && ok;
    return ok;
}

// ---- where the rows of a step stand, so that others can be written in their place

static size_t offset_of(Text text, unsigned line, unsigned column)
{
    const char *p = text.p, *end = text.p + text.n;
    while (--line && p < end) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        p = newline ? newline + 1 : end;
    }
    for (unsigned i = 1; i < column && p < end; i++)
        do
            p++;
        while (p < end && ((unsigned char)*p & 0xc0) == 0x80);
    return (size_t)(p - text.p);
}

// After the bracket that closes the one at `at`.
static size_t flow_end(Text text, size_t at)
{
    size_t depth = 0;
    for (size_t i = at; i < text.n; i++) {
        char c = text.p[i];
        if (c == '"' || c == '\'') {
            for (i++; i < text.n && text.p[i] != c; i++)
                i += c == '"' && text.p[i] == '\\';
        } else if (c == '[' || c == '{') {
            depth++;
        } else if ((c == ']' || c == '}') && --depth == 0) {
            return i + 1;
        }
    }
    return text.n;
}

// Before the first line that is indented less than the list, or as much without being of it.
static size_t block_end(Text text, size_t at, unsigned column)
{
    size_t end = at;
    for (size_t i = at; i < text.n;) {
        const char *newline = memchr(text.p + i, '\n', text.n - i);
        size_t next = newline ? (size_t)(newline + 1 - text.p) : text.n;
        if (i != at) {
            size_t blanks = strspn(text.p + i, " ");
            bool empty = i + blanks >= text.n || strchr("\r\n", text.p[i + blanks]);
            if (!empty && (blanks + 1 < column || (blanks + 1 == column && text.p[i + blanks] != '-')))
                break;
            end = empty ? end : next;
        } else {
            end = next;
        }
        i = next;
    }
    return end;
}

static TestPlace place_of(const Reader *r, const Node *list)
{
    size_t start = offset_of(r->text, list->line, list->column);
    bool flow = start < r->text.n && r->text.p[start] == '[';
    return flow ? (TestPlace){ start, flow_end(r->text, start), 0 }
                : (TestPlace){ start, block_end(r->text, start, list->column), list->column };
}

// ---- steps

static bool read_to(const Reader *r, const Node *value, TestStep *out)
{
    const char *text = text_of(r, value, "to");
    if (!text)
        return false;
    out->side = strncmp(text, "before ", 7) == 0  ? TEST_BEFORE
                : strncmp(text, "after ", 6) == 0 ? TEST_AFTER
                                                  : TEST_AT;
    out->target = text + (out->side == TEST_BEFORE ? 7 : out->side == TEST_AFTER ? 6 : 0);
    return *out->target || wrong(r, value, "to needs a revision, head or base");
}

static bool read_count(const Reader *r, const Node *value, TestStep *out)
{
    char *end;
    const char *text = node_string(value);
    unsigned long n = strtoul(*text == '-' ? text + 1 : text, &end, 10);
    out->count = (unsigned)n;
    return (n > 0 && n < 1000000 && !*end) || wrong(r, value, "this is a number of revisions");
}

// {TABLE: {file: person.csv}}
static bool read_load(const Reader *r, const NodePair *table, const TestStep *base, ProjectTest *test)
{
    static const char *const known[] = { "file" };
    TestStep *step = VEC_PUSH(r->arena, &test->steps);
    *step = *base;
    step->kind = TEST_LOAD;
    step->at = node_at(table->key);
    step->table = node_string(table->key);
    step->file = text_of(r, node_get(table->value, "file"), "file");
    return step->file && check_keys(r, table->value, known, COUNT_OF(known));
}

static bool read_whole(const Node *value, unsigned long long most, unsigned long long *out)
{
    char *end;
    const char *text = node_string(value);
    errno = 0;
    *out = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno && *out >= 1 && *out <= most;
}

// 20, or {rows: 20, tables: [person], seed: 7}
static bool read_fill(const Reader *r, const Node *value, TestStep *out)
{
    static const char *const known[] = { "rows", "tables", "seed" };
    unsigned long long rows = 0;
    const Node *count = value->kind == NODE_MAP ? node_get(value, "rows") : value;
    if (value->kind == NODE_MAP && !check_keys(r, value, known, COUNT_OF(known)))
        return false;
    if (count && !read_whole(count, TEST_MOST_FILLED, &rows))
        return wrong(r, count, "fill is a number of rows, or a map: {rows: 20, tables: [person], seed: 7}");
    out->count = (unsigned)rows;
    const Node *seed = node_get(value, "seed"), *tables = node_get(value, "tables");
    if (seed && !read_whole(seed, UINT64_MAX, &out->seed))
        return wrong(r, seed, "seed is a number from 1");
    if (tables && tables->kind != NODE_LIST)
        return wrong(r, tables, "tables is a list of names: [person]");
    for (unsigned i = 0; tables && i < tables->count; i++) {
        const char *name = text_of(r, node_item(tables, i), "the name of a table");
        if (!name)
            return false;
        *VEC_PUSH(r->arena, &out->columns) = name;
    }
    return true;
}

// {TABLE: [{column: value}]}: a step for each table. Rows of one table may have different columns, so each is one.
static bool read_insert(const Reader *r, const Node *value, const TestStep *base, ProjectTest *test)
{
    if (value->kind != NODE_MAP)
        return wrong(r, value, "insert is a map of tables and their rows: {person: [{id: 1}]}");
    for (unsigned t = 0; t < value->count; t++) {
        const NodePair *table = node_pair(value, t);
        if (node_get(table->value, "file")) {
            if (!read_load(r, table, base, test))
                return false;
            continue;
        }
        if (table->value->kind != NODE_LIST)
            return wrong(r, table->value, "the rows of a table are a list: [{id: 1}, {id: 2}]");
        for (unsigned i = 0; i < table->value->count; i++) {
            const Node *row = node_item(table->value, i);
            if (row->kind != NODE_MAP || !row->count)
                return wrong(r, row, "a row is a map of columns and values: {id: 1, name: Ada}");
            TestStep *step = VEC_PUSH(r->arena, &test->steps);
            *step = *base;
            step->at = node_at(row);
            step->table = node_string(table->key);
            TestRow *values = VEC_PUSH(r->arena, &step->rows);
            for (unsigned k = 0; k < row->count; k++) {
                const NodePair *pair = node_pair(row, k);
                if (pair->value->kind != NODE_SCALAR)
                    return wrong(r, pair->value, "a value is one text or number");
                *VEC_PUSH(r->arena, &step->columns) = node_string(pair->key);
                *VEC_PUSH(r->arena, values) = value_of(pair->value);
            }
        }
    }
    return true;
}

static bool read_sql(const Reader *r, const Node *value, const char *what, TestStep *out)
{
    out->sql = value ? text_of(r, value, what) : NULL;
    out->sql_at = value ? node_at(value) : out->at;
    return out->sql != NULL;
}

static bool read_expectation(const Reader *r, const Node *value, TestStep *out)
{
    static const char *const known[] = { "query", "table", "equal", "file" };
    const Node *equal = node_get(value, "equal"), *table = node_get(value, "table"),
               *file = node_get(value, "file");
    if (value->kind != NODE_MAP || !check_keys(r, value, known, COUNT_OF(known)))
        return value->kind == NODE_MAP ? false : wrong(r, value, "rows is a map: {query: …, equal: [[…]]}");
    if (!equal == !file || (!table == !node_get(value, "query")))
        return wrong(r, value, "rows needs `equal:` or `file:`, and `query:` or `table:`");
    out->table = table ? text_of(r, table, "table") : NULL;
    if (!table && !read_sql(r, node_get(value, "query"), "query", out))
        return false;
    out->sql_at = out->sql ? out->sql_at : out->at;
    if (table && !out->table)
        return false;
    if (file)
        return (out->file = text_of(r, file, "file")) != NULL;
    out->written = place_of(r, equal);
    return read_rows(r, equal, &out->rows);
}

static bool read_fails(const Reader *r, const Node *value, TestStep *out)
{
    static const char *const known[] = { "sql", "with" };
    out->with = "";
    if (value->kind == NODE_SCALAR)
        return read_sql(r, value, "fails", out);
    if (value->kind != NODE_MAP || !check_keys(r, value, known, COUNT_OF(known)))
        return value->kind == NODE_MAP ? false : wrong(r, value, "fails is a map: {sql: …, with: …}");
    const Node *with = node_get(value, "with");
    out->with = with ? text_of(r, with, "with") : "";
    return out->with && (node_get(value, "sql") ? read_sql(r, node_get(value, "sql"), "sql", out)
                                                : wrong(r, value, "fails needs `sql:`"));
}

static bool read_plan(const Reader *r, const Node *value, TestStep *out)
{
    static const char *const known[] = { "sql", "uses" };
    if (value->kind != NODE_MAP || !check_keys(r, value, known, COUNT_OF(known)))
        return value->kind == NODE_MAP ? false : wrong(r, value, "plan is a map: {sql: …, uses: INDEX}");
    const Node *uses = node_get(value, "uses");
    if (!uses || !node_get(value, "sql"))
        return wrong(r, value, "plan needs `sql:` and `uses:`");
    out->with = text_of(r, uses, "uses");
    return out->with && read_sql(r, node_get(value, "sql"), "sql", out);
}

// "before", or {table: person, as: before}
static bool read_mark(const Reader *r, const Node *value, TestStep *out)
{
    static const char *const known[] = { "table", "as" };
    if (value->kind == NODE_SCALAR)
        return (out->with = text_of(r, value, "the name of a mark")) != NULL;
    if (value->kind != NODE_MAP || !check_keys(r, value, known, COUNT_OF(known)))
        return value->kind == NODE_MAP
                   ? false
                   : wrong(r, value, "this is the name of a mark, or {table: …, as: MARK}");
    const Node *table = node_get(value, "table"), *as = node_get(value, "as");
    out->table = table ? text_of(r, table, "table") : NULL;
    out->with = as ? text_of(r, as, "as") : NULL;
    return out->with ? !table || out->table : !as && wrong(r, value, "this needs `as:`");
}

static bool read_time(const Reader *r, const Node *value, TestStep *out)
{
    const Node *under = node_get(value, "under");
    if (!under || value->count != 1 || !duration_parse(node_string(under), &out->milliseconds))
        return wrong(r, value, "time is a map: {under: 2s}");
    return true;
}

// {region: eu, x.limit: 2}: as NAME=VALUE.
static bool read_variables(const Reader *r, const Node *map, NameList *out)
{
    for (unsigned i = 0; i < map->count; i++) {
        const NodePair *pair = node_pair(map, i);
        const char *name = node_string(pair->key), *text = text_of(r, pair->value, "a variable");
        if (!text)
            return false;
        name += strncmp(name, "x.", 2) == 0 ? 2 : 0;
        *VEC_PUSH(r->arena, out) = arena_printf(r->arena, "%s=%s", name, text);
    }
    return true;
}

static bool read_set(const Reader *r, const Node *value, TestStep *out)
{
    if (value->kind != NODE_MAP)
        return wrong(r, value, "set is a map of variables: {region: eu}");
    return read_variables(r, value, &out->columns);
}

static const char *const step_words[] = { "to",    "up",   "down", "insert", "sql",  "rows", "fails", "fill",
                                          "holds", "none", "mark", "same",   "plan", "time", "set" };

// One step: a word, and by it who reads the rest. An insert becomes several, a step for each row.
static bool read_step(const Reader *r, const Node *node, ProjectTest *test)
{
    static const TestStepKind kinds[] = { TEST_TO,   TEST_UP,    TEST_DOWN, TEST_INSERT, TEST_SQL,
                                          TEST_ROWS, TEST_FAILS, TEST_FILL, TEST_HOLDS,  TEST_NONE,
                                          TEST_MARK, TEST_SAME,  TEST_USES, TEST_TIME,   TEST_SET };
    if (node->kind != NODE_MAP || node->count != 1)
        return wrong(r, node, "a step is one word and what it needs: `- to: head`");
    const NodePair *pair = node_pair(node, 0);
    const Node *value = pair->value;
    TestStep step = { .at = node_at(pair->key) };
    size_t word = 0;
    while (word < COUNT_OF(step_words) && strcmp(step_words[word], node_string(pair->key)) != 0)
        word++;
    if (word == COUNT_OF(step_words))
        return unknown_key(r, pair->key, step_words, COUNT_OF(step_words));
    step.kind = kinds[word];
    bool ok = true;
    switch (step.kind) {
    case TEST_TO: ok = read_to(r, value, &step); break;
    case TEST_UP:
    case TEST_DOWN: ok = read_count(r, value, &step); break;
    case TEST_INSERT:
    case TEST_LOAD: return read_insert(r, value, &step, test);
    case TEST_FILL: ok = read_fill(r, value, &step); break;
    case TEST_SQL:
    case TEST_HOLDS: ok = read_sql(r, value, node_string(pair->key), &step); break;
    case TEST_NONE:
        ok = read_sql(r, value, "none", &step);
        step.with = "the query gives a row";
        break;
    case TEST_ROWS: ok = read_expectation(r, value, &step); break;
    case TEST_FAILS: ok = read_fails(r, value, &step); break;
    case TEST_MARK:
    case TEST_SAME: ok = read_mark(r, value, &step); break;
    case TEST_USES: ok = read_plan(r, value, &step); break;
    case TEST_TIME: ok = read_time(r, value, &step); break;
    case TEST_SET: ok = read_set(r, value, &step); break;
    }
    *VEC_PUSH(r->arena, &test->steps) = step;
    return ok;
}

static bool read_engines(const Reader *r, const Node *node, ProjectTest *test)
{
    const Node *one = node_is_scalar(node) ? node : NULL;
    for (unsigned i = 0; one ? i < 1 : i < node->count; i++) {
        const Node *word = one ? one : node_item(node, i);
        const char *engine = suite_engine(node_string(word));
        if (!engine)
            return wrong(r, word ? word : node,
                         "this is not an engine: sqlite, postgresql, mysql or mariadb");
        *VEC_PUSH(r->arena, &test->engines) = engine;
    }
    return true;
}

// [slow, names], or one word.
static bool read_tags(const Reader *r, const Node *node, ProjectTest *test)
{
    const Node *one = node_is_scalar(node) ? node : NULL;
    if (!one && node->kind != NODE_LIST)
        return wrong(r, node, "tags are a list of words: [slow]");
    for (unsigned i = 0; one ? i < 1 : i < node->count; i++) {
        const char *word = text_of(r, one ? one : node_item(node, i), "a tag");
        if (!word)
            return false;
        *VEC_PUSH(r->arena, &test->tags) = word;
    }
    return true;
}

// [{region: eu}, {region: us}]
static bool read_each(const Reader *r, const Node *list, TestCases *out)
{
    if (list->kind != NODE_LIST || !list->count)
        return wrong(r, list, "each is a list of maps of variables: [{region: eu}, {region: us}]");
    for (unsigned i = 0; i < list->count; i++) {
        const Node *map = node_item(list, i);
        if (map->kind != NODE_MAP || !map->count)
            return wrong(r, map, "a case of each is a map of variables: {region: eu}");
        if (!read_variables(r, map, VEC_PUSH(r->arena, out)))
            return false;
    }
    return true;
}

// Every fault of a test is noted, so that a person sees all of them at once.
static void read_test(const Reader *r, const char *path, const Node *map, TestSuite *out)
{
    static const char *const known[] = { "name", "engines", "tags", "each", "skip", "steps" };
    TestCases cases = { 0 };
    if (map->kind != NODE_MAP) {
        wrong(r, map, "a test is a map with `steps:`");
        return;
    }
    ProjectTest *test = VEC_PUSH(r->arena, out);
    *test = (ProjectTest){ .name = path_base(path), .path = path, .at = node_at(map) };
    const Node *name = node_get(map, "name"), *engines = node_get(map, "engines"),
               *skip = node_get(map, "skip"), *steps = node_get(map, "steps"), *tags = node_get(map, "tags"),
               *each = node_get(map, "each");
    check_keys(r, map, known, COUNT_OF(known));
    if (name && text_of(r, name, "name"))
        test->name = node_string(name);
    if (engines)
        read_engines(r, engines, test);
    if (tags)
        read_tags(r, tags, test);
    if (each)
        read_each(r, each, &cases);
    if (skip)
        test->skip = text_of(r, skip, "skip");
    if (!steps || steps->kind != NODE_LIST)
        wrong(r, steps ? steps : map, "a test has a list of steps: `steps: [{to: head}]`");
    for (unsigned i = 0; steps && steps->kind == NODE_LIST && i < steps->count; i++)
        read_step(r, node_item(steps, i), test);
    suite_expand(r->arena, out, &cases);
}

bool suite_read_yaml(Arena *arena, const char *path, Text text, TestSuite *out, Error *err)
{
    Issues issues = { .arena = arena };
    const Reader r = { .arena = arena, .text = text, .issues = &issues };
    Node *root = NULL;
    bool whole = node_parse((NodeMemory){ arena, arena }, path, text, &issues, &root);
    if (whole && root->kind == NODE_LIST)
        for (unsigned i = 0; i < root->count; i++)
            read_test(&r, path, node_item(root, i), out);
    else if (whole)
        read_test(&r, path, root, out);
    return issues_raise(&issues, err);
}
