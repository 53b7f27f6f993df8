// emit.h -- a tree of nodes as YAML or JSON.
//
// Trees are built with the makers of node.h. What is written reads back as the same tree, whatever the texts hold: a
// text that could be taken for something else is quoted, one of several lines becomes a literal block where that loses
// nothing. A map or list that is not marked `block` is put on one line where it fits.
#ifndef CORE_YAML_EMIT_H
#define CORE_YAML_EMIT_H

#include "core/base/strbuf.h"
#include "core/yaml/node.h"

// One document that node_parse() reads as the same tree, comments and anchors apart.
void emit_yaml(StrBuf *out, const Node *root);
void emit_json(StrBuf *out, const Node *root); // one document, two spaces a level

// The length of the character at `p` in UTF-8; 0 where its bytes are none.
size_t utf8_length(const char *text);

#endif
