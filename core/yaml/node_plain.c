#define NODE_INTERNALS
#include "core/yaml/node.h"

#include <string.h>

// Most models use little of YAML: maps and lists by indentation or on one line, words, quotes, literal blocks. That much
// is read here, several times as fast as libyaml does. Whatever else comes, or comes wrong, ends the attempt: the whole
// text is then libyaml's, so that there is one reader of everything odd and one voice for every mistake.

// Words that a model says again and again are kept once: those seen last, by hash.
enum { SEEN = 256, LONGEST_SEEN = 32 };

typedef struct Scanner {
    Arena *arena, *texts;
    const char *seen[SEEN];
    const char *file;
    const char *p, *end;
    const char *line_start;
    unsigned line;
    unsigned depth;
    bool failed;
    NodeBudget budget;
    Issues issues; // keys used twice: then libyaml shall say so
} Scanner;

enum { OTHER = 0, WORD = 1, INSIDE = 2, FIRST = 4, BLOCK_ONLY = 8, LONGEST_KEY = 900 };

// WORD: letters, digits, _. INSIDE: stands inside of a plain scalar. FIRST: begins one. BLOCK_ONLY: not between brackets.
static const unsigned char classes[128] = {
    ['0'] = WORD,           ['1'] = WORD,           ['2'] = WORD,           ['3'] = WORD,
    ['4'] = WORD,           ['5'] = WORD,           ['6'] = WORD,           ['7'] = WORD,
    ['8'] = WORD,           ['9'] = WORD,           ['a'] = WORD,           ['b'] = WORD,
    ['c'] = WORD,           ['d'] = WORD,           ['e'] = WORD,           ['f'] = WORD,
    ['g'] = WORD,           ['h'] = WORD,           ['i'] = WORD,           ['j'] = WORD,
    ['k'] = WORD,           ['l'] = WORD,           ['m'] = WORD,           ['n'] = WORD,
    ['o'] = WORD,           ['p'] = WORD,           ['q'] = WORD,           ['r'] = WORD,
    ['s'] = WORD,           ['t'] = WORD,           ['u'] = WORD,           ['v'] = WORD,
    ['w'] = WORD,           ['x'] = WORD,           ['y'] = WORD,           ['z'] = WORD,
    ['A'] = WORD,           ['B'] = WORD,           ['C'] = WORD,           ['D'] = WORD,
    ['E'] = WORD,           ['F'] = WORD,           ['G'] = WORD,           ['H'] = WORD,
    ['I'] = WORD,           ['J'] = WORD,           ['K'] = WORD,           ['L'] = WORD,
    ['M'] = WORD,           ['N'] = WORD,           ['O'] = WORD,           ['P'] = WORD,
    ['Q'] = WORD,           ['R'] = WORD,           ['S'] = WORD,           ['T'] = WORD,
    ['U'] = WORD,           ['V'] = WORD,           ['W'] = WORD,           ['X'] = WORD,
    ['Y'] = WORD,           ['Z'] = WORD,           ['_'] = WORD,           [' '] = INSIDE,
    ['-'] = INSIDE,         ['.'] = INSIDE,         ['/'] = INSIDE | FIRST, ['+'] = INSIDE,
    ['*'] = INSIDE,         ['('] = INSIDE | FIRST, [')'] = INSIDE,         ['<'] = INSIDE,
    ['>'] = INSIDE,         ['='] = INSIDE,         ['\''] = INSIDE,        ['%'] = INSIDE,
    ['$'] = INSIDE | FIRST, ['^'] = INSIDE,         ['~'] = INSIDE | FIRST, ['@'] = INSIDE,
    [';'] = INSIDE,         ['|'] = INSIDE,         ['&'] = INSIDE,         ['\\'] = INSIDE,
    [','] = BLOCK_ONLY,     ['"'] = BLOCK_ONLY,     ['['] = BLOCK_ONLY,     [']'] = BLOCK_ONLY,
    ['{'] = BLOCK_ONLY,     ['}'] = BLOCK_ONLY,
};

static unsigned class_of(char c) { return classes[(unsigned char)c & 127]; }

static void *fail(Scanner *s)
{
    s->failed = true;
    return NULL;
}

static unsigned column(const Scanner *s) { return (unsigned)(s->p - s->line_start); }

static Node *make(Scanner *s, NodeKind kind)
{
    Node *node = ARENA_NEW(s->arena, Node);
    node->kind = (unsigned)kind & 3;
    node->file = s->file;
    node->line = s->line;
    node->column = column(s) + 1;
    return node;
}

