#include "core/yaml/emit.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { LINE = 110 };

static Node *new_node(Arena *arena, NodeKind kind)
{
    Node *node = ARENA_NEW(arena, Node);
    node->kind = kind;
    return node;
}

Node *node_scalar(Arena *arena, const char *text)
{
    Node *node = new_node(arena, NODE_SCALAR);
    node->text = text;
    node->length = strlen(text);
    node->quoted = true;
    return node;
}

Node *node_plain(Arena *arena, const char *text)
{
    Node *node = node_scalar(arena, text);
    node->quoted = false;
    return node;
}

Node *node_map(Arena *arena, bool flow)
{
    Node *node = new_node(arena, NODE_MAP);
    node->flow = flow;
    return node;
}

Node *node_list(Arena *arena, bool flow)
{
    Node *node = new_node(arena, NODE_LIST);
    node->flow = flow;
    return node;
}

void node_add(Arena *arena, Node *map, const char *key, Node *value)
{
    if (value)
        *VEC_PUSH(arena, &map->pairs) = (NodePair){ node_scalar(arena, key), value, false };
}

void node_add_text(Arena *arena, Node *map, const char *key, const char *text)
{
    if (text)
        node_add(arena, map, key, node_scalar(arena, text));
}

void node_add_truth(Arena *arena, Node *map, const char *key, bool value)
{
    node_add(arena, map, key, node_plain(arena, value ? "true" : "false"));
}

void node_add_names(Arena *arena, Node *map, const char *key, const NameList *names)
{
    if (!names->count)
        return;
    Node *list = node_list(arena, true);
    VEC_EACH (const char *, name, names)
        *VEC_PUSH(arena, &list->items) = node_scalar(arena, *name);
    node_add(arena, map, key, list);
}

// Words that a reader of YAML 1.1 or 1.2 could take for something other than text.
static bool means_something(const char *text)
{
    static const char *const words[] = { "null", "true", "false", "yes", "no", "on",
                                         "off",  "y",    "n",     "~",   "<<", "=" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

// May stand without quotes, in a flow map and in a block: begins with a letter, holds nothing that has a meaning.
static bool is_plain(const Node *node, bool flow)
{
    const char *text = node->text;
    if (!(isalpha((unsigned char)text[0]) || text[0] == '_') || means_something(text))
        return false;
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        bool safe = isalnum(byte) || strchr("_-./+*()<>=' ", byte) || (!flow && byte == ',') ||
                    (!flow && byte == '"');
        if (!safe || (byte == ' ' && (c[1] == ' ' || c[1] == '\0' || c[1] == '#')))
            return false;
        if (byte == '.' && (c[1] == '\0' || c[1] == '.'))
            return false;
    }
    return strncmp(text, "---", 3) != 0;
}

// Invisible or unsafe to stand literally: controls, DEL, C1 controls with NEL, line and paragraph separators, BOM, bidi controls.
static size_t escape_length(const unsigned char *p, unsigned *code)
{
    if (*p < ' ' || *p == 0x7f) {
        *code = *p;
        return 1;
    }
    if (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f) {
        *code = p[1];
        return 2;
    }
    if (*p == 0xe2 && ((p[1] == 0x80 && (p[2] >= 0xa8 || (p[2] >= 0x8b && p[2] <= 0x8f))) ||
                       (p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf))) {
        *code = 0x2000u | (unsigned)(p[1] & 1) << 6 | (p[2] & 0x3fu);
        return 3;
    }
    if (*p == 0xef && ((p[1] == 0xbb && p[2] == 0xbf) || (p[1] == 0xbf && p[2] >= 0xbe))) {
        *code = p[1] == 0xbb ? 0xfeff : 0xffc0u | (p[2] & 0x3fu);
        return 3;
    }
    return 0;
}

static void put_quoted(StrBuf *out, const char *text, bool json)
{
    strbuf_putc(out, '"');
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        unsigned code = 0;
        size_t n = escape_length(p, &code);
        if (*p == '"' || *p == '\\') {
            strbuf_printf(out, "\\%c", *p++);
        } else if (*p == '\n' || *p == '\t' || *p == '\r') {
            strbuf_puts(out, *p == '\n' ? "\\n" : *p == '\t' ? "\\t" : "\\r");
            p++;
        } else if (n) {
            strbuf_printf(out, json || code > 0xff ? "\\u%04x" : "\\x%02x", code);
            p += n;
        } else {
            strbuf_putc(out, (char)*p++);
        }
    }
    strbuf_putc(out, '"');
}

// A literal block loses nothing of it.
static bool fits_block(const char *text)
{
    if (!strchr(text, '\n') || text[0] == ' ' || text[0] == '\n' || text[0] == '\t')
        return false;
    for (const char *c = text; *c; c++) {
        unsigned code;
        if (*c != '\n' && *c != '\t' && escape_length((const unsigned char *)c, &code))
            return false;
        if ((*c == ' ' || *c == '\t') && (c[1] == '\n' || c[1] == '\0'))
            return false;
    }
    size_t n = strlen(text);
    return n < 2 || !(text[n - 1] == '\n' && text[n - 2] == '\n');
}

