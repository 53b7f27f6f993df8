#define NODE_INTERNALS
#include <ctype.h>
#include <string.h>

#include "core/base/hidden.h"
#include "core/yaml/emit.h"

static void put_string(StrBuf *out, const char *text)
{
    strbuf_putc(out, '"');
    for (size_t n; *text; text += n) {
        n = utf8_length(text);
        if (n == 0) { // no UTF-8: JSON has no place for it
            strbuf_puts(out, "\\ufffd");
            n = 1;
        } else if (*text == '"' || *text == '\\') {
            strbuf_putc(out, '\\');
            strbuf_putc(out, *text);
        } else if (*text == '\n' || *text == '\t' || *text == '\r') {
            strbuf_puts(out, *text == '\n' ? "\\n" : *text == '\t' ? "\\t" : "\\r");
        } else if (code_is_hidden(utf8_code(text, n))) {
            strbuf_printf(out, "\\u%04x", (unsigned)utf8_code(text, n));
        } else {
            strbuf_put(out, text, n);
        }
    }
    strbuf_putc(out, '"');
}

static const char *digits(const char *p)
{
    while (isdigit((unsigned char)*p))
        p++;
    return p;
}

// As JSON spells numbers: 007, .5 and +1 are none.
static bool is_number(const char *text)
{
    const char *p = text + (*text == '-'), *end = digits(p);
    if (end == p || (*p == '0' && end - p > 1))
        return false;
    if (*end == '.') {
        p = end + 1;
        end = digits(p);
        if (end == p)
            return false;
    }
    if (*end == 'e' || *end == 'E') {
        p = end + 1;
        p += *p == '-' || *p == '+';
        end = digits(p);
        if (end == p)
            return false;
    }
    return *end == '\0';
}

static void put_plain(StrBuf *out, const char *text)
{
    bool word = strcmp(text, "true") == 0 || strcmp(text, "false") == 0 || strcmp(text, "null") == 0;
    if (word || is_number(text))
        strbuf_puts(out, text);
    else
        put_string(out, text);
}

static void new_line(StrBuf *out, size_t indent)
{
    strbuf_putc(out, '\n');
    strbuf_repeat(out, ' ', indent);
}

// Writes a node and its children. Plain scalars are written as JSON's own words and numbers where they are
// such, all others as strings.
static void put_node(StrBuf *out, const Node *node, size_t indent)
{
    if (node->kind == NODE_SCALAR) {
        if (node->quoted)
            put_string(out, node->scalar_text);
        else
            put_plain(out, node->scalar_text);
        return;
    }
    bool map = node->kind == NODE_MAP;
    strbuf_putc(out, map ? '{' : '[');
    for (unsigned i = 0; i < node->count; i++) {
        if (i)
            strbuf_putc(out, ',');
        new_line(out, indent + 2);
        if (map) {
            put_string(out, node->map_pairs[i].key->scalar_text);
            strbuf_puts(out, ": ");
        }
        put_node(out, map ? node->map_pairs[i].value : node->list_items[i], indent + 2);
    }
    if (node->count)
        new_line(out, indent);
    strbuf_putc(out, map ? '}' : ']');
}

void emit_json(StrBuf *out, const Node *root)
{
    put_node(out, root, 0);
    strbuf_putc(out, '\n');
}
