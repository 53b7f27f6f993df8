#define NODE_INTERNALS
#include "core/yaml/node.h"

#include <string.h>
#include <strings.h>

SourcePos node_at(const Node *node)
{
    if (!node || !node->line)
        return (SourcePos){ 0 };
    return (
        SourcePos){ .file = node->file, .line = node->line, .column = node->column, .length = node->length };
}

static unsigned characters(const char *text, size_t n)
{
    unsigned count = 0;
    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

SourcePos node_at_text(const Node *node, size_t skip, size_t n)
{
    SourcePos at = node_at(node);
    unsigned whole = characters(node->scalar_text, strlen(node->scalar_text));
    // in a scalar with escapes or of several lines, places inside are not known
    if (!at.length || at.length != whole + (node->quoted ? 2 : 0))
        return at;
    at.column += characters(node->scalar_text, skip) + (node->quoted ? 1 : 0);
    at.length = characters(node->scalar_text + skip, n);
    return at;
}

bool node_is_plain(const Node *node, const char *word)
{
    return node && node->kind == NODE_SCALAR && !node->quoted && strcmp(node->scalar_text, word) == 0;
}

bool node_is_null(const Node *node)
{
    if (!node)
        return true;
    if (node->kind != NODE_SCALAR || node->quoted)
        return false;
    switch (node->scalar_text[0]) {
    case '\0': return true;
    case '~': return node->scalar_text[1] == '\0';
    case 'n': return strcmp(node->scalar_text, "null") == 0;
    case 'N': return strcmp(node->scalar_text, "Null") == 0 || strcmp(node->scalar_text, "NULL") == 0;
    default: return false;
    }
}

bool node_truth(const Node *node, bool *out)
{
    static const char *const words[] = { "true", "false", "yes", "no", "on", "off" };
    if (node->kind != NODE_SCALAR || node->quoted)
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(node->scalar_text, words[i]) == 0) {
            *out = i % 2 == 0;
            return true;
        }
    return false;
}

bool node_is_scalar(const Node *node) { return node && node->kind == NODE_SCALAR && !node_is_null(node); }

Node *node_get(const Node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (unsigned i = 0; i < map->count; i++)
        if (map->map_pairs[i].key->scalar_text[0] == key[0] &&
            strcmp(map->map_pairs[i].key->scalar_text, key) == 0)
            return map->map_pairs[i].value;
    return NULL;
}

bool node_equal(const Node *a, const Node *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->kind == NODE_SCALAR)
        return a->quoted == b->quoted && strcmp(a->scalar_text, b->scalar_text) == 0;
    for (unsigned i = 0; i < a->count; i++) {
        if (a->kind == NODE_LIST && !node_equal(a->list_items[i], b->list_items[i]))
            return false;
        if (a->kind == NODE_MAP && (!node_equal(a->map_pairs[i].key, b->map_pairs[i].key) ||
                                    !node_equal(a->map_pairs[i].value, b->map_pairs[i].value)))
            return false;
    }
    return true;
}

static Node *make(Arena *arena, NodeKind kind)
{
    Node *node = ARENA_NEW(arena, Node);
    node->kind = (unsigned)kind & 3;
    return node;
}

Node *node_text(Arena *arena, const char *text)
{
    Node *node = node_plain(arena, text);
    node->quoted = true;
    return node;
}

Node *node_plain(Arena *arena, const char *text)
{
    Node *node = make(arena, NODE_SCALAR);
    node->scalar_text = text;
    return node;
}

Node *node_like(Arena *arena, const Node *node, const char *text)
{
    Node *copy = make(arena, NODE_SCALAR);
    copy->quoted = node->quoted;
    copy->file = node->file;
    copy->line = node->line;
    copy->column = node->column;
    copy->length = node->length;
    copy->scalar_text = text;
    return copy;
}

Node *node_list(Arena *arena) { return make(arena, NODE_LIST); }

Node *node_map(Arena *arena) { return make(arena, NODE_MAP); }

// Room for one more of `size` bytes in an array that doubles.
static void *grow(Arena *arena, void *items, unsigned count, uint8_t *room, size_t size)
{
    if (*room && count < 1u << *room)
        return items;
    ++*room;
    void *wider = arena_alloc(arena, ((size_t)1 << *room) * size);
    if (count)
        memcpy(wider, items, count * size);
    return wider;
}

void node_push(Arena *arena, Node *list, Node *item)
{
    list->list_items = grow(arena, list->list_items, list->count, &list->room, sizeof(*list->list_items));
    list->list_items[list->count++] = item;
}

void node_put_pair(Arena *arena, Node *map, Node *key, Node *value)
{
    map->map_pairs = grow(arena, map->map_pairs, map->count, &map->room, sizeof(*map->map_pairs));
    map->map_pairs[map->count++] = (NodePair){ key, value };
}

void node_put(Arena *arena, Node *map, const char *key, Node *value)
{
    node_put_pair(arena, map, node_text(arena, key), value);
}

// The keys of a map by hash: slots hold 1 + the number of a pair.
typedef struct KeySet {
    unsigned *slots;
    size_t mask;
} KeySet;

enum { FEW_KEYS = 12 }; // a loop over so many is quicker than a table

