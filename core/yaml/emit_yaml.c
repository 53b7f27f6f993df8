#define NODE_INTERNALS
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/hidden.h"
#include "core/yaml/emit.h"

enum { LINE = 110, LONGEST_KEY = 900, STEP = 2 }; // a key on one line may have 1024 characters

typedef struct Emitter {
    StrBuf *out;
    size_t line; // where the current line begins
} Emitter;

static void new_line(Emitter *e, size_t indent)
{
    strbuf_putc(e->out, '\n');
    e->line = e->out->length;
    strbuf_repeat(e->out, ' ', indent);
}

size_t utf8_length(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4 || (p[1] & 0xC0) != 0x80)
        return 0;
    if (p[0] < 0xE0)
        return 2;
    if ((p[2] & 0xC0) != 0x80 || (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F))
        return 0;
    if (p[0] < 0xF0)
        return 3;
    if ((p[3] & 0xC0) != 0x80 || (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return 4;
}

static bool is_utf8(const char *text)
{
    for (size_t n; *text; text += n)
        if ((n = utf8_length(text)) == 0)
            return false;
    return true;
}

// What no reader takes as it is, besides.
static bool is_hidden(uint32_t code) { return code_is_hidden(code) || (code >= 0xFFFE && code <= 0xFFFF); }

static bool has_hidden(const char *text, const char *but)
{
    for (size_t n; *text; text += n) {
        n = utf8_length(text);
        if (n == 0 || (is_hidden(utf8_code(text, n)) && !strchr(but, *text)))
            return true;
    }
    return false;
}

// Words that some reader of YAML takes for more than a text.
static bool has_meaning(const char *text)
{
    static const char *const words[] = { "null", "true", "false", "yes", "no", "on", "off", "y", "n" };
    if (strlen(text) > 5)
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

// May stand without quotes: begins with a letter and holds nothing that could have a meaning there.
static bool is_plain(const char *text, bool flow)
{
    if (!isalpha((unsigned char)text[0]) && text[0] != '_')
        return false;
    const char *c = text;
    for (; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (isalnum(byte) || byte == '_' || byte >= 0x80)
            continue;
        if (!strchr(flow ? " -./+*()<>='%$^~@;|&" : " -./+*()<>='%$^~@;|&,\"[]{}", byte))
            return false;
    }
    return c[-1] != ' ' && !has_meaning(text) && !has_hidden(text, "");
}

static void put_double(StrBuf *out, const char *text)
{
    strbuf_putc(out, '"');
    for (size_t n; *text; text += n) {
        n = utf8_length(text);
        unsigned code = utf8_code(text, n);
        if (*text == '"' || *text == '\\')
            strbuf_printf(out, "\\%c", *text);
        else if (*text == '\n' || *text == '\t' || *text == '\r')
            strbuf_puts(out, *text == '\n' ? "\\n" : *text == '\t' ? "\\t" : "\\r");
        else if (is_hidden(code))
            strbuf_printf(out, code > 0xFF ? "\\u%04x" : "\\x%02x", code);
        else
            strbuf_put(out, text, n);
    }
    strbuf_putc(out, '"');
}

// Bytes that are no UTF-8 cannot stand in a YAML file but so.
static void put_binary(StrBuf *out, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)text;
    strbuf_puts(out, "!!binary \"");
    for (size_t left = strlen(text); left > 0;) {
        size_t n = left < 3 ? left : 3;
        unsigned bits = (unsigned)p[0] << 16 | (n > 1 ? (unsigned)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);
        for (size_t i = 0; i < 4; i++)
            strbuf_putc(out, i <= n ? digits[bits >> (18 - 6 * i) & 63] : '=');
        p += n;
        left -= n;
    }
    strbuf_putc(out, '"');
}

static void put_scalar(StrBuf *out, const Node *node, bool flow)
{
    const char *text = node->scalar_text;
    if (!node->quoted || (!node->forced && is_plain(text, flow)))
        strbuf_puts(out, text);
    else if (!is_utf8(text))
        put_binary(out, text);
    else if (strpbrk(text, "\"\\") && !has_hidden(text, ""))
        strbuf_quoted(out, '\'', "'", text);
    else
        put_double(out, text);
}

// Text of several lines that a literal block keeps as it is.
static bool is_block_text(const Node *node)
{
    const char *text = node->scalar_text;
    if (node->kind != NODE_SCALAR || !node->quoted || !strchr(text, '\n') || text[0] == '\n' ||
        has_hidden(text, "\n\t"))
        return false;
    size_t n = strlen(text); // empty lines at the end would run into what follows
    return text[n - 1] != '\n' || text[n - 2] != '\n';
}

static void put_block_text(Emitter *e, const char *text, size_t indent)
{
    strbuf_putc(e->out, '|');
    if (text[0] == ' ' || text[0] == '\t')
        strbuf_printf(e->out, "%d", STEP);
    if (text[strlen(text) - 1] != '\n')
        strbuf_putc(e->out, '-');
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        new_line(e, length ? indent : 0);
        strbuf_put(e->out, line, length);
        line += length + (line[length] == '\n');
    }
}

