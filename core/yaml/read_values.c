// Values of keys: what kind they must be, which keys there are, what a dialect chooses.
#include <string.h>
#include <strings.h>

#include "core/yaml/read_internal.h"

SourcePos place_of(const Node *map, const char *key)
{
    const Node *value = node_get(map, key);
    return value ? value->at : map->at;
}

static const char *const dialect_words[] = {
    "default", "sqlite", "postgresql", "postgres", "mysql", "mariadb"
};

static bool is_dialect_map(const Node *node)
{
    if (node->kind != NODE_MAP || !node->pairs.count)
        return false;
    VEC_EACH (NodePair, pair, &node->pairs) {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(dialect_words); i++)
            known |= strcmp(pair->key->text, dialect_words[i]) == 0;
        if (!known)
            return false;
    }
    return true;
}

const Node *for_dialect(ModelReader *r, const Node *node)
{
    if (!node || !is_dialect_map(node))
        return node;
    VEC_EACH (NodePair, pair, &node->pairs)
        if (dialect_by_name(pair->key->text) == r->dialect)
            return pair->value;
    return node_get(node, "default");
}

bool expect_map(ModelReader *r, const Node *node, const char *what)
{
    if (r->budget)
        r->budget--;
    if (node && node->kind == NODE_MAP && r->budget)
        return true;
    if (node && !r->budget)
        issues_add(r->issues, ERR_SCHEMA, node->at,
                   "the model is too large: its aliases unfold into more than is read");
    else if (node && !node_is_null(node))
        issues_add(r->issues, ERR_SCHEMA, node->at, "%s must be a map of keys and values", what);
    return false;
}

bool dialect_option(const ModelReader *r, const char *key, ObjectKind kind)
{
    for (size_t i = 0; i < r->dialect->option_count; i++)
        if (r->dialect->options[i].kinds & KIND_BIT(kind) && strcmp(r->dialect->options[i].key, key) == 0)
            return true;
    return false;
}

// Known to another engine: such a key is let pass.
static bool option_of_another(const char *key, ObjectKind kind)
{
    static const Dialect *const all[] = { &sqlite_dialect, &postgresql_dialect, &mysql_dialect };
    for (size_t d = 0; d < COUNT_OF(all); d++)
        for (size_t i = 0; i < all[d]->option_count; i++)
            if (all[d]->options[i].kinds & KIND_BIT(kind) && strcmp(all[d]->options[i].key, key) == 0)
                return true;
    return false;
}

static void unknown_key(ModelReader *r, const Node *key, const char *const *known, const char *what)
{
    size_t n = 0;
    while (known[n])
        n++;
    Error *err = issues_add(r->issues, ERR_SCHEMA, key->at, "unknown key '%s' in %s", key->text, what);
    const char *near = nearest_word(key->text, known, n);
    if (near)
        error_label(err, "did you mean '%s'?", near);
}

void reject_unknown(ModelReader *r, const Node *map, const char *const *known, const char *what,
                    ObjectKind kind)
{
    VEC_EACH (NodePair, pair, &map->pairs) {
        bool found = pair->merge;
        for (const char *const *word = known; *word && !found; word++)
            found = strcmp(*word, pair->key->text) == 0;
        if (!found && kind != OBJECT_KIND_COUNT)
            found = option_of_another(pair->key->text, kind);
        if (!found)
            unknown_key(r, pair->key, known, what);
    }
}

const char *text_of(ModelReader *r, const Node *node, const char *what)
{
    node = for_dialect(r, node);
    if (!node || node_is_null(node))
        return NULL;
    if (node->kind == NODE_SCALAR)
        return node->text;
    issues_add(r->issues, ERR_SCHEMA, node->at, "%s must be one value", what);
    return NULL;
}

const char *get_text(ModelReader *r, const Node *map, const char *key)
{
    return text_of(r, node_get(map, key), key);
}