// The pair that has this key, or NULL; then it is entered as pair `number`.
static NodePair *find_or_add(KeySet *set, const Node *map, const char *key, unsigned number)
{
    if (!set->slots) {
        for (unsigned i = 0; i < number; i++)
            if (map->map_pairs[i].key->scalar_text[0] == key[0] &&
                strcmp(map->map_pairs[i].key->scalar_text, key) == 0)
                return &map->map_pairs[i];
        return NULL;
    }
    size_t i = hash_text(key) & set->mask;
    for (; set->slots[i]; i = (i + 1) & set->mask)
        if (strcmp(map->map_pairs[set->slots[i] - 1].key->scalar_text, key) == 0)
            return &map->map_pairs[set->slots[i] - 1];
    set->slots[i] = number + 1;
    return NULL;
}

static KeySet key_set(Arena *arena, size_t keys)
{
    KeySet set = { 0 };
    if (keys <= FEW_KEYS)
        return set;
    size_t size = 64;
    while (size < keys * 2)
        size *= 2;
    set.slots = arena_alloc(arena, size * sizeof(*set.slots));
    set.mask = size - 1;
    return set;
}

static bool is_merge(const NodePair *pair) { return node_is_plain(pair->key, "<<"); }

static void say_twice(Issues *issues, const Node *first, const Node *again)
{
    Error *err = issues_add(issues, ERR_SCHEMA, node_at(again), "'%s' appears twice", again->scalar_text);
    error_label(err, "here again");
    error_also(err, node_at(first), "first here");
}

// How many pairs a merge brings; 0 with an issue where it is no map.
static size_t count_merged(const Node *value, Issues *issues)
{
    if (value->kind == NODE_MAP)
        return value->count;
    size_t count = 0;
    bool bad = value->kind != NODE_LIST;
    for (unsigned i = 0; !bad && i < value->count; i++) {
        bad = value->list_items[i]->kind != NODE_MAP;
        count += value->list_items[i]->count;
    }
    if (bad)
        issues_add(issues, ERR_SCHEMA, node_at(value), "'<<' takes a mapping, or a list of mappings");
    return bad ? 0 : count;
}

static void lay_in(Arena *arena, Node *map, KeySet *set, const Node *from)
{
    for (unsigned i = 0; i < from->count; i++)
        if (!find_or_add(set, map, from->map_pairs[i].key->scalar_text, map->count))
            node_put_pair(arena, map, from->map_pairs[i].key, from->map_pairs[i].value);
}

// Unfolds `<<` keys: the map's own pairs win, then the first of the merged maps. The budget is for the whole
// document, because nested anchors multiply.
static void merge(Arena *arena, Node *map, NodeBudget *budget, Issues *issues)
{
    NodePair *pairs = map->map_pairs;
    unsigned count = map->count;
    size_t all = count;
    for (unsigned i = 0; i < count; i++)
        if (is_merge(&pairs[i]))
            all += count_merged(pairs[i].value, issues);
    budget->visits += all;
    if (budget->visits > NODE_VISITS) {
        if (!budget->spent)
            issues_add(issues, ERR_SCHEMA, node_at(map), "merge keys unfold to more than %d pairs",
                       NODE_VISITS);
        budget->spent = true;
        return;
    }
    map->map_pairs = NULL;
    map->count = map->room = 0;
    KeySet set = key_set(arena, all);
    for (unsigned i = 0; i < count; i++)
        if (!is_merge(&pairs[i])) {
            (void)find_or_add(&set, map, pairs[i].key->scalar_text, map->count);
            node_put_pair(arena, map, pairs[i].key, pairs[i].value);
        }
    for (unsigned i = 0; i < count; i++) {
        const Node *value = pairs[i].value;
        if (!is_merge(&pairs[i]))
            continue;
        if (value->kind == NODE_MAP)
            lay_in(arena, map, &set, value);
        for (unsigned j = 0; value->kind == NODE_LIST && j < value->count; j++)
            if (value->list_items[j]->kind == NODE_MAP)
                lay_in(arena, map, &set, value->list_items[j]);
    }
}

bool node_lacks_blank(const Node *key)
{
    const char *colon = key->quoted || key->kind != NODE_SCALAR ? NULL : strchr(key->scalar_text, ':');
    return colon && colon != key->scalar_text && colon[1];
}

// nick:{type: text} is the key 'nick:{type' to YAML.
static bool refuse_missing_blank(const Node *key, Issues *issues)
{
    const char *colon = node_lacks_blank(key) ? strchr(key->scalar_text, ':') : NULL;
    if (!colon || (colon[1] != '{' && colon[1] != '['))
        return true;
    size_t n = (size_t)(colon - key->scalar_text) + 1;
    error_hint(issues_add(issues, ERR_SCHEMA, node_at_text(key, n, 1), "a blank is missing after '%.*s'",
                          (int)n, key->scalar_text),
               NODE_BLANK_HINT);
    return false;
}

void node_finish_map(Arena *arena, Node *map, bool has_merge, NodeBudget *budget, Issues *issues)
{
    KeySet set = key_set(arena, map->count);
    unsigned kept = 0;
    for (unsigned i = 0; i < map->count; i++) {
        const NodePair *first = find_or_add(&set, map, map->map_pairs[i].key->scalar_text, kept);
        if (!refuse_missing_blank(map->map_pairs[i].key, issues))
            continue; // the key and its value mean nothing
        if (first)
            say_twice(issues, first->key, map->map_pairs[i].key);
        else
            map->map_pairs[kept++] = map->map_pairs[i];
    }
    map->count = kept;
    if (has_merge)
        merge(arena, map, budget, issues);
}
