#define NODE_INTERNALS
#include "core/yaml/node.h"

#include <ctype.h>
#include <string.h>
#include <yaml.h>

#include "core/base/conflict.h"

#define YAML_BINARY_TAG "tag:yaml.org,2002:binary"

// libyaml's events become nodes.

typedef struct Anchor {
    const char *name;
    Node *node;
    bool open; // still being read: an alias to it would be a cycle
} Anchor;

typedef struct Composer {
    Arena *arena, *texts;
    const char *file;
    Text text;
    yaml_parser_t parser;
    yaml_event_t event; // the current one
    VEC(Anchor) anchors;
    NodeBudget budget;
    Issues *issues;
    unsigned depth;
} Composer;

static SourcePos place(const Composer *c, yaml_mark_t mark)
{
    return (
        SourcePos){ .file = c->file, .line = (unsigned)mark.line + 1, .column = (unsigned)mark.column + 1 };
}

// libyaml counts bytes where the encoding is broken.
static SourcePos place_of_byte(const Composer *c, size_t offset)
{
    SourcePos at = { .file = c->file, .line = 1, .column = 1 };
    for (size_t i = 0; i < offset && i < c->text.n; i++) {
        if (c->text.p[i] == '\n') {
            at.line++;
            at.column = 1;
        } else if (((unsigned char)c->text.p[i] & 0xC0) != 0x80) {
            at.column++;
        }
    }
    return at;
}

