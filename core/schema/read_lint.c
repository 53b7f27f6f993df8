// `lint: {allow: [RULE]}` of a table, column, index or key. Which rules there are is for lint to say.
#include "core/schema/read.h"

static const KeyInfo lint_keys[] = {
    {"allow", "names", "rules by code or name that are allowed here"},
};
const KeyMap lint_keys_map = { lint_keys, COUNT_OF(lint_keys) };

void read_lint(Reader *r, const Node *node, Object *object)
{
    const Node *got[COUNT_OF(lint_keys)] = { 0 };
    if (node_is_null(node) || !read_keys(r, node, "lint", &lint_keys_map, got, NULL))
        return;
    const NameList rules = read_names(r, got[0], "allow");
    if (!rules.count)
        return;
    object->allows = ARENA_NEW(r->arena, AllowedList);
    *object->allows = (AllowedList){ 0 };
    for (unsigned i = 0; i < rules.count; i++) {
        const Node *item = got[0]->kind == NODE_LIST ? node_item(got[0], i) : got[0];
        *VEC_PUSH(r->arena, object->allows) =
            (Allowed){ .rule = rules.items[i], .at = item ? node_at(item) : node_at(node) };
    }
}
