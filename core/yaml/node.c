#include "core/yaml/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

enum { DEEPEST = 64, MOST_ERRORS = 100 };

typedef struct Anchor {
    const char *name;
    Node *node;
    bool open; // still being read: an alias to it would be a circle
} Anchor;

typedef struct Reader {
    Arena *arena;
    const char *file;
    Issues *issues;
    yaml_parser_t parser;
    VEC(Anchor) anchors;
    bool failed;
} Reader;

static SourcePos place(const Reader *reader, yaml_mark_t start, yaml_mark_t end)
{
    bool one_line = start.line == end.line && end.column > start.column;
    return (SourcePos){ reader->file, (unsigned)start.line + 1, (unsigned)start.column + 1,
                        one_line ? (unsigned)(end.column - start.column) : 1 };
}

static void syntax_error(Reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    yaml_mark_t mark = parser->problem_mark;
    reader->failed = true;
    if (parser->error == YAML_READER_ERROR) {
        issues_add(reader->issues, ERR_SCHEMA, (SourcePos){ .file = reader->file },
                   "not UTF-8 text: %s at byte %zu", parser->problem, parser->problem_offset);
        return;
    }
    Error *err = issues_add(reader->issues, ERR_SCHEMA, place(reader, mark, mark), "YAML: %s%s%s",
                            parser->problem ? parser->problem : "cannot be read", parser->context ? ", " : "",
                            parser->context ? parser->context : "");
    if (parser->context && parser->context_mark.line != mark.line) {
        err->also = place(reader, parser->context_mark, parser->context_mark);
        snprintf(err->also_label, sizeof(err->also_label), "it began here");
    }
}

static bool next_event(Reader *reader, yaml_event_t *event)
{
    if (reader->failed)
        return false;
    if (yaml_parser_parse(&reader->parser, event))
        return true;
    syntax_error(reader);
    return false;
}

static Node *new_node(Reader *reader, NodeKind kind, const yaml_event_t *event)
{
    Node *node = ARENA_NEW(reader->arena, Node);
    node->kind = kind;
    node->at = place(reader, event->start_mark, event->end_mark);
    return node;
}

static void add_anchor(Reader *reader, const yaml_char_t *name, Node *node, bool open)
{
    if (name)
        *VEC_PUSH(reader->arena, &reader->anchors) =
            (Anchor){ arena_strdup(reader->arena, (const char *)name), node, open };
}

static Node *alias(Reader *reader, const yaml_event_t *event)
{
    const char *name = (const char *)event->data.alias.anchor;
    for (size_t i = reader->anchors.count; i-- > 0;) {
        const Anchor *anchor = &reader->anchors.items[i];
        if (strcmp(anchor->name, name) != 0)
            continue;
        if (anchor->open)
            break;
        return anchor->node;
    }
    issues_add(reader->issues, ERR_SCHEMA, place(reader, event->start_mark, event->end_mark),
               "no anchor '&%s' stands before this alias", name);
    return new_node(reader, NODE_SCALAR, event);
}

static Node *scalar(Reader *reader, const yaml_event_t *event)
{
    Node *node = new_node(reader, NODE_SCALAR, event);
    node->length = event->data.scalar.length;
    node->text = arena_strndup(reader->arena, (const char *)event->data.scalar.value, node->length);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (memchr(node->text, '\0', node->length))
        issues_add(reader->issues, ERR_SCHEMA, node->at, "a NUL character cannot stand in a model");
    return node;
}

static bool is_merge(const Node *key) { return !key->quoted && strcmp(key->text, "<<") == 0; }

static void check_unique(Reader *reader, const Node *map, const Node *key)
{
    VEC_EACH (NodePair, pair, &map->pairs)
        if (pair->key->length == key->length && memcmp(pair->key->text, key->text, key->length) == 0) {
            Error *err = issues_add(reader->issues, ERR_SCHEMA, key->at, "'%s' stands here twice", key->text);
            err->also = pair->key->at;
            snprintf(err->also_label, sizeof(err->also_label), "first here");
            return;
        }
}

