// emit.h -- a tree of nodes as YAML or JSON.
//
// Trees to be written are built with node_scalar, node_map and node_add. A node that is marked `flow` is put on one
// line where it fits. What is written reads back as the same tree: a plain scalar that could be taken for something
// else is quoted, text of several lines becomes a literal block where that loses nothing.
#ifndef CORE_YAML_EMIT_H
#define CORE_YAML_EMIT_H

#include "core/base/strbuf.h"
#include "core/yaml/node.h"

Node *node_scalar(Arena *arena, const char *text); // text: quoted when a plain one would not be text
Node *node_plain(Arena *arena, const char *text);  // a number, true, false, null: written as it stands
Node *node_map(Arena *arena, bool flow);
Node *node_list(Arena *arena, bool flow);
void node_add(Arena *arena, Node *map, const char *key, Node *value);
void node_add_text(Arena *arena, Node *map, const char *key, const char *text); // NULL: not added
void node_add_truth(Arena *arena, Node *map, const char *key, bool value);
void node_add_names(Arena *arena, Node *map, const char *key, const NameList *names); // empty: not added

void emit_yaml(StrBuf *out, const Node *root);
void emit_json(StrBuf *out, const Node *root);

#endif