static void put_block(StrBuf *out, const char *text, unsigned indent)
{
    size_t n = strlen(text);
    bool ends = text[n - 1] == '\n';
    strbuf_puts(out, ends ? "|" : "|-");
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        strbuf_putc(out, '\n');
        if (length)
            strbuf_repeat(out, ' ', indent);
        strbuf_put(out, line, length);
        line += length + (line[length] == '\n');
    }
}

static void put_scalar(StrBuf *out, const Node *node, bool flow)
{
    if (!node->quoted || is_plain(node, flow)) {
        strbuf_puts(out, node->text);
        return;
    }
    bool single = true; // 'x' reads better where nothing needs an escape
    for (const unsigned char *p = (const unsigned char *)node->text; *p; p++) {
        unsigned code;
        single &= escape_length(p, &code) == 0 && *p != '\'';
    }
    if (single && strchr(node->text, '"'))
        strbuf_printf(out, "'%s'", node->text);
    else
        put_quoted(out, node->text, false);
}

static void put_flow(StrBuf *out, const Node *node)
{
    if (node->kind == NODE_SCALAR) {
        put_scalar(out, node, true);
        return;
    }
    bool map = node->kind == NODE_MAP;
    strbuf_putc(out, map ? '{' : '[');
    for (size_t i = 0; i < (map ? node->pairs.count : node->items.count); i++) {
        if (i)
            strbuf_puts(out, ", ");
        if (map) {
            put_scalar(out, node->pairs.items[i].key, true);
            strbuf_puts(out, ": ");
        }
        put_flow(out, map ? node->pairs.items[i].value : node->items.items[i]);
    }
    strbuf_putc(out, map ? '}' : ']');
}

static bool has_block_text(const Node *node)
{
    if (node->kind == NODE_SCALAR)
        return fits_block(node->text);
    VEC_EACH (NodePair, pair, &node->pairs)
        if (has_block_text(pair->value))
            return true;
    VEC_EACH (Node *, item, &node->items)
        if (has_block_text(*item))
            return true;
    return false;
}

static bool is_empty(const Node *node)
{
    return node->kind == NODE_MAP ? node->pairs.count == 0
                                  : node->kind == NODE_LIST && node->items.count == 0;
}

static void put_value(StrBuf *out, const Node *node, unsigned indent, bool in_list);

static void put_pairs(StrBuf *out, const Node *map, unsigned indent, bool first_is_placed)
{
    VEC_EACH (NodePair, pair, &map->pairs) {
        if (!first_is_placed) {
            strbuf_putc(out, '\n');
            strbuf_repeat(out, ' ', indent);
        }
        first_is_placed = false;
        put_scalar(out, pair->key, true);
        strbuf_putc(out, ':');
        put_value(out, pair->value, indent, false);
    }
}

static void put_items(StrBuf *out, const Node *list, unsigned indent)
{
    VEC_EACH (Node *, item, &list->items) {
        strbuf_putc(out, '\n');
        strbuf_repeat(out, ' ', indent);
        strbuf_putc(out, '-');
        put_value(out, *item, indent, true);
    }
}

// Everything behind "key:" or "-".
static void put_value(StrBuf *out, const Node *node, unsigned indent, bool in_list)
{
    if (node->kind == NODE_SCALAR) {
        strbuf_putc(out, ' ');
        if (node->quoted && fits_block(node->text))
            put_block(out, node->text, indent + 2);
        else
            put_scalar(out, node, false);
        return;
    }
    if ((node->flow || is_empty(node)) && !has_block_text(node)) {
        size_t before = out->length;
        strbuf_putc(out, ' ');
        put_flow(out, node);
        size_t line = before;
        while (line > 0 && out->text[line - 1] != '\n')
            line--;
        if (out->length - line <= LINE || is_empty(node))
            return;
        out->length = before;
        out->text[before] = '\0';
    }
    if (node->kind == NODE_LIST) {
        put_items(out, node, indent + 2);
    } else if (in_list) {
        strbuf_putc(out, ' ');
        put_pairs(out, node, indent + 2, true);
    } else {
        put_pairs(out, node, indent + 2, false);
    }
}

void emit_yaml(StrBuf *out, const Node *root)
{
    VEC_EACH (NodePair, pair, &root->pairs) {
        if (out->length)
            strbuf_putc(out, '\n');
        put_scalar(out, pair->key, true);
        strbuf_putc(out, ':');
        put_value(out, pair->value, 0, false);
        strbuf_putc(out, '\n');
    }
    if (!root->pairs.count)
        strbuf_puts(out, "tables: {}\n");
}

void emit_json(StrBuf *out, const Node *node)
{
    if (node->kind == NODE_SCALAR) {
        if (node->quoted)
            put_quoted(out, node->text, true);
        else
            strbuf_puts(out, node->text);
        return;
    }
    bool map = node->kind == NODE_MAP;
    strbuf_putc(out, map ? '{' : '[');
    for (size_t i = 0; i < (map ? node->pairs.count : node->items.count); i++) {
        if (i)
            strbuf_puts(out, ", ");
        if (map) {
            put_quoted(out, node->pairs.items[i].key->text, true);
            strbuf_puts(out, ": ");
        }
        emit_json(out, map ? node->pairs.items[i].value : node->items.items[i]);
    }
    strbuf_putc(out, map ? '}' : ']');
}