// libyaml counts characters, and none for a byte order mark.
static size_t byte_of(const Composer *c, yaml_mark_t mark)
{
    size_t i = c->text.n >= 3 && memcmp(c->text.p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (size_t left = mark.index; i < c->text.n; i++) {
        if (((unsigned char)c->text.p[i] & 0xC0) == 0x80)
            continue;
        if (left-- == 0)
            break;
    }
    return i;
}

// Is there a key at this byte that its value follows without a blank: nick:text, or nick:{…?
static bool is_key_without_blank(const Composer *c, size_t from, const char *values)
{
    static const char ends[] = "\n{}[],\"'";
    size_t n = from;
    while (n < c->text.n && c->text.p[n] != ':' && !strchr(ends, c->text.p[n]))
        n++;
    if (n == from || n + 1 >= c->text.n || c->text.p[n] != ':')
        return false;
    const char after = c->text.p[n + 1];
    return values ? strchr(values, after) != NULL : !isspace((unsigned char)after);
}

static size_t line_start(const Composer *c, size_t at)
{
    while (at > 0 && c->text.p[at - 1] != '\n')
        at--;
    return at;
}

// In the scalar that the parser was in, or at the beginning of the line that it stopped at; or of the line above that, which
// is a text over two lines then (id:integer, and the next key below it).
static bool lacks_blank(const Composer *c)
{
    const yaml_parser_t *p = &c->parser;
    if (p->problem && strstr(p->problem, "':'"))
        return is_key_without_blank(c, byte_of(c, p->context_mark), NULL);
    const bool above = p->problem && strstr(p->problem, "mapping values are not allowed");
    size_t at = line_start(c, byte_of(c, p->problem_mark));
    if (above && at > 0)
        at = line_start(c, at - 1);
    while (at < c->text.n && c->text.p[at] == ' ')
        at++;
    return is_key_without_blank(c, at, above ? NULL : "{[");
}

typedef struct YamlWords {
    const char *theirs, *ours;
} YamlWords;

static const YamlWords problem_hints[] = {
    {"did not find expected ',' or '}'",
     "Close the braces. A text with a comma, brackets, a # or a colon and a blank in it is put in quotes."              },
    { "did not find expected ',' or ']'",               "Close the brackets. A text with a comma, brackets, a # or a colon "
                                          "and a blank in it is put in quotes."},
    { "did not find expected key",
     "The keys of one mapping are indented alike. What follows the quotes around a text is within them."                },
    { "did not find expected '-' indicator",            "The items of one list are indented alike."                     },
    { "mapping values are not allowed in this context",
     "A text that has a colon and a blank in it is put in quotes; else a key is indented as those beside "
      "it."                                                                                                             },
    { "could not find expected ':'",                    "A key is followed by a colon and a blank."                     },
    { "found character that cannot start any token",
     "A text that begins with %, @, `, | or > is put in quotes."                                                        },
    { "did not find expected <document start>",
     "A file of YAML has keys and values, as in url: sqlite:///app.db."                                                 },
    { "found unexpected end of stream",                 "A quote is not closed."                                        },
    { NULL,                                             NULL                                                            },
};

static const YamlWords context_words[] = {
    {"while parsing a flow mapping",      "the brace that opens it"  },
    { "while parsing a flow sequence",    "the bracket that opens it"},
    { "while parsing a block mapping",    "the mapping begins here"  },
    { "while parsing a block collection", "the list begins here"     },
    { "while scanning a simple key",      "the key begins here"      },
    { "while scanning a quoted scalar",   "the quote begins here"    },
    { NULL,                               NULL                       },
};

static const char *in_our_words(const YamlWords *words, const char *theirs, const char *otherwise)
{
    for (; words->theirs; words++)
        if (strcmp(words->theirs, theirs) == 0)
            return words->ours;
    return otherwise;
}

// Reports libyaml's problem in our words. A merge conflict and a tab are told as such: libyaml's message for
// them misleads.
static bool syntax_error(Composer *c)
{
    const yaml_parser_t *p = &c->parser;
    const char *problem = p->problem ? p->problem : "it cannot be read";
    const size_t at_byte = byte_of(c, p->problem_mark);
    const unsigned whole = conflict_line(c->text), conflict = whole ? whole : conflict_mark_line(c->text);
    if (conflict) {
        SourcePos at = { .file = c->file, .line = conflict };
        return conflict_error(issues_add(c->issues, ERR_SCHEMA, at, "%s", ""), ERR_SCHEMA, at);
    }
    if (p->error == YAML_SCANNER_ERROR && at_byte < c->text.n && c->text.p[at_byte] == '\t')
        problem = "a tab is used for indentation: YAML is indented by spaces";
    if (p->error == YAML_READER_ERROR) {
        SourcePos at = place_of_byte(c, p->problem_offset);
        Error *err = p->problem_value > 0
                         ? issues_add(c->issues, ERR_SCHEMA, at, "this is not YAML: %s (0x%X)", problem,
                                      (unsigned)p->problem_value)
                         : issues_add(c->issues, ERR_SCHEMA, at, "this is not YAML: %s", problem);
        if (strstr(problem, "UTF-8"))
            error_hint(err, "Save the file as UTF-8; one in Latin-1: iconv -f latin1 -t utf-8.");
        return false;
    }
    Error *err =
        issues_add(c->issues, ERR_SCHEMA, place(c, p->problem_mark), "this is not YAML: %s", problem);
    const char *hint = lacks_blank(c) ? NODE_BLANK_HINT : in_our_words(problem_hints, problem, NULL);
    if (hint)
        error_hint(err, "%s", hint);
    SourcePos context = place(c, p->context_mark);
    if (p->context && (context.line != err->at.line || context.column != err->at.column))
        error_also(err, context, in_our_words(context_words, p->context, p->context));
    return false;
}

static bool next(Composer *c)
{
    yaml_event_delete(&c->event);
    memset(&c->event, 0, sizeof(c->event));
    return yaml_parser_parse(&c->parser, &c->event) ? true : syntax_error(c);
}

static Node *node_here(Composer *c, NodeKind kind)
{
    Node *node = ARENA_NEW(c->arena, Node);
    yaml_mark_t from = c->event.start_mark, to = c->event.end_mark;
    node->kind = (unsigned)kind & 3;
    node->file = c->file;
    node->line = (unsigned)from.line + 1;
    node->column = (unsigned)from.column + 1;
    node->length = kind == NODE_SCALAR && from.line == to.line ? node_length(to.column - from.column) : 0;
    return node;
}

static size_t remember(Composer *c, const yaml_char_t *anchor, Node *node)
{
    if (!anchor)
        return SIZE_MAX;
    *VEC_PUSH(c->arena, &c->anchors) = (Anchor){ arena_strdup(c->arena, (const char *)anchor), node, true };
    return c->anchors.count - 1;
}

static void complete(Composer *c, size_t anchor)
{
    if (anchor != SIZE_MAX)
        c->anchors.items[anchor].open = false;
}

// The node that an alias names, the last anchor of the name. One inside of its own anchor would be endless and
// is an error. NULL when an issue was added.
static Node *read_alias(Composer *c)
{
    const char *name = (const char *)c->event.data.alias.anchor;
    SourcePos at = place(c, c->event.start_mark);
    at.length = (unsigned)(c->event.end_mark.column - c->event.start_mark.column);
    for (size_t i = c->anchors.count; i-- > 0;) {
        const Anchor *anchor = &c->anchors.items[i];
        if (strcmp(anchor->name, name) != 0)
            continue;
        if (!anchor->open)
            return anchor->node;
        issues_add(c->issues, ERR_SCHEMA, at, "alias '*%s' is inside of what it names", name);
        return NULL;
    }
    Error *err = issues_add(c->issues, ERR_SCHEMA, at, "unknown alias '*%s'", name);
    NameList names = { 0 };
    VEC_EACH (Anchor, anchor, &c->anchors)
        *VEC_PUSH(c->arena, &names) = anchor->name;
    const char *near = names.count ? nearest_word(name, names.items, names.count) : NULL;
    if (near)
        error_label(err, "did you mean '*%s'?", near);
    else
        error_hint(err, "A text that begins with * is put in quotes: \"*%s\".", name);
    return NULL;
}

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

// !!binary: the bytes that its base64 stands for; NULL where it is none.
static const char *from_binary(Composer *c, const char *value, size_t n, size_t *length)
{
    char *out = arena_alloc(c->arena, n + 1);
    unsigned bits = 0, have = 0;
    *length = 0;
    for (size_t i = 0; i < n && value[i] != '='; i++) {
        int digit = digit_of(value[i]);
        if (digit < 0 && !strchr(" \n\t", value[i]))
            return NULL;
        if (digit < 0)
            continue;
        bits = (bits << 6 | (unsigned)digit) & 0xFFFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[(*length)++] = (char)(bits >> have & 0xFF);
        }
    }
    return out;
}