static void skip_spaces(Scanner *s)
{
    while (*s->p == ' ')
        s->p++;
}

static bool at_line_end(const Scanner *s) { return s->p == s->end || *s->p == '\n'; }

static void next_line(Scanner *s)
{
    const char *newline = memchr(s->p, '\n', (size_t)(s->end - s->p));
    s->p = newline ? newline + 1 : s->end;
    s->line += newline != NULL;
    s->line_start = s->p;
}

// After a value: spaces and a comment may follow on its line.
static bool end_line(Scanner *s)
{
    const char *before = s->p;
    skip_spaces(s);
    if (*s->p == '#' && s->p > before)
        next_line(s);
    else if (at_line_end(s))
        next_line(s);
    else
        return fail(s) != NULL;
    return true;
}

// Goes to the first character of the next line that says something; its indentation, or -1 at the end.
static int next_content(Scanner *s)
{
    while (s->p < s->end) {
        s->p = s->line_start;
        skip_spaces(s);
        if (*s->p != '#' && !at_line_end(s))
            return (int)column(s);
        next_line(s);
    }
    return -1;
}

static const char *keep_text(Scanner *s, const char *from, size_t n)
{
    if (n > LONGEST_SEEN)
        return arena_strndup(s->texts, from, n);
    unsigned h = (unsigned)n;
    for (size_t i = 0; i < n; i++)
        h = h * 31 + (unsigned char)from[i];
    const char **seen = &s->seen[(h ^ h >> 8) % SEEN];
    if (!*seen || strncmp(*seen, from, n) != 0 || (*seen)[n])
        *seen = arena_strndup(s->texts, from, n);
    return *seen;
}

static Node *finish_scalar(Scanner *s, Node *node, const char *from, size_t n)
{
    node->scalar_text = keep_text(s, from, n);
    node->length = node_length(column(s) + 1 - node->column);
    return node;
}

static Node *read_double(Scanner *s)
{
    Node *node = make(s, NODE_SCALAR);
    const char *from = ++s->p;
    node->quoted = true;
    while (s->p < s->end && *s->p != '"')
        if (*s->p == '\n' || *s->p++ == '\\')
            return fail(s);
    if (s->p++ == s->end)
        return fail(s);
    return finish_scalar(s, node, from, (size_t)(s->p - 1 - from));
}

// A text in single quotes. It stays where it is in the document unless it holds a doubled quote, which needs a
// copy.
static Node *read_single(Scanner *s)
{
    Node *node = make(s, NODE_SCALAR);
    const char *from = ++s->p;
    char *out = NULL, *w = NULL;
    node->quoted = true;
    for (; s->p < s->end && *s->p != '\n'; s->p++) {
        if (*s->p == '\'') {
            if (s->p[1] != '\'') {
                s->p++;
                finish_scalar(s, node, out ? out : from, out ? (size_t)(w - out) : (size_t)(s->p - 1 - from));
                return node;
            }
            if (!out) { // the first of two quotes: from here on it is a copy
                const char *stop = memchr(from, '\n', (size_t)(s->end - from));
                out = arena_alloc(s->arena, (size_t)((stop ? stop : s->end) - from) + 1);
                memcpy(out, from, (size_t)(s->p - from));
                w = out + (s->p - from);
            }
            s->p++;
        }
        if (out)
            *w++ = *s->p;
    }
    return fail(s);
}

static bool begins_plain(const char *p)
{
    unsigned class = class_of(*p);
    return (class & (WORD | FIRST)) || (*p == '-' && (class_of(p[1]) & WORD));
}

// A word or several: up to the end of the line, a comment, a bracket or comma between brackets, or a colon.
static Node *read_bare(Scanner *s, bool flow)
{
    if (!begins_plain(s->p))
        return fail(s);
    Node *node = make(s, NODE_SCALAR);
    const char *from = s->p;
    const unsigned allowed = WORD | INSIDE | (flow ? 0u : BLOCK_ONLY);
    for (; s->p < s->end; s->p++) {
        if (class_of(*s->p) & allowed)
            continue;
        if (*s->p == ':' && s->p[1] != ' ' && s->p[1] != '\n' && s->p + 1 < s->end && !flow)
            continue;
        break;
    }
    const char *stop = s->p;
    bool comment = *stop == '#' && stop[-1] == ' ';
    if (s->p < s->end && *stop != '\n' && *stop != ':' && !comment && !(flow && strchr(",]}", *stop)))
        return fail(s);
    while (s->p[-1] == ' ')
        s->p--;
    if (*stop == ':' && s->p != stop)
        return fail(s);
    return finish_scalar(s, node, from, (size_t)(s->p - from));
}