static bool put_flow(Emitter *e, const Node *node);

static bool put_flow_pair(Emitter *e, const NodePair *pair)
{
    if (pair->key->kind != NODE_SCALAR || strlen(pair->key->scalar_text) > LONGEST_KEY)
        return false;
    put_scalar(e->out, pair->key, true);
    strbuf_puts(e->out, ": ");
    return put_flow(e, pair->value);
}

// False where it does not fit on the line: what has been put is to be taken back.
static bool put_flow(Emitter *e, const Node *node)
{
    if (node->block || is_block_text(node))
        return false;
    if (node->kind == NODE_SCALAR) {
        put_scalar(e->out, node, true);
    } else {
        bool map = node->kind == NODE_MAP;
        strbuf_putc(e->out, map ? '{' : '[');
        for (unsigned i = 0; i < node->count; i++) {
            if (i)
                strbuf_puts(e->out, ", ");
            if (map ? !put_flow_pair(e, &node->map_pairs[i]) : !put_flow(e, node->list_items[i]))
                return false;
        }
        strbuf_putc(e->out, map ? '}' : ']');
    }
    return e->out->length - e->line <= LINE;
}

static void put_value(Emitter *e, const Node *node, size_t indent);

static void put_pairs(Emitter *e, const Node *map, size_t indent, bool first_is_placed)
{
    for (unsigned i = 0; i < map->count; i++) {
        const NodePair *pair = &map->map_pairs[i];
        if (i || !first_is_placed)
            new_line(e, indent);
        bool is_long = strlen(pair->key->scalar_text) > LONGEST_KEY;
        if (is_long)
            strbuf_puts(e->out, "? ");
        put_scalar(e->out, pair->key, true);
        if (is_long)
            new_line(e, indent);
        strbuf_putc(e->out, ':');
        put_value(e, pair->value, indent);
    }
}

static void put_items(Emitter *e, const Node *list, size_t indent)
{
    for (unsigned i = 0; i < list->count; i++) {
        new_line(e, indent);
        strbuf_putc(e->out, '-');
        put_value(e, list->list_items[i], indent);
    }
}

// All that follows "key:" or "-" at `indent`.
static void put_value(Emitter *e, const Node *node, size_t indent)
{
    if (node->kind == NODE_SCALAR) {
        strbuf_putc(e->out, ' ');
        if (is_block_text(node))
            put_block_text(e, node->scalar_text, indent + STEP);
        else
            put_scalar(e->out, node, false);
        return;
    }
    size_t before = e->out->length;
    strbuf_putc(e->out, ' ');
    if (node->count == 0) {
        strbuf_puts(e->out, node->kind == NODE_MAP ? "{}" : "[]");
        return;
    }
    if (put_flow(e, node))
        return;
    e->out->length = before;
    e->out->text[before] = '\0';
    if (node->kind == NODE_LIST)
        put_items(e, node, indent + STEP);
    else
        put_pairs(e, node, indent + STEP, false);
}

// Writes a whole document. An empty line separates the sections of a root that is a map; an empty root is {}
// or [].
void emit_yaml(StrBuf *out, const Node *root)
{
    Emitter e = { out, out->length };
    if (root->kind == NODE_MAP && root->count) {
        for (unsigned i = 0; i < root->count; i++) {
            const Node section = { .kind = NODE_MAP, .count = 1, .map_pairs = &root->map_pairs[i] };
            if (i) // an empty line between sections
                strbuf_putc(out, '\n');
            e.line = out->length;
            put_pairs(&e, &section, 0, true);
            strbuf_putc(out, '\n');
        }
        return;
    }
    if (root->kind == NODE_LIST && root->count)
        for (unsigned i = 0; i < root->count; i++) {
            strbuf_puts(out, "-");
            put_value(&e, root->list_items[i], 0);
            strbuf_putc(out, '\n');
            e.line = out->length;
        }
    else if (root->kind == NODE_SCALAR)
        put_scalar(out, root, false);
    else
        strbuf_puts(out, root->kind == NODE_MAP ? "{}" : "[]");
    if (root->kind == NODE_SCALAR || !root->count)
        strbuf_putc(out, '\n');
}