static Node *read_scalar(Composer *c)
{
    Node *node = node_here(c, NODE_SCALAR);
    const char *value = (const char *)c->event.data.scalar.value;
    size_t n = c->event.data.scalar.length;
    const char *tag = (const char *)c->event.data.scalar.tag;
    if (tag && strcmp(tag, YAML_BINARY_TAG) == 0 && !(value = from_binary(c, value, n, &n))) {
        issues_add(c->issues, ERR_SCHEMA, node_at(node), "this is not base64, as !!binary says");
        return NULL;
    }
    if (memchr(value, '\0', n)) {
        issues_add(c->issues, ERR_SCHEMA, node_at(node), "a text cannot contain a NUL character");
        return NULL;
    }
    node->scalar_text = arena_strndup(c->texts, value, n);
    node->quoted = c->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    complete(c, remember(c, c->event.data.scalar.anchor, node));
    return node;
}

static Node *read_node(Composer *c);

static Node *read_list(Composer *c)
{
    Node *list = node_here(c, NODE_LIST);
    size_t anchor = remember(c, c->event.data.sequence_start.anchor, list);
    for (;;) {
        if (!next(c))
            return NULL;
        if (c->event.type == YAML_SEQUENCE_END_EVENT)
            break;
        Node *item = read_node(c);
        if (!item)
            return NULL;
        node_push(c->arena, list, item);
    }
    complete(c, anchor);
    return list;
}