static Node *read_flow(Scanner *s);

static Node *read_flow_scalar(Scanner *s)
{
    if (*s->p == '"')
        return read_double(s);
    if (*s->p == '\'')
        return read_single(s);
    return read_bare(s, true);
}

static Node *read_flow_value(Scanner *s)
{
    return *s->p == '{' || *s->p == '[' ? read_flow(s) : read_flow_scalar(s);
}

static bool read_flow_pair(Scanner *s, Node *map)
{
    Node *key = read_flow_scalar(s);
    if (!key || s->p[0] != ':' || s->p[1] != ' ' || key->length > LONGEST_KEY)
        return fail(s) != NULL;
    s->p++;
    skip_spaces(s);
    Node *value = read_flow_value(s);
    if (!value)
        return false;
    node_put_pair(s->arena, map, key, value);
    return true;
}

// A list or map in brackets. Whatever is not of the simple form fails the fast reader, and the document is
// read by libyaml instead.
static Node *read_flow(Scanner *s)
{
    const bool map = *s->p == '{';
    const char close = map ? '}' : ']';
    Node *node = make(s, map ? NODE_MAP : NODE_LIST);
    if (++s->depth > NODE_DEPTH)
        return fail(s);
    s->p++;
    skip_spaces(s);
    while (*s->p != close) {
        Node *item = map ? NULL : read_flow_value(s);
        if (map ? !read_flow_pair(s, node) : !item)
            return NULL;
        if (item)
            node_push(s->arena, node, item);
        skip_spaces(s);
        if (*s->p == ',') {
            s->p++;
            skip_spaces(s);
            if (*s->p == close)
                return fail(s);
        } else if (*s->p != close) {
            return fail(s);
        }
    }
    s->p++;
    s->depth--;
    if (map)
        node_finish_map(s->arena, node, false, &s->budget, &s->issues);
    return node;
}

static size_t spaces_at(const Scanner *s)
{
    size_t n = 0;
    while (s->line_start + n < s->end && s->line_start[n] == ' ')
        n++;
    return n;
}

// |, |-: lines that are deeper than `indent`, without what they are indented by.
static Node *read_literal(Scanner *s, int indent)
{
    Node *node = make(s, NODE_SCALAR);
    bool strip = s->p[1] == '-';
    s->p += strip ? 2 : 1;
    if (!at_line_end(s) || s->p == s->end)
        return fail(s);
    next_line(s);
    const size_t deep = spaces_at(s);
    if ((int)deep <= indent || s->line_start + deep >= s->end || s->line_start[deep] == '\n')
        return fail(s);
    const char *from = s->line_start;
    char *out = arena_alloc(s->arena, (size_t)(s->end - from) < 4096 ? (size_t)(s->end - from) + 2 : 4096),
         *w = out;
    size_t room = (size_t)(s->end - from) < 4096 ? (size_t)(s->end - from) + 2 : 4096, ends = 0;
    while (s->line_start < s->end) {
        size_t n = spaces_at(s);
        const char *stop = memchr(s->line_start, '\n', (size_t)(s->end - s->line_start));
        if (!stop)
            return fail(s); // the last line has no end: rare
        size_t length = (size_t)(stop - s->line_start);
        if (n < deep && n < length) {
            if ((int)n > indent)
                return fail(s);
            break;
        }
        size_t kept = length > deep ? length - deep : 0;
        if ((size_t)(w - out) + ends + kept + 2 > room) {
            room = room * 2 + kept + ends + 2;
            char *wider = arena_alloc(s->arena, room);
            memcpy(wider, out, (size_t)(w - out));
            w = wider + (w - out);
            out = wider;
        }
        if (kept) {
            for (; ends; ends--)
                *w++ = '\n';
            memcpy(w, s->line_start + deep, kept);
            w += kept;
        }
        ends++;
        s->p = s->line_start;
        next_line(s);
    }
    if (!strip)
        *w++ = '\n';
    node->quoted = true;
    node->scalar_text = arena_strndup(s->texts, out, (size_t)(w - out));
    s->p = s->line_start;
    return node;
}

static Node *read_block(Scanner *s, int indent);

