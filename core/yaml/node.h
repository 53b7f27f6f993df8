// node.h -- a YAML document as a tree in which every node knows its place.
//
// Scalars are texts (whether `5` is a number is for the reader to say; `quoted` tells `"5"` from `5`). Aliases share
// the node that they name, and `<<` merges are laid into the pairs of a map when it is complete: its own keys first,
// then what it did not have. Keys of one map are unique. All of it is bounded: depth, nodes, merged pairs.
#ifndef CORE_YAML_NODE_H
#define CORE_YAML_NODE_H

#include "core/base/error.h"
#include "core/base/vec.h"

enum { NODE_DEPTH = 64, NODE_VISITS = 1000000 };

typedef enum NodeKind { NODE_SCALAR, NODE_LIST, NODE_MAP } NodeKind;

typedef struct Node Node;
typedef struct NodePair {
    Node *key, *value;
} NodePair;

enum { LONGEST_NODE = 65535 }; // characters of a scalar whose length is known

// Small: a large model has more of these than of anything else.
struct Node {
    unsigned kind : 2;     // of NodeKind
    bool quoted : 1;       // a scalar in quotes or a block
    bool block : 1;        // for a writer: a map or list that always goes over several lines
    bool forced : 1;       // for a writer: a text that keeps its quotes
    uint8_t room;          // of items or pairs: a power of two; 0: none
    uint16_t length;       // as in SourcePos
    unsigned line, column; // line 0: made by a program
    unsigned count;        // of items or pairs
    const char *file;
    union {
        const char *scalar_text;
        Node **list_items;
        NodePair *map_pairs;
    };
};

// What a node holds is read through these three, which check its kind: the members above are poisoned below, so that
// a reader that takes a mapping for a text does not compile. None of them fails.
static inline const char *node_string(const Node *node) // "" of what is no scalar
{
    return node && node->kind == NODE_SCALAR ? node->scalar_text : "";
}
static inline const Node *node_item(const Node *list, unsigned i) // NULL where there is none
{
    return list && list->kind == NODE_LIST && i < list->count ? list->list_items[i] : NULL;
}
static inline const NodePair *node_pair(const Node *map, unsigned i) // nulls where there is none
{
    static const NodePair none = { NULL, NULL };
    return map && map->kind == NODE_MAP && i < map->count ? &map->map_pairs[i] : &none;
}

// Where a tree lies. The texts of scalars may outlive it: a reader takes them over and lets the nodes go.
typedef struct NodeMemory {
    Arena *texts, *nodes; // may be the same
} NodeMemory;

// Parses one document, which a NUL must follow. `file` is the name for messages. An empty file gives a null scalar. False with every problem found
// in `issues` (a syntax error ends the reading, names used twice do not); *out is then what could be read, or NULL.
bool node_parse(NodeMemory memory, const char *file, Text text, Issues *issues, Node **out) MUST_USE;
// The same by libyaml alone: what node_parse falls back on where the text is more than plain.
bool node_parse_full(NodeMemory memory, const char *file, Text text, Issues *issues, Node **out) MUST_USE;
// The quick way for plain texts; false where the text may be more than that, or wrong. Says nothing.
bool node_parse_plain(NodeMemory memory, const char *file, Text text, Node **out) MUST_USE;

// A length as a Node keeps it; 0 where it is too long to keep.
static inline uint16_t node_length(size_t n) { return n <= LONGEST_NODE ? (uint16_t)n : 0; }
// Its place in its file, for messages; `node` may be NULL.
SourcePos node_at(const Node *node);
// The place of `n` characters of a scalar's text, `skip` bytes in.
SourcePos node_at_text(const Node *node, size_t skip, size_t n);

bool node_is_null(const Node *node); // NULL pointer, nothing, ~ or null
// Is it a scalar without quotes of exactly that text?
bool node_is_plain(const Node *node, const char *word);
bool node_truth(const Node *node, bool *out);     // true and false, yes and no, on and off
bool node_is_scalar(const Node *node);            // and not null
Node *node_get(const Node *map, const char *key); // NULL where absent, or not a map
bool node_equal(const Node *a, const Node *b);    // places apart

// Makers, for writers. Texts are not copied.
Node *node_text(Arena *arena, const char *text); // a string
Node *node_like(Arena *arena, const Node *node,
                const char *text);                // a scalar with another text at the same place
Node *node_plain(Arena *arena, const char *text); // a number, true, false, null
Node *node_list(Arena *arena);
Node *node_map(Arena *arena);
void node_push(Arena *arena, Node *list, Node *item);
void node_put(Arena *arena, Node *map, const char *key, Node *value);
void node_put_pair(Arena *arena, Node *map, Node *key, Node *value);

// For parsers: reports keys used twice, then lays merged maps in.
typedef struct NodeBudget {
    size_t visits;
    bool spent; // and said so
} NodeBudget;
// Is this a key with its value behind it, because the blank after the colon was left out (type:integer)? Never if it is quoted.
bool node_lacks_blank(const Node *key);
#define NODE_BLANK_HINT "YAML needs a blank after the colon of a key: id: {type: integer}."
void node_finish_map(Arena *arena, Node *map, bool has_merge, NodeBudget *budget,
                     Issues *issues); // ends a map

#ifndef NODE_INTERNALS // defined by core/yaml and its fuzzer alone
#pragma GCC poison scalar_text list_items map_pairs
#endif

#endif
