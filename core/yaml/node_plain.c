#include "core/yaml/node.h"

bool node_parse_plain(Arena *arena, const char *file, Text text, Node **out)
{
    (void)arena;
    (void)file;
    (void)text;
    *out = NULL;
    return false;
}
