// Settings that are by engine: which ones a new script is for, and where each has its scratch places.
#include <string.h>

#include "core/config/internal.h"
#include "core/dialect/dialect.h"

// The name of the engine as dialects have it ("mariadb" is mysql); NULL with an issue where there is none.
static const char *engine_named(const ConfigReader *r, const Node *node, const char *word)
{
    const Dialect *dialect = word ? dialect_by_scheme(word) : NULL;
    if (dialect)
        return dialect->name;
    Error *err = issues_add(r->issues, ERR_CONFIG, node_at(node), "unknown engine '%s'", word ? word : "");
    const char *near = word ? nearest_word(word, dialect_words, DIALECT_WORD_COUNT) : NULL;
    if (near)
        error_label(err, "did you mean '%s'?", near);
    else
        error_hint(err, "It is sqlite, postgresql or mysql.");
    return NULL;
}

void config_read_dialects(ConfigReader *r, const Node *map, Config *config)
{
    const Node *node = node_get(map, "dialects");
    NameList words = { 0 };
    if (!node || node_is_null(node))
        return;
    config_read_list(r, map, "dialects", &words);
    config->dialects = (NameList){ 0 };
    VEC_EACH (const char *, word, &words) {
        const char *name = engine_named(r, node, *word);
        if (name && !names_have(&config->dialects, name))
            *VEC_PUSH(r->arena, &config->dialects) = name;
    }
}

// One URL, or one for each engine: {postgresql: …, mysql: …}.
void config_read_scratch_url(ConfigReader *r, const Node *map, Config *config)
{
    const Node *node = node_get(map, "scratch_url");
    if (!node || node->kind != NODE_MAP) {
        if (node)
            config->scratch_urls = (NameList){ 0 };
        config_read_text(r, map, "scratch_url", &config->scratch_url);
        return;
    }
    config->scratch_url = NULL;
    config->scratch_urls = (NameList){ 0 };
    for (unsigned i = 0; i < node->count; i++) {
        const NodePair *pair = node_pair(node, i);
        const char *name = engine_named(r, pair->key, node_string(pair->key));
        const char *url = config_text(r, pair->value, node_string(pair->key));
        if (!name || !url)
            continue;
        *VEC_PUSH(r->arena, &config->scratch_urls) = name;
        *VEC_PUSH(r->arena, &config->scratch_urls) = url;
    }
}
