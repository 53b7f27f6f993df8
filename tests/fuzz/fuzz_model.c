// Models whose structure is wrong: kinds exchanged, keys missing, doubled, wrapped by database. Whatever a model is, it
// is refused in words, or can be compared, planned both ways, rendered and written, as every command does with it; a
// value that is wrapped in a mapping of databases means what it means bare.
//
// The first byte of an input is `*`: each change of each node, one at a time; or it is the number of changes, of three
// bytes each (which node, in two bytes; what becomes of it). The model follows.
#define NODE_INTERNALS
#include "core/diff/diff.h"
#include "core/plan/plan.h"
#include "core/schema/schema_read.h"
#include "core/schema/schema_write.h"
#include "core/yaml/emit.h"
#include "tests/fuzz/feed.h"

typedef enum Mutation {
    BECOMES_TEXT,
    BECOMES_EMPTY,
    BECOMES_NULL,
    BECOMES_TRUE,
    BECOMES_NUMBER,
    BECOMES_LIST,
    BECOMES_EMPTY_LIST,
    BECOMES_MAP,
    BECOMES_EMPTY_MAP,
    IN_A_LIST,
    IN_A_MAP,
    FOR_ALL,   // {default: value, mysql: value}
    FOR_EACH,  // {sqlite: value, postgresql: value, mysql: value}
    FOR_MYSQL, // {mysql: value}
    IS_MISSING,
    IS_DOUBLED,
    CHANGES_PLACES,
    IS_THE_PARENT,
    MUTATION_COUNT
} Mutation;

// A node of the tree, and where it is.
typedef struct Place {
    Node *parent;
    unsigned number; // of its pair or item
} Place;

typedef VEC(Place) PlaceList;

static void list_places(Arena *arena, Node *node, PlaceList *out, unsigned depth)
{
    for (unsigned i = 0; depth < 40 && out->count < 4000 && node->kind != NODE_SCALAR && i < node->count;
         i++) {
        *VEC_PUSH(arena, out) = (Place){ node, i };
        list_places(arena, node->kind == NODE_MAP ? node->map_pairs[i].value : node->list_items[i], out,
                    depth + 1);
    }
}

static Node **slot_of(const Place *at)
{
    return at->parent->kind == NODE_MAP ? &at->parent->map_pairs[at->number].value
                                        : &at->parent->list_items[at->number];
}

static Node *wrapped(Arena *arena, Node *value, const char *const *keys, size_t count)
{
    Node *map = node_map(arena);
    for (size_t i = 0; i < count; i++)
        node_put(arena, map, keys[i], value);
    return map;
}

static Node *list_of(Arena *arena, Node *item)
{
    Node *list = node_list(arena);
    node_push(arena, list, item);
    return list;
}

static void remove_at(const Place *at)
{
    Node *parent = at->parent;
    parent->count--;
    for (unsigned i = at->number; i < parent->count; i++)
        if (parent->kind == NODE_MAP)
            parent->map_pairs[i] = parent->map_pairs[i + 1];
        else
            parent->list_items[i] = parent->list_items[i + 1];
}

static void exchange(const Place *at)
{
    const Place next = { at->parent, (at->number + 1) % at->parent->count };
    Node *value = *slot_of(at);
    *slot_of(at) = *slot_of(&next);
    *slot_of(&next) = value;
}

static void mutate(Arena *arena, const Place *at, Mutation mutation)
{
    static const char *const all[] = { "default", "mysql" },
                             *const each[] = { "sqlite", "postgresql", "mysql" }, *const odd[] = { "odd" };
    if (at->number >= at->parent->count)
        return;
    Node **slot = slot_of(at), *value = *slot, *parent = at->parent;
    switch (mutation) {
    case BECOMES_TEXT: *slot = node_text(arena, "other"); break;
    case BECOMES_EMPTY: *slot = node_text(arena, ""); break;
    case BECOMES_NULL: *slot = node_plain(arena, "null"); break;
    case BECOMES_TRUE: *slot = node_plain(arena, "true"); break;
    case BECOMES_NUMBER: *slot = node_plain(arena, "-7"); break;
    case BECOMES_LIST: *slot = list_of(arena, node_text(arena, "id")); break;
    case BECOMES_EMPTY_LIST: *slot = node_list(arena); break;
    case BECOMES_MAP: *slot = wrapped(arena, node_text(arena, "id"), odd, 1); break;
    case BECOMES_EMPTY_MAP: *slot = node_map(arena); break;
    case IN_A_LIST: *slot = list_of(arena, value); break;
    case IN_A_MAP: *slot = wrapped(arena, value, odd, 1); break;
    case FOR_ALL: *slot = wrapped(arena, value, all, 2); break;
    case FOR_EACH: *slot = wrapped(arena, value, each, 3); break;
    case FOR_MYSQL: *slot = wrapped(arena, value, each + 2, 1); break;
    case IS_MISSING: remove_at(at); break;
    case IS_DOUBLED:
        if (parent->kind == NODE_MAP)
            node_put_pair(arena, parent, parent->map_pairs[at->number].key, value);
        else
            node_push(arena, parent, value);
        break;
    case CHANGES_PLACES: exchange(at); break;
    case IS_THE_PARENT: *slot = wrapped(arena, list_of(arena, value), odd, 1); break;
    case MUTATION_COUNT: break;
    }
}