bool get_truth(ModelReader *r, const Node *map, const char *key, bool *out)
{
    const Node *node = for_dialect(r, node_get(map, key));
    if (!node || node_is_null(node))
        return false;
    if (node_truth(node, out))
        return true;
    issues_add(r->issues, ERR_SCHEMA, node->at, "%s must be true or false", key);
    return false;
}

void get_names(ModelReader *r, const Node *map, const char *key, NameList *out)
{
    const Node *node = for_dialect(r, node_get(map, key));
    if (!node || node_is_null(node))
        return;
    if (node->kind == NODE_SCALAR)
        *VEC_PUSH(r->arena, out) = node->text;
    else if (node->kind == NODE_MAP)
        issues_add(r->issues, ERR_SCHEMA, node->at, "%s must be a list", key);
    VEC_EACH (Node *, item, &node->items) {
        const char *name = text_of(r, *item, key);
        if (name)
            *VEC_PUSH(r->arena, out) = name;
    }
}

static void set_option(ModelReader *r, Object *head, const NodePair *pair)
{
    const Node *node = for_dialect(r, pair->value);
    if (!node || node_is_null(node))
        return;
    const char *value = NULL;
    bool truth;
    if (node->kind == NODE_LIST) {
        StrBuf list;
        strbuf_init(&list, r->arena);
        VEC_EACH (Node *, item, &node->items)
            strbuf_printf(&list, "%s%s", item == node->items.items ? "" : ", ",
                          (*item)->kind == NODE_SCALAR ? (*item)->text : "");
        value = list.text;
    } else if (node_truth(node, &truth)) {
        value = truth ? "true" : "false";
    } else {
        value = text_of(r, node, pair->key->text);
    }
    if (value)
        option_set(r->arena, &head->options, pair->key->text, value);
}

// Flat keys that the dialect knows, and what stands under options: {dialect: {…}}.
void read_options(ModelReader *r, const Node *map, Object *head)
{
    VEC_EACH (NodePair, pair, &map->pairs)
        if (!pair->merge && dialect_option(r, pair->key->text, head->kind))
            set_option(r, head, pair);
    const Node *options = node_get(map, "options");
    if (!options || !expect_map(r, options, "options"))
        return;
    VEC_EACH (NodePair, engine, &options->pairs) {
        const Dialect *dialect = dialect_by_name(engine->key->text);
        if (!dialect) {
            static const char *const engines[] = { "sqlite", "postgresql", "mysql", NULL };
            unknown_key(r, engine->key, engines, "options");
            continue;
        }
        if (!expect_map(r, engine->value, "options of an engine"))
            continue;
        VEC_EACH (NodePair, pair, &engine->value->pairs) {
            bool known = false;
            const char **words = arena_alloc(r->arena, (dialect->option_count + 1) * sizeof(char *));
            size_t n = 0;
            for (size_t i = 0; i < dialect->option_count; i++)
                if (dialect->options[i].kinds & KIND_BIT(head->kind)) {
                    words[n++] = dialect->options[i].key;
                    known |= strcmp(dialect->options[i].key, pair->key->text) == 0;
                }
            if (!known)
                unknown_key(r, pair->key, words, "these options");
            else if (dialect == r->dialect)
                set_option(r, head, pair);
        }
    }
}

void read_head(ModelReader *r, const Node *map, Object *head, const char *table)
{
    head->comment = get_text(r, map, "comment");
    read_options(r, map, head);
    NameList old = { 0 };
    get_names(r, map, "renamed_from", &old);
    VEC_EACH (const char *, from, &old) {
        head->renamed_from = *from;
        NameList parts = { 0 };
        const char *name =
            name_split(r->arena, *from, &parts) && parts.count ? parts.items[parts.count - 1] : *from;
        *VEC_PUSH(r->arena, r->renames) = (Rename){ .kind = head->kind,
                                                    .schema = head->schema,
                                                    .table = table,
                                                    .from = name,
                                                    .to = head->name,
                                                    .at = place_of(map, "renamed_from") };
    }
}
