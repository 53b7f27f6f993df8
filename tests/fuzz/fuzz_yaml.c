// Any bytes as a model. What can be read can be written, and reads back to what is written the same again; a tree that
// is written is the same tree when it is parsed; the quick way of parsing gives the tree that libyaml gives.
#define NODE_INTERNALS
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/yaml/emit.h"
#include "core/schema/schema_read.h"
#include "core/schema/schema_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void broken(const char *law, const char *text)
{
    fprintf(stderr, "%s\n%s\n", law, text);
    abort();
}

// All scalars become texts. False where aliases unfold to more than can be written.
static bool make_texts(Node *node, size_t *left)
{
    if (*left == 0)
        return false;
    --*left;
    if (node->kind == NODE_SCALAR)
        node->quoted = true;
    for (unsigned i = 0; i < node->count; i++) {
        if (node->kind == NODE_LIST && !make_texts(node->list_items[i], left))
            return false;
        if (node->kind == NODE_MAP &&
            (!make_texts(node->map_pairs[i].key, left) || !make_texts(node->map_pairs[i].value, left)))
            return false;
    }
    return true;
}

static void check_tree(Arena *arena, Text text)
{
    Issues issues = { .arena = arena };
    const NodeMemory memory = { arena, arena };
    Node *tree, *again, *plain;
    bool whole = node_parse_full(memory, "a.yaml", text, &issues, &tree);
    if (node_parse_plain(memory, "a.yaml", text, &plain) && (!whole || !node_equal(tree, plain)))
        broken("the quick way reads something else", text.p);
    size_t left = 20000, enough = SIZE_MAX;
    if (!whole || !make_texts(tree, &left))
        return;
    StrBuf out;
    strbuf_init(&out, arena);
    emit_yaml(&out, tree);
    if (!node_parse_full(memory, "b.yaml", (Text){ out.text, out.length }, &issues, &again))
        broken("a written tree cannot be parsed", out.text);
    if (!make_texts(again, &enough) || !node_equal(tree, again))
        broken("a written tree is parsed as another", out.text);
}

static void check_schema(Arena *arena, Text text, const Dialect *dialect)
{
    Schema schema, again;
    RenameList renames = { 0 };
    Error err = { 0 };
    Dialect plain = *dialect; // what the engine implies beside the file must only not crash
    (void)!schema_read_text(arena, "a.yaml", text, dialect, &schema, &renames, &err);
    plain.resolve = NULL;
    dialect = &plain;
    if (!schema_read_text(arena, "a.yaml", text, dialect, &schema, &renames, &err)) {
        if (!err.message[0])
            broken("an error says nothing", text.p);
        return;
    }
    StrBuf first, second;
    strbuf_init(&first, arena);
    strbuf_init(&second, arena);
    schema_write_yaml(&first, &schema);
    if (!schema_read_text(arena, "b.yaml", (Text){ first.text, first.length }, dialect, &again, &renames,
                          &err))
        broken(err.message, first.text);
    schema_write_yaml(&second, &again);
    if (strcmp(first.text, second.text) != 0) {
        fputs(second.text, stderr);
        broken("what is read again is written otherwise", first.text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Dialect *const dialects[] = { &sqlite_dialect, &postgresql_dialect, &mysql_dialect };
    if (size > 64 * 1024)
        return 0;
    Arena *arena = arena_new();
    const char *copy = arena_strndup(arena, (const char *)data, size);
    check_tree(arena, (Text){ copy, size });
    for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
        check_schema(arena, (Text){ copy, size }, dialects[i]);
    arena_free(arena);
    return 0;
}
