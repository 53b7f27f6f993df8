// include, exclude, unmanaged: what is ours, and what becomes of what the model does not have.
#include <string.h>

#include "core/config/internal.h"

static bool is_kind(const char *word, KindPattern *out)
{
    if (strcmp(word, "constraint") == 0) {
        out->constraint = true;
        return true;
    }
    for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        if (strcmp(object_kinds[kind].word, word) == 0) {
            out->kind = (ObjectKind)kind;
            return true;
        }
    return false;
}

static void unknown_kind(ConfigReader *r, const Node *node, const char *word)
{
    const char *words[OBJECT_KIND_COUNT + 1] = { "constraint" };
    for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        words[kind + 1] = object_kinds[kind].word;
    const char *near = nearest_word(word, words, COUNT_OF(words));
    Error *err = issues_add(r->issues, ERR_CONFIG, node_at(node), "unknown kind '%s'", word);
    if (near)
        error_label(err, "did you mean '%s'?", near);
    else
        error_hint(err, "For example table, column, index, constraint, trigger, view, function.");
}

// {kind: index, name: "ix_tmp_*"}
static void read_kind_pattern(ConfigReader *r, const Node *node, const char *key, KindPatternList *out)
{
    const Node *kind = node_get(node, "kind"), *name = node_get(node, "name");
    KindPattern pattern = { .at = node_at(node) };
    if (!kind || !name || node->count != 2) {
        Error *err =
            issues_add(r->issues, ERR_CONFIG, node_at(node), "an entry of %s has a kind and a name", key);
        error_hint(err, "As in {kind: index, name: \"ix_tmp_*\"}, or a glob alone: \"legacy.*\".");
        return;
    }
    const char *word = config_text(r, kind, "kind");
    pattern.name = config_text(r, name, "name");
    if (word && !is_kind(word, &pattern))
        unknown_kind(r, kind, word);
    else if (word && pattern.name)
        *VEC_PUSH(r->arena, out) = pattern;
}

void config_read_patterns(ConfigReader *r, const Node *map, const char *key, NameList *globs,
                          KindPatternList *kinds, SourcePos *at)
{
    const Node *node = node_get(map, key);
    if (!node || node_is_null(node))
        return;
    *globs = (NameList){ 0 };
    *kinds = (KindPatternList){ 0 };
    *at = node_at(node);
    if (node->kind == NODE_SCALAR)
        *VEC_PUSH(r->arena, globs) = config_text(r, node, key);
    else if (node->kind == NODE_MAP)
        issues_add(r->issues, ERR_CONFIG, node_at(node), "%s must be a text, or a list", key);
    for (unsigned i = 0; node->kind == NODE_LIST && i < node->count; i++) {
        if (node_item(node, i)->kind == NODE_MAP) {
            read_kind_pattern(r, node_item(node, i), key, kinds);
            continue;
        }
        const char *text = config_text(r, node_item(node, i), key);
        if (text)
            *VEC_PUSH(r->arena, globs) = text;
    }
}

// One of a few words: its number, or `otherwise` where the key is absent or the word is none of them.
static int read_word(ConfigReader *r, const Node *map, const char *key, const char *const *words,
                     size_t count, int otherwise)
{
    const char *text = NULL;
    config_read_text(r, map, key, &text);
    if (!text)
        return otherwise;
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], text) == 0)
            return (int)i;
    Error *err =
        issues_add(r->issues, ERR_CONFIG, node_at(node_get(map, key)), "%s cannot be '%s'", key, text);
    const char *near = nearest_word(text, words, count);
    if (near)
        error_label(err, "did you mean '%s'?", near);
    else if (count == 2)
        error_hint(err, "It is %s or %s.", words[0], words[1]);
    else
        error_hint(err, "It is %s, %s or %s.", words[0], words[1], words[2]);
    return otherwise;
}

void config_read_policies(ConfigReader *r, const Node *map, Config *config)
{
    static const char *const unmanaged[] = { "drop", "warn", "keep" };
    config->unmanaged =
        (Unmanaged)read_word(r, map, "unmanaged", unmanaged, COUNT_OF(unmanaged), (int)config->unmanaged);
    static const char *const destructive[] = { "allow", "confirm", "refuse" };
    config->destructive = (DestructivePolicy)read_word(r, map, "destructive", destructive,
                                                       COUNT_OF(destructive), (int)config->destructive);
    static const char *const drift[] = { "warn", "ignore" };
    config->drift_ignored = read_word(r, map, "drift", drift, COUNT_OF(drift), config->drift_ignored);
}

static const KeyInfo test_keys[] = {
    {"skip", "texts", "built-in checks that are left out: [checksums]"},
};
const KeyMap test_keys_map = { test_keys, COUNT_OF(test_keys) };

void config_read_test(ConfigReader *r, const Node *map, Config *config)
{
    const Node *test = node_get(map, "test");
    if (!test || node_is_null(test))
        return;
    config->test_at = node_at(node_get(test, "skip") ? node_get(test, "skip") : test);
    for (unsigned i = 0; test->kind == NODE_MAP && i < test->count; i++)
        if (strcmp(node_string(node_pair(test, i)->key), test_keys[0].name) != 0)
            issues_add(r->issues, ERR_CONFIG, node_at(node_pair(test, i)->key), "unknown key '%s' in test",
                       node_string(node_pair(test, i)->key));
    if (test->kind != NODE_MAP)
        issues_add(r->issues, ERR_CONFIG, node_at(test), "test is a map: {skip: [checksums]}");
    config_read_list(r, test, test_keys[0].name, &config->test_skip);
}

const char *config_key_of_others(const char *key)
{
    static const char *const words[][2] = {
        {"sqlalchemy.url",     "url"          },
        { "database_url",      "url"          },
        { "script_location",   "directory"    },
        { "version_locations", "version_paths"},
        { "models",            "schema"       },
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(words[i][0], key) == 0)
            return words[i][1];
    return NULL;
}