// Large maps (a thousand tables) are checked by one sort instead.
enum { CHECKED_ONE_BY_ONE = 32 };

static int compare_keys(const void *a, const void *b)
{
    const NodePair *x = *(const NodePair *const *)a, *y = *(const NodePair *const *)b;
    int order = strcmp(x->key->text, y->key->text);
    return order ? order : (x < y ? -1 : x > y);
}

static void check_all_unique(Reader *reader, const Node *map)
{
    size_t n = map->pairs.count;
    const NodePair **sorted = arena_alloc(reader->arena, n * sizeof(*sorted));
    for (size_t i = 0; i < n; i++)
        sorted[i] = &map->pairs.items[i];
    qsort(sorted, n, sizeof(*sorted), compare_keys);
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->key->text, sorted[i]->key->text) == 0 && !sorted[i]->merge) {
            Error *err = issues_add(reader->issues, ERR_SCHEMA, sorted[i]->key->at, "'%s' stands here twice",
                                    sorted[i]->key->text);
            err->also = sorted[i - 1]->key->at;
            snprintf(err->also_label, sizeof(err->also_label), "first here");
        }
}

static Node *build(Reader *reader, yaml_event_t *event, unsigned depth);

static Node *build_next(Reader *reader, unsigned depth, yaml_event_type_t end, bool *ended)
{
    yaml_event_t event;
    *ended = true;
    if (!next_event(reader, &event))
        return NULL;
    *ended = event.type == end;
    Node *node = *ended ? NULL : build(reader, &event, depth);
    yaml_event_delete(&event);
    return node;
}

static void build_list(Reader *reader, Node *list, unsigned depth)
{
    for (bool ended;;) {
        Node *item = build_next(reader, depth + 1, YAML_SEQUENCE_END_EVENT, &ended);
        if (ended || !item)
            return;
        *VEC_PUSH(reader->arena, &list->items) = item;
    }
}

static void build_map(Reader *reader, Node *map, unsigned depth)
{
    for (bool ended;;) {
        Node *key = build_next(reader, depth + 1, YAML_MAPPING_END_EVENT, &ended);
        if (ended || !key)
            break;
        Node *value = build_next(reader, depth + 1, YAML_NO_EVENT, &ended);
        if (!value)
            break;
        if (key->kind != NODE_SCALAR) {
            issues_add(reader->issues, ERR_SCHEMA, key->at, "a key must be a plain word");
            continue;
        }
        bool merge = is_merge(key);
        if (!merge && map->pairs.count < CHECKED_ONE_BY_ONE)
            check_unique(reader, map, key);
        *VEC_PUSH(reader->arena, &map->pairs) = (NodePair){ key, value, merge };
    }
    if (map->pairs.count > CHECKED_ONE_BY_ONE)
        check_all_unique(reader, map);
}

static Node *build_container(Reader *reader, const yaml_event_t *event, unsigned depth)
{
    bool list = event->type == YAML_SEQUENCE_START_EVENT;
    Node *node = new_node(reader, list ? NODE_LIST : NODE_MAP, event);
    const yaml_char_t *anchor = list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor;
    size_t place_of_anchor = reader->anchors.count;
    add_anchor(reader, anchor, node, true);
    if (depth > DEEPEST) {
        issues_add(reader->issues, ERR_SCHEMA, node->at, "nested more than %d deep", DEEPEST);
        reader->failed = true;
        return node;
    }
    if (list)
        build_list(reader, node, depth);
    else
        build_map(reader, node, depth);
    if (anchor)
        reader->anchors.items[place_of_anchor].open = false;
    return node;
}

static Node *build(Reader *reader, yaml_event_t *event, unsigned depth)
{
    Node *node;
    switch ((int)event->type) {
    case YAML_ALIAS_EVENT: return alias(reader, event);
    case YAML_SCALAR_EVENT:
        node = scalar(reader, event);
        add_anchor(reader, event->data.scalar.anchor, node, false);
        return node;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT: return build_container(reader, event, depth);
    default: return NULL;
    }
}