// A key and its value. A no-break space after a colon comes from a page that was copied, and makes both one long key.
static bool read_pair(Composer *c, Node *map, bool *has_merge)
{
    Node *key = read_node(c);
    if (!key)
        return false;
    if (key->kind != NODE_SCALAR) {
        issues_add(c->issues, ERR_SCHEMA, node_at(key), "a key must be a text");
        return false;
    }
    if (!key->quoted && strstr(node_string(key), ":\xc2\xa0")) {
        error_hint(issues_add(c->issues, ERR_SCHEMA, node_at(key),
                              "a no-break space (U+00A0) comes after the colon of this key"),
                   "Write an ordinary blank instead.");
        return false;
    }
    if (node_is_plain(key, "<<"))
        *has_merge = true;
    if (!next(c))
        return false;
    Node *value = read_node(c);
    if (!value)
        return false;
    node_put_pair(c->arena, map, key, value);
    return true;
}

static Node *read_map(Composer *c)
{
    Node *map = node_here(c, NODE_MAP);
    size_t anchor = remember(c, c->event.data.mapping_start.anchor, map);
    bool has_merge = false;
    for (;;) {
        if (!next(c))
            return NULL;
        if (c->event.type == YAML_MAPPING_END_EVENT)
            break;
        if (!read_pair(c, map, &has_merge))
            return NULL;
    }
    node_finish_map(c->arena, map, has_merge, &c->budget, c->issues);
    complete(c, anchor);
    return map;
}

static Node *read_node(Composer *c)
{
    if (c->event.type == YAML_ALIAS_EVENT)
        return read_alias(c);
    if (c->event.type == YAML_SCALAR_EVENT)
        return read_scalar(c);
    if (c->depth == NODE_DEPTH) {
        issues_add(c->issues, ERR_SCHEMA, place(c, c->event.start_mark), "nested deeper than %d levels",
                   NODE_DEPTH);
        return NULL;
    }
    c->depth++;
    Node *node = c->event.type == YAML_SEQUENCE_START_EVENT ? read_list(c) : read_map(c);
    c->depth--;
    return node;
}

static Node *read_document(Composer *c)
{
    // two events are taken, not one asked for twice
    // NOLINTNEXTLINE(misc-redundant-expression)
    if (!next(c) || !next(c)) // the stream's start, the document's
        return NULL;
    if (c->event.type == YAML_STREAM_END_EVENT) {
        Node *nothing = node_here(c, NODE_SCALAR);
        nothing->scalar_text = "";
        return nothing;
    }
    Node *root = next(c) ? read_node(c) : NULL;
    if (!root || !next(c) || !next(c)) // the document's end, what follows
        return NULL;
    if (c->event.type != YAML_STREAM_END_EVENT) {
        Error *err = issues_add(c->issues, ERR_SCHEMA, place(c, c->event.start_mark),
                                "a second document begins here: a file holds one");
        error_hint(err, "Remove the line '---', or put what follows it into a file of its own.");
        return NULL;
    }
    return root;
}

bool node_parse_full(NodeMemory memory, const char *file, Text text, Issues *issues, Node **out)
{
    Composer c = {
        .arena = memory.nodes, .texts = memory.texts, .file = file, .text = text, .issues = issues
    };
    size_t before = issues->count;
    *out = NULL;
    if (!yaml_parser_initialize(&c.parser)) {
        issues_add(issues, ERR_BUG, (SourcePos){ .file = file }, "out of memory");
        return false;
    }
    yaml_parser_set_input_string(&c.parser, (const unsigned char *)text.p, text.n);
    *out = read_document(&c);
    yaml_event_delete(&c.event);
    yaml_parser_delete(&c.parser);
    return issues->count == before;
}

bool node_parse(NodeMemory memory, const char *file, Text text, Issues *issues, Node **out)
{
    return node_parse_plain(memory, file, text, out) || node_parse_full(memory, file, text, issues, out);
}