// What follows "key:" or "-" of a block at `indent`, up to the next line that says something.
static Node *read_value(Scanner *s, int indent, bool in_list)
{
    skip_spaces(s);
    if (at_line_end(s) || *s->p == '#') {
        Node *nothing = make(s, NODE_SCALAR);
        nothing->scalar_text = "";
        if (*s->p == '#' && s->p[-1] != ' ')
            return fail(s);
        next_line(s);
        int deeper = next_content(s);
        bool list = deeper >= 0 && *s->p == '-' && s->p[1] == ' ';
        return deeper > indent || (deeper == indent && list && !in_list) ? read_block(s, deeper) : nothing;
    }
    Node *value;
    if (*s->p == '|')
        return read_literal(s, indent);
    if (*s->p == '{' || *s->p == '[')
        value = read_flow(s);
    else if (*s->p == '"')
        value = read_double(s);
    else if (*s->p == '\'')
        value = read_single(s);
    else
        value = read_bare(s, false);
    return value && end_line(s) ? value : NULL;
}

static Node *read_key(Scanner *s)
{
    Node *key;
    if (*s->p == '"')
        key = read_double(s);
    else if (*s->p == '\'')
        key = read_single(s);
    else
        key = class_of(*s->p) & WORD ? read_bare(s, true) : fail(s);
    if (!key || *s->p != ':' || (s->p[1] != ' ' && s->p[1] != '\n' && s->p + 1 != s->end) ||
        key->length > LONGEST_KEY)
        return fail(s);
    s->p++;
    return key;
}

// "- key: value" opens a map on the line of the dash.
static bool opens_map(const Scanner *s)
{
    const char *p = s->p;
    if (*p == '"' || *p == '\'') {
        for (char quote = *p++; p < s->end && *p != quote && *p != '\n';)
            p++;
        return p < s->end && p[1] == ':';
    }
    if (!(class_of(*p) & WORD))
        return false;
    while (p < s->end && (class_of(*p) & (WORD | INSIDE)))
        p++;
    return *p == ':' && (p[1] == ' ' || p[1] == '\n');
}

static bool read_item(Scanner *s, Node *list, int indent)
{
    s->p++;
    skip_spaces(s);
    const bool nested = opens_map(s) || (s->p[0] == '-' && s->p[1] == ' ');
    Node *item = nested ? read_block(s, (int)column(s)) : read_value(s, indent, true);
    if (item)
        node_push(s->arena, list, item);
    return item != NULL;
}

static bool read_pair(Scanner *s, Node *map, int indent)
{
    Node *key = read_key(s), *value = key ? read_value(s, indent, false) : NULL;
    if (value)
        node_put_pair(s->arena, map, key, value);
    return value != NULL;
}

// A map or list whose entries all begin in column `indent`; s->p is at the first of them.
static Node *read_block(Scanner *s, int indent)
{
    const bool list = s->p[0] == '-' && (s->p[1] == ' ' || s->p[1] == '\n');
    Node *node = make(s, list ? NODE_LIST : NODE_MAP);
    if (++s->depth > NODE_DEPTH)
        return fail(s);
    for (;;) {
        const bool dash = s->p[0] == '-' && (s->p[1] == ' ' || s->p[1] == '\n');
        if (list && !dash)
            break; // a list may stand at the indentation of its key: this is the next key
        if (list ? !read_item(s, node, indent) : !read_pair(s, node, indent))
            return NULL;
        const int next = next_content(s);
        if (next > indent)
            return fail(s);
        if (next < indent)
            break;
    }
    s->depth--;
    if (!list)
        node_finish_map(s->arena, node, false, &s->budget, &s->issues);
    return node;
}

// Nothing but ASCII that can be seen, and line ends.
static bool is_plain_text(Text text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)(text.p[i] - ' ') > '~' - ' ' && text.p[i] != '\n')
            return false;
    return true;
}

bool node_parse_plain(NodeMemory memory, const char *file, Text text, Node **out)
{
    *out = NULL;
    if (!is_plain_text(text))
        return false;
    Scanner s = { .arena = memory.nodes,
                  .texts = memory.texts,
                  .file = file,
                  .p = text.p,
                  .end = text.p + text.n, // a NUL, so that looking ahead stops
                  .line_start = text.p,
                  .line = 1,
                  .issues = { .arena = memory.nodes } };
    if (next_content(&s) != 0)
        return false;
    Node *root = read_block(&s, 0);
    if (!root || s.failed || s.issues.count || s.p != s.end)
        return false;
    *out = root;
    return true;
}