// The events before and behind the one document.
static Node *read_document(Reader *reader)
{
    Node *root = NULL;
    unsigned documents = 0;
    for (bool done = false; !done;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            break;
        if (event.type == YAML_DOCUMENT_START_EVENT && ++documents == 2) {
            issues_add(reader->issues, ERR_SCHEMA, place(reader, event.start_mark, event.end_mark),
                       "a second document begins here; a model is one");
            done = true;
        } else if (event.type == YAML_STREAM_END_EVENT) {
            done = true;
        } else if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT &&
                   event.type != YAML_DOCUMENT_END_EVENT) {
            root = build(reader, &event, 0);
        }
        yaml_event_delete(&event);
    }
    return root;
}

bool node_parse(Arena *arena, const char *file, Text text, Node **out, Issues *issues)
{
    Reader reader = { .arena = arena, .file = file, .issues = issues };
    *out = NULL;
    if (!yaml_parser_initialize(&reader.parser)) {
        issues_add(issues, ERR_BUG, (SourcePos){ .file = file }, "the YAML parser could not be made");
        return false;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text.p, text.n);
    *out = read_document(&reader);
    yaml_parser_delete(&reader.parser);
    return !reader.failed;
}

bool node_is_null(const Node *node)
{
    return !node || (node->kind == NODE_SCALAR && !node->quoted &&
                     (!node->text[0] || strcmp(node->text, "~") == 0 || strcasecmp(node->text, "null") == 0));
}

static const Node *look_through(const Node *merged, const char *key, unsigned depth);

static const Node *get(const Node *map, const char *key, unsigned depth)
{
    VEC_EACH (NodePair, pair, &map->pairs)
        if (!pair->merge && strcmp(pair->key->text, key) == 0)
            return pair->value;
    const Node *found = NULL;
    VEC_EACH (NodePair, pair, &map->pairs)
        if (!found && pair->merge)
            found = look_through(pair->value, key, depth + 1);
    return found;
}

static const Node *look_through(const Node *merged, const char *key, unsigned depth)
{
    if (depth > 16)
        return NULL;
    if (merged->kind == NODE_MAP)
        return get(merged, key, depth);
    const Node *found = NULL;
    VEC_EACH (Node *, item, &merged->items)
        if (!found && (*item)->kind == NODE_MAP)
            found = get(*item, key, depth);
    return found;
}

const Node *node_get(const Node *map, const char *key)
{
    return map && map->kind == NODE_MAP ? get(map, key, 0) : NULL;
}

bool node_truth(const Node *node, bool *out)
{
    static const char *const yes[] = { "true", "yes", "on" }, *const no[] = { "false", "no", "off" };
    if (!node || node->kind != NODE_SCALAR || node->quoted)
        return false;
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (strcasecmp(node->text, yes[i]) == 0 || strcasecmp(node->text, no[i]) == 0) {
            *out = strcasecmp(node->text, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

static bool listed(const PairList *list, size_t upto, const Node *key)
{
    for (size_t i = 0; i < upto; i++)
        if (strcmp(list->items[i]->key->text, key->text) == 0)
            return true;
    return false;
}

static void collect(Arena *arena, const Node *map, PairList *out, bool merged, unsigned depth)
{
    if (depth > 16 || out->count > 100000)
        return;
    VEC_EACH (NodePair, pair, &map->pairs)
        if (!pair->merge && (!merged || !listed(out, out->count, pair->key)))
            *VEC_PUSH(arena, out) = pair;
    VEC_EACH (NodePair, pair, &map->pairs) {
        if (!pair->merge)
            continue;
        if (pair->value->kind == NODE_MAP)
            collect(arena, pair->value, out, true, depth + 1);
        VEC_EACH (Node *, item, &pair->value->items)
            if ((*item)->kind == NODE_MAP)
                collect(arena, *item, out, true, depth + 1);
    }
}

void node_pairs(Arena *arena, const Node *map, PairList *out)
{
    if (map && map->kind == NODE_MAP)
        collect(arena, map, out, false, 0);
}
