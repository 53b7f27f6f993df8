// `lint: {allow: [RULE]}` of a table, column, index or key. Which rules there are is for lint to say.
#include "core/schema/read.h"

void read_lint(Reader *r, const Node *node, Object *object)
{
    static const char *const keys[] = { "allow" };
    const Node *got[1] = { 0 };
    if (node_is_null(node) || !read_keys(r, node, "lint", keys, 1, got, NULL))
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