// What a model gives is made of what is in it: texts that are ASCII stay so.
static void check_text(const char *text, bool ascii, const char *model)
{
    for (const char *c = text; *c; c++)
        if (ascii && (unsigned char)*c >= 0x80)
            feed_broken("a byte that is not in the model", model);
    if (strstr(text, "(null)"))
        feed_broken("a name that is not there", model);
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

typedef struct Trial {
    Arena *arena;
    const Dialect *dialect;
    const char *model; // as text
    bool ascii;
} Trial;

static bool read_model(const Trial *trial, const char *text, Schema *out, RenameList *renames)
{
    Error err = { 0 };
    if (schema_read_text(trial->arena, "schema.yaml", (Text){ text, strlen(text) }, trial->dialect, out,
                         renames, &err))
        return true;
    for (const Error *each = &err; each; each = each->next) {
        feed_refused(each, text);
        check_text(each->message, trial->ascii && is_ascii(each->message), text);
    }
    return false;
}

static void check_plan(const Trial *trial, const Schema *have, const Schema *want, const RenameList *renames,
                       bool online)
{
    const PlanOptions options = { .online = online };
    ChangeList changes = { 0 };
    const Schema *renamed = NULL;
    Plan plan = { 0 };
    Error err = { 0 };
    if (!diff_schemas(trial->arena, trial->dialect, have, want, renames, &changes, &renamed, &err) ||
        !plan_build(trial->arena, trial->dialect, renamed, want, &changes, renames, &options, &plan, &err)) {
        feed_refused(&err, trial->model);
        return;
    }
    VEC_EACH (Statement, statement, &plan.statements) {
        check_text(statement->sql, trial->ascii, trial->model);
        if (statement->comment)
            check_text(statement->comment, trial->ascii, trial->model);
    }
}

static const char *written(Arena *arena, const Schema *schema)
{
    StrBuf out;
    strbuf_init(&out, arena);
    schema_write_yaml(&out, schema);
    return out.text;
}

// What becomes of a model that can be read: compared with nothing and with what it was, both ways.
static void check_use(const Trial *trial, const Schema *schema, const RenameList *renames, const char *before)
{
    const RenameList none = { 0 };
    Schema nothing = { .dialect = trial->dialect }, old;
    RenameList ignored = { 0 };
    check_plan(trial, &nothing, schema, &none, false);
    check_plan(trial, schema, &nothing, &none, false);
    if (read_model(trial, before, &old, &ignored)) {
        check_plan(trial, &old, schema, renames, true);
        check_plan(trial, schema, &old, &none, false);
    }
    check_text(written(trial->arena, schema), trial->ascii, trial->model);
    StrBuf json;
    strbuf_init(&json, trial->arena);
    schema_write_json(&json, schema);
}

static const Dialect *const dialects[] = { &sqlite_dialect, &postgresql_dialect, &mysql_dialect };

static void check_model(const char *text, const char *before, bool same)
{
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        const Trial trial = { arena_new(), dialects[i], text, is_ascii(text) && is_ascii(before) };
        Schema schema, old;
        RenameList renames = { 0 }, ignored = { 0 };
        bool read = read_model(&trial, text, &schema, &renames);
        if (read)
            check_use(&trial, &schema, &renames, before);
        if (same && read_model(&trial, before, &old, &ignored) &&
            (!read || strcmp(written(trial.arena, &schema), written(trial.arena, &old)) != 0)) {
            fprintf(stderr, "for %s:\n", dialects[i]->name);
            feed_broken("a value by database means what it means bare", text);
        }
        arena_free(trial.arena);
    }
}

static Node *parse(Arena *arena, Text text)
{
    Issues issues = { .arena = arena };
    Node *root;
    return node_parse((NodeMemory){ arena, arena }, "schema.yaml", text, &issues, &root) ? root : NULL;
}

static const char *emit(Arena *arena, const Node *root)
{
    StrBuf out;
    strbuf_init(&out, arena);
    emit_yaml(&out, root);
    return out.text;
}

// docs/model.md: instead of any text, number or truth value there may be a mapping of databases.
static bool may_be_wrapped(const Place *at)
{
    const Node *value = *slot_of(at);
    return value->kind == NODE_SCALAR && !node_is_null(value);
}

static void check_all(Arena *arena, Text text)
{
    Node *root = parse(arena, text);
    PlaceList places = { 0 };
    if (!root)
        return;
    const char *before = emit(arena, root);
    list_places(arena, root, &places, 0);
    for (size_t i = 0; i < places.count; i++)
        for (unsigned mutation = 0; mutation < MUTATION_COUNT; mutation++) {
            Arena *scratch = arena_new();
            PlaceList its = { 0 };
            Node *tree = parse(scratch, text);
            list_places(scratch, tree, &its, 0);
            bool same = (mutation == FOR_ALL || mutation == FOR_EACH) && may_be_wrapped(&its.items[i]);
            mutate(scratch, &its.items[i], (Mutation)mutation);
            check_model(emit(scratch, tree), before, same);
            arena_free(scratch);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 64 * 1024)
        return 0;
    Arena *arena = arena_new();
    bool all = data[0] == '*';
    size_t count = all ? 0 : data[0] % 8, head = 1 + 3 * count;
    if (size <= head) {
        arena_free(arena);
        return 0;
    }
    const Text text = { arena_strndup(arena, (const char *)data + head, size - head), size - head };
    Node *root = all ? NULL : parse(arena, text);
    if (all)
        check_all(arena, text);
    const char *before = root ? emit(arena, root) : NULL;
    for (size_t i = 0; root && i < count; i++) {
        const uint8_t *p = data + 1 + 3 * i;
        PlaceList places = { 0 };
        list_places(arena, root, &places, 0);
        if (places.count)
            mutate(arena, &places.items[(p[0] * 256u + p[1]) % places.count],
                   (Mutation)(p[2] % MUTATION_COUNT));
    }
    if (root && root->kind != NODE_SCALAR)
        check_model(emit(arena, root), before, false);
    arena_free(arena);
    return 0;
}
