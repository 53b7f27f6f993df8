// node.h -- YAML text as a tree in which every node knows its place.
//
// Aliases share their target's node and merge keys (<<) are looked through, never expanded, so that a small file
// cannot become a large tree; the walk itself is bounded by the depth limit of the parser here and by a budget that
// readers spend (node_spend).
#ifndef CORE_YAML_NODE_H
#define CORE_YAML_NODE_H

#include "core/base/error.h"
#include "core/base/vec.h"

typedef enum NodeKind { NODE_SCALAR, NODE_LIST, NODE_MAP } NodeKind;

typedef struct Node Node;
typedef struct NodePair {
    Node *key; // a scalar
    Node *value;
    bool merge; // <<: the value is a map, or a list of maps, to look through
} NodePair;

struct Node {
    NodeKind kind;
    const char *text; // of a scalar; never NULL there
    size_t length;
    bool quoted; // 'x', "x" or a block: never null, a number or a truth value
    bool flow;   // to be written on one line where it fits
    SourcePos at;
    VEC(Node *) items;
    VEC(NodePair) pairs;
};

// One document; NULL *out: the text holds none. Bad syntax, a second document, a key twice: placed errors in `issues`.
// False when the syntax broke off, so that what follows is not known.
bool node_parse(Arena *arena, const char *file, Text text, Node **out, Issues *issues);

bool node_is_null(const Node *node);                    // absent, ~, null, or an empty plain scalar
const Node *node_get(const Node *map, const char *key); // through merge keys; NULL: absent
bool node_truth(const Node *node, bool *out);           // true/false, yes/no, on/off
// Every pair of a map, merged ones behind the own ones, keys seen before left out.
typedef VEC(const NodePair *) PairList;
void node_pairs(Arena *arena, const Node *map, PairList *out);

#endif
