#include "core/schema/read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/dialect/shape.h"

void use_column(TableReader *t, const Node *node, const char *name)
{
    *VEC_PUSH(t->r->scratch, &t->uses) = (ColumnUse){ node, name };
}

static const char *read_shape(Reader *r, const Node *node, const char *key,
                              bool (*is_shape)(const Dialect *, const char *))
{
    const char *text = read_text(r, node, key);
    if (text && !is_shape(r->dialect, text)) {
        read_issue(r, node_at(node), "'%s' cannot be '%s'", key, text);
        return NULL;
    }
    return text;
}

static const KeyInfo part_keys[] = {
    {"column",      "text",              "a column"                               },
    { "expression", "text",              "an expression"                          },
    { "order",      "words asc, desc",   "asc or desc"                            },
    { "nulls",      "words first, last", "first or last"                          },
    { "length",     "number",            "the length of a prefix (MySQL)"         },
    { "collation",  "text",              "how it is compared"                     },
    { "opclass",    "text",              "the operator class (PostgreSQL)"        },
    { "with",       "text",              "the operator of an exclusion constraint"},
};
const KeyMap part_keys_map = { part_keys, COUNT_OF(part_keys) };

// A part of a key or index in its long form. An order of NULLs that is the engine's default is unset, because
// the server does not report it either.
static void read_part_map(TableReader *t, const Node *node, Part *part)
{
    enum { K_COLUMN, K_EXPRESSION, K_ORDER, K_NULLS, K_LENGTH, K_COLLATION, K_OPCLASS, K_WITH, K_COUNT };
    _Static_assert(COUNT_OF(part_keys) == K_COUNT, "each key has its place");
    static const char *const orders[] = { "asc", "desc" }, *const nulls[] = { "first", "last" };
    Reader *r = t->r;
    const Node *got[K_COUNT];
    read_keys(r, node, "a part of a key or index", &part_keys_map, got, NULL);
    part->column = read_text(r, got[K_COLUMN], "column");
    part->expression = read_text(r, got[K_EXPRESSION], "expression");
    part->collation = read_text(r, got[K_COLLATION], "collation");
    part->opclass = read_shape(r, got[K_OPCLASS], "opclass", shape_is_operator_class);
    part->with_operator = read_shape(r, got[K_WITH], "with", shape_is_operator);
    if (!node_is_null(got[K_ORDER]))
        part->descending = read_word(r, got[K_ORDER], "order", orders, COUNT_OF(orders)) == 1;
    if (!node_is_null(got[K_NULLS]))
        part->nulls_first = read_word(r, got[K_NULLS], "nulls", nulls, COUNT_OF(nulls)) == 0 ? YES : NO;
    if (part->nulls_first == ((r->dialect->caps & NULLS_ARE_LEAST) ? (part->descending ? NO : YES)
                                                                   : (part->descending ? YES : NO)))
        part->nulls_first = UNSET; // as the engine does by itself
    const char *length = read_number(r, got[K_LENGTH], "length");
    if (length)
        part->length = (unsigned)strtoul(length, NULL, 10);
    if (part->column && !part->expression)
        use_column(t, got[K_COLUMN], part->column);
    else if (!part->expression || part->column)
        read_issue(r, node_at(node), "a part of a key or index is a column or an expression");
}

void read_part_list(TableReader *t, const Node *node, PartList *parts)
{
    Reader *r = t->r;
    if (!node)
        return;
    // one column may stand without brackets
    bool lone = node->kind != NODE_LIST;
    for (unsigned i = 0; i < (lone ? 1 : node->count) && read_visit(r, node); i++) {
        const Node *item = lone ? node : read_pick(r, node_item(node, i));
        if (!item)
            continue;
        Part part = { 0 };
        if (item->kind == NODE_SCALAR) {
            part.column = node_string(item);
            use_column(t, item, node_string(item));
        } else {
            read_part_map(t, item, &part);
        }
        *VEC_PUSH(r->arena, parts) = part;
    }
}

Deferral read_deferral(Reader *r, const Node *node)
{
    static const char *const words[] = { "deferred",           "immediate",           "true",
                                         "initially deferred", "initially immediate", "false" };
    static const Deferral deferrals[] = { DEFERRABLE_DEFERRED, DEFERRABLE_IMMEDIATE, DEFERRABLE_IMMEDIATE,
                                          DEFERRABLE_DEFERRED, DEFERRABLE_IMMEDIATE, NOT_DEFERRABLE };
    if (node_is_null(node))
        return NOT_DEFERRABLE;
    int word = read_word(r, node, "deferrable", words, COUNT_OF(words));
    return word < 0 ? NOT_DEFERRABLE : deferrals[word];
}

const char *read_action(Reader *r, const Node *node, const char *what)
{
    static const char *const words[] = { "cascade", "restrict", "set null", "set default", "no action" };
    static const char *const actions[] = { "CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", NULL };
    if (node_is_null(node))
        return NULL;
    // SET NULL (a, b): the columns follow as they appear
    const char *open = node->kind == NODE_SCALAR ? strchr(node_string(node), '(') : NULL;
    if (open && strncasecmp(node_string(node), "set", 3) == 0) {
        bool null = strncasecmp(node_string(node) + 4, "null", 4) == 0;
        return arena_printf(r->arena, "SET %s %s", null ? "NULL" : "DEFAULT", open);
    }
    int word = read_word(r, node, what, words, COUNT_OF(words));
    if (word == 4 && (r->dialect->caps & KEEPS_NO_ACTION))
        return "NO ACTION";
    return word < 0 ? NULL : actions[word];
}

const char *read_match(Reader *r, const Node *node)
{
    static const char *const words[] = { "full", "partial", "simple" };
    const char *text = read_text(r, node, "match");
    if (text && nearest_word(text, words, COUNT_OF(words)))
        (void)read_word(r, node, "match", words, COUNT_OF(words));
    return match_rule(r->arena, text);
}
