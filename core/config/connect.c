// What the configuration says of every connection.
#include <ctype.h>
#include <string.h>

#include "core/base/file.h"
#include "core/config/config_read.h"
#include "core/config/internal.h"

static bool is_word(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            return false;
    return name[0] != '\0';
}

void config_read_pragmas(ConfigReader *r, const Node *map, NameList *out)
{
    const Node *node = node_get(map, "pragmas");
    if (!node || node_is_null(node))
        return;
    *out = (NameList){ 0 };
    if (node->kind != NODE_MAP) {
        Error *err =
            issues_add(r->issues, ERR_CONFIG, node_at(node), "pragmas is a mapping of names and values");
        error_hint(err, "As in pragmas: {foreign_keys: on, busy_timeout: 5000}.");
        return;
    }
    for (unsigned i = 0; i < node->count; i++) {
        const NodePair *pair = node_pair(node, i);
        const char *name = node_string(pair->key), *value = config_text(r, pair->value, name);
        if (!is_word(name))
            issues_add(r->issues, ERR_CONFIG, node_at(pair->key), "'%s' is not the name of a pragma", name);
        else if (value) {
            *VEC_PUSH(r->arena, out) = name;
            *VEC_PUSH(r->arena, out) = value;
        }
    }
}

void config_connect(Arena *arena, const Config *config, ConnectOptions *out)
{
    NameList *extensions = ARENA_NEW(arena, NameList);
    VEC_EACH (const char *, it, &config->extensions)
        *VEC_PUSH(arena, extensions) = path_join(arena, config->folder, *it);
    out->statement_timeout_ms = config->statement_timeout_ms;
    out->extensions = extensions;
    out->pragmas = &config->pragmas;
    out->on_connect = &config->on_connect;
}
