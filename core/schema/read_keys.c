#include "core/schema/read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

Error *read_issue(Reader *r, SourcePos at, const char *fmt, ...)
{
    char message[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof(message), fmt, args);
    va_end(args);
    if (r->issues.count < MOST_ISSUES)
        return issues_add(&r->issues, ERR_SCHEMA, at, "%s", message);
    return ARENA_NEW(r->arena, Error); // nobody will see it
}

void read_suggest(Error *err, const char *word, const char *const *candidates, size_t count)
{
    const char *near = count ? nearest_word(word, candidates, count) : NULL;
    if (near)
        error_label(err, "did you mean '%s'?", near);
}

void read_suggest_column(Error *err, const char *word, const NameList *columns)
{
    read_suggest(err, word, columns->items, columns->count);
    if (!err->label[0] && strstr(word, " on "))
        error_hint(err, "What happens on a delete is said by a key of its own: on_delete: cascade.");
    else if (!err->label[0] && columns->count == 1)
        error_hint(err, "Its only column is %s.", columns->items[0]);
    else if (!err->label[0] && columns->count)
        error_hint(err, "Its columns begin with %s, %s.", columns->items[0], columns->items[1]);
}

bool read_visit(Reader *r, const Node *at)
{
    if (++r->visits <= NODE_VISITS)
        return true;
    if (!r->spent)
        read_issue(r, node_at(at), "the model unfolds to more than %d parts", NODE_VISITS);
    r->spent = true;
    return false;
}

// The dialect that a key names: ours, another, or none (NULL).
static const Dialect *dialect_of_key(const Reader *r, const char *key)
{
    if (strcmp(key, r->dialect->name) == 0)
        return r->dialect;
    return strchr("spm", key[0]) ? dialect_by_name(key) : NULL;
}

const Node *read_pick(Reader *r, const Node *node)
{
    if (!node || node->kind != NODE_MAP || node->count == 0)
        return node;
    const Node *otherwise = NULL, *ours = NULL;
    bool named = false;
    for (unsigned i = 0; i < node->count; i++) {
        const NodePair *pair = node_pair(node, i);
        if (strcmp(node_string(pair->key), "default") == 0) {
            otherwise = pair->value;
            continue;
        }
        const Dialect *dialect = dialect_of_key(r, node_string(pair->key));
        if (!dialect)
            return node;
        named = true;
        if (dialect == r->dialect)
            ours = pair->value;
    }
    if (!named)
        return node;
    return ours ? ours : otherwise;
}

static const OptionInfo *find_option(const Dialect *dialect, ObjectKind kind, const char *key)
{
    for (size_t i = 0; i < dialect->option_count; i++)
        if ((dialect->options[i].kinds & KIND_BIT(kind)) && strcmp(dialect->options[i].key, key) == 0)
            return &dialect->options[i];
    return NULL;
}

static void add_option_keys(Reader *r, const Dialect *dialect, ObjectKind kind, NameList *out)
{
    for (size_t i = 0; i < dialect->option_count; i++)
        if (dialect->options[i].kinds & KIND_BIT(kind))
            *VEC_PUSH(r->scratch, out) = dialect->options[i].key;
}

static const char *join_names(Reader *r, const NameList *names)
{
    StrBuf out;
    strbuf_init(&out, r->arena);
    VEC_EACH (const char *, name, names) {
        if (out.length)
            strbuf_puts(&out, ", ");
        strbuf_puts(&out, *name);
    }
    return out.text;
}

// The same of names of objects: one that holds a comma stands in quotes.
static const char *join_object_names(Reader *r, const NameList *names)
{
    StrBuf out;
    strbuf_init(&out, r->arena);
    VEC_EACH (const char *, name, names) {
        NameList parts = { 0 };
        if (!name_split(r->arena, *name, &parts) || !parts.count || parts.count > 2)
            return join_names(r, names);
        name_add(&out, parts.count > 1 ? parts.items[0] : NULL, parts.items[parts.count - 1]);
    }
    return out.text;
}

// Sets an option of the engine in its canonical text, with its place for later messages.
static void set_option(Reader *r, const OptionInfo *info, const Node *node, OptionList *options)
{
    node = read_pick(r, node);
    const char *value = NULL;
    switch (info->kind) {
    case OPTION_SWITCH: value = read_bool(r, node, info->key, false) ? "true" : NULL; break;
    case OPTION_NUMBER: value = read_number(r, node, info->key); break;
    case OPTION_TEXT:
    case OPTION_SQL:
    case OPTION_NAME_LIST:
    case OPTION_SETTINGS:
    case OPTION_NAMES_AT_LEAST:
        if (node && node->kind == NODE_LIST) {
            NameList names = read_names(r, node, info->key);
            bool objects = info->kind == OPTION_NAME_LIST || info->kind == OPTION_NAMES_AT_LEAST;
            value = objects ? join_object_names(r, &names) : join_names(r, &names);
        } else {
            value = read_text(r, node, info->key);
        }
        break;
    }
    option_set(r->arena, options, info->key, value);
    VEC_EACH (Option, option, options)
        if (strcmp(option->key, info->key) == 0)
            option->at = node_at(node);
}

// A key that is no key of the object itself: an option of our dialect, of another one, or a mistake.
bool read_flat(Reader *r, const char *key, const Node *value, const FlatOptions *flat)
{
    const OptionInfo *info = find_option(r->dialect, flat->kind, key);
    if (info) {
        set_option(r, info, value, flat->options);
        return true;
    }
    for (size_t i = 0; i < DIALECT_COUNT; i++)
        if (find_option(all_dialects[i], flat->kind, key))
            return true;
    return false;
}

// Reports a key that is not known here. Options of other engines are among the suggestions, since they would be valid under that engine's name.
static void unknown_key(Reader *r, const Node *key, const char *what, const KeyMap *keys,
                        const FlatOptions *flat)
{
    NameList known = { 0 };
    for (size_t i = 0; i < keys->count; i++)
        *VEC_PUSH(r->scratch, &known) = keys->keys[i].name;
    if (flat) {
        add_option_keys(r, r->dialect, flat->kind, &known);
        for (size_t i = 0; i < DIALECT_COUNT; i++)
            add_option_keys(r, all_dialects[i], flat->kind, &known);
    }
    if (!what) // put together here only: there are thousands of columns without a mistake
        what = arena_printf(r->scratch, "column '%s'", r->column);
    Error *err = read_issue(r, node_at(key), "unknown key '%s' of %s", node_string(key), what);
    const char *meant = word_of_others(node_string(key));
    if (meant && names_have(&known, meant))
        error_label(err, "did you mean '%s'?", meant);
    else
        read_suggest(err, node_string(key), known.items, known.count);
    known.count = keys->count;
    if (node_lacks_blank(key))
        error_hint(err, NODE_BLANK_HINT);
    else if (strchr(node_string(key), ')') && !strchr(node_string(key), '('))
        error_hint(err, "Inside { } a comma ends a value: put it in quotes, as in type: \"numeric(10,2)\".");
    else if (flat && flat->kind == OBJECT_TABLE &&
             (strcmp(node_string(key), "data") == 0 || strcmp(node_string(key), "rows") == 0))
        error_hint(err,
                   "Rows are declared under 'data:', beside 'tables:', as in data: {TABLE: [{COLUMN: 1}]}.");
    else if (!err->label[0])
        error_hint(err, "Known keys are %s.", join_names(r, &known));
}

bool read_keys(Reader *r, const Node *map, const char *what, const KeyMap *keys, const Node **got,
               const FlatOptions *flat)
{
    const KeyInfo *known = keys->keys;
    const size_t count = keys->count, in_a_list = strcmp(known[0].name, "name") == 0;
    memset(got, 0, count * sizeof(*got));
    if (!map || map->kind != NODE_MAP) {
        if (map) {
            Error *err = read_issue(r, node_at(map), "%s must be a mapping", what ? what : "a column");
            if (in_a_list + 1 < count)
                error_hint(err, "As in {%s: ..., %s: ...}.", known[in_a_list].name,
                           known[in_a_list + 1].name);
            else
                error_hint(err, "As in {%s: ...}.", known[in_a_list].name);
        }
        return false;
    }
    for (unsigned i = 0; i < map->count && read_visit(r, map); i++) {
        const NodePair *pair = node_pair(map, i);
        const char *key = node_string(pair->key);
        size_t k = 0;
        while (k < count && (known[k].name[0] != key[0] || strcmp(known[k].name, key) != 0))
            k++;
        if (k < count)
            got[k] = strcmp(known[k].name, "options") == 0 ? pair->value : read_pick(r, pair->value);
        else if (!flat || !read_flat(r, key, pair->value, flat))
            unknown_key(r, pair->key, what, keys, flat);
    }
    return true;
}

// Options under an engine's name. They are checked for every engine and set only for the one that the model is
// read for.
static void read_dialect_options(Reader *r, const NodePair *pair, const Dialect *dialect, ObjectKind kind,
                                 OptionList *options)
{
    const Node *map = pair->value;
    if (node_is_null(map))
        return;
    if (map->kind != NODE_MAP) {
        read_issue(r, node_at(map), "options of %s must be a mapping", dialect->name);
        return;
    }
    for (unsigned i = 0; i < map->count && read_visit(r, map); i++) {
        const char *key = node_string(node_pair(map, i)->key);
        const OptionInfo *info = find_option(dialect, kind, key);
        if (info && dialect == r->dialect) {
            set_option(r, info, node_pair(map, i)->value, options);
        } else if (!info) {
            NameList known = { 0 };
            add_option_keys(r, dialect, kind, &known);
            Error *err = read_issue(r, node_at(node_pair(map, i)->key), "unknown option '%s' of a %s in %s",
                                    key, object_kinds[kind].word, dialect->name);
            read_suggest(err, key, known.items, known.count);
            if (!err->label[0] && known.count)
                error_hint(err, "Known are %s.", join_names(r, &known));
        }
    }
}

static bool is_key_of(ObjectKind kind, const char *word)
{
    const KeyMap *keys = kind == OBJECT_TABLE    ? &table_keys_map
                         : kind == OBJECT_COLUMN ? &column_keys_map
                         : kind == OBJECT_INDEX  ? &index_keys_map
                                                 : NULL;
    for (size_t i = 0; keys && i < keys->count; i++)
        if (strcmp(keys->keys[i].name, word) == 0)
            return true;
    return false;
}

// What was written below `options:` where the name of a database belongs: a key of the object itself, an option, or neither.
static void unknown_database(Reader *r, const NodePair *pair, ObjectKind kind)
{
    static const char *const known[] = { "sqlite", "postgresql", "mysql" };
    const char *word = node_string(pair->key);
    Error *err = read_issue(r, node_at(pair->key), "unknown database '%s' of options", word);
    if (is_key_of(kind, word)) {
        error_hint(err, "'%s' is a key of the %s: write it beside options, not below.", word,
                   object_kinds[kind].word);
        return;
    }
    for (size_t i = 0; i < DIALECT_COUNT; i++)
        if (find_option(all_dialects[i], kind, word)) {
            error_hint(err, "Put options under their database: options: {%s: {%s: ...}}.",
                       all_dialects[i]->name, word);
            return;
        }
    read_suggest(err, word, known, COUNT_OF(known));
    error_hint(err, "Put options under their database: options: {mysql: {engine: InnoDB}}.");
}

void read_options(Reader *r, const Node *node, ObjectKind kind, OptionList *options)
{
    if (node_is_null(node))
        return;
    if (node->kind != NODE_MAP) {
        read_issue(r, node_at(node),
                   "options must be a mapping of databases, such as {mysql: {engine: InnoDB}}");
        return;
    }
    for (unsigned i = 0; i < node->count; i++) {
        const NodePair *pair = node_pair(node, i);
        const Dialect *dialect = dialect_of_key(r, node_string(pair->key));
        if (dialect)
            read_dialect_options(r, pair, dialect, kind, options);
        else
            unknown_database(r, pair, kind);
    }
}

const Node *read_name_key(Reader *r, const Node *map)
{
    const Node *name = read_pick(r, node_get(map, "name"));
    if (!name || name->kind == NODE_SCALAR)
        return name;
    read_issue(r, node_at(name), "'name' must be a text");
    return NULL;
}

EntryList read_entries(Reader *r, const Node *node, const char *what, bool lone)
{
    EntryList out = { 0 };
    if (node_is_null(node))
        return out;
    for (unsigned i = 0; node->kind == NODE_MAP && i < node->count && read_visit(r, node); i++)
        *VEC_PUSH(r->scratch, &out) = (Entry){ node_pair(node, i)->key, node_pair(node, i)->value };
    for (unsigned i = 0; node->kind == NODE_LIST && i < node->count && read_visit(r, node); i++) {
        const Node *item = read_pick(r, node_item(node, i));
        if (item)
            *VEC_PUSH(r->scratch, &out) = (Entry){ read_name_key(r, item), item };
    }
    if (node->kind == NODE_SCALAR && lone)
        *VEC_PUSH(r->scratch, &out) = (Entry){ NULL, node };
    else if (node->kind == NODE_SCALAR)
        read_issue(r, node_at(node), "%s must be a mapping or a list", what);
    return out;
}

const char *read_text(Reader *r, const Node *node, const char *what)
{
    if (node_is_null(node))
        return NULL;
    // node_is_null() is true of NULL
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    if (node->kind == NODE_SCALAR)
        return node_string(node);
    read_issue(r, node_at(node), "'%s' must be a text", what);
    return NULL;
}

bool read_bool(Reader *r, const Node *node, const char *what, bool otherwise)
{
    static const char *const words[] = { "true", "false" };
    bool value = otherwise;
    if (node_is_null(node) || node_truth(node, &value))
        return value;
    Error *err = read_issue(r, node_at(node), "'%s' must be true or false", what);
    if (node->kind == NODE_SCALAR)
        read_suggest(err, node_string(node), words, COUNT_OF(words));
    return otherwise;
}

const char *read_number(Reader *r, const Node *node, const char *what)
{
    const char *text = read_text(r, node, what);
    if (!text)
        return NULL;
    const char *digits = text + (*text == '-' || *text == '+');
    if (*digits && strspn(digits, "0123456789") == strlen(digits))
        return *text == '+' ? digits : text;
    read_issue(r, node_at(node), "'%s' must be a whole number", what);
    return NULL;
}

NameList read_names(Reader *r, const Node *node, const char *what)
{
    NameList out = { 0 };
    if (node_is_null(node))
        return out;
    if (node->kind == NODE_SCALAR)
        *VEC_PUSH(r->arena, &out) = node_string(node);
    if (node->kind == NODE_MAP)
        read_issue(r, node_at(node), "'%s' must be a name or a list of names", what);
    for (unsigned i = 0; node->kind == NODE_LIST && i < node->count && read_visit(r, node); i++) {
        const Node *item = read_pick(r, node_item(node, i));
        if (item && item->kind == NODE_SCALAR)
            *VEC_PUSH(r->arena, &out) = node_string(item);
        else if (item)
            read_issue(r, node_at(item), "'%s' must be a list of names", what);
    }
    return out;
}

static bool same_word(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        char x = *a == '_' ? ' ' : *a, y = *b == '_' ? ' ' : *b;
        if (strncasecmp(&x, &y, 1) != 0)
            return false;
    }
    return *a == *b;
}

int read_word(Reader *r, const Node *node, const char *what, const char *const *words, size_t count)
{
    const char *text = read_text(r, node, what);
    NameList list = { 0 };
    for (size_t i = 0; text && i < count; i++) {
        if (same_word(text, words[i]))
            return (int)i;
        *VEC_PUSH(r->scratch, &list) = words[i];
    }
    if (!text)
        return -1;
    Error *err = read_issue(r, node_at(node), "'%s' cannot be '%s'", what, text);
    read_suggest(err, text, words, count);
    error_hint(err, "It is one of %s.", join_names(r, &list));
    return -1;
}

bool is_default_schema(const Reader *r, const char *schema)
{
    return schema && (r->dialect->caps & CAN_SCHEMAS) && r->default_schema &&
           strcmp(schema, r->default_schema) == 0;
}

bool read_name(Reader *r, const Node *key, const char *what, const char **schema, const char **name)
{
    NameList parts = { 0 };
    bool whole = true;
    if (strpbrk(node_string(key), ".\""))
        whole = name_split(r->arena, node_string(key), &parts);
    *schema = parts.count == 2 ? parts.items[0] : NULL;
    *name = whole && parts.count ? parts.items[parts.count - 1] : node_string(key);
    if (is_default_schema(r, *schema))
        *schema = NULL;
    if (!whole) {
        read_issue(r, node_at(key), "the quotes in the name of the %s do not end", what);
    } else if (parts.count > 2) {
        Error *err = read_issue(r, node_at(key), "the name of the %s has %zu parts", what, parts.count);
        error_hint(err, "Put a name with a dot in it in double quotes: '\"a.b\"'.");
    } else if (!(*name)[0] || (*schema && !(*schema)[0])) {
        // SQLite takes "" as a name
        if (r->dialect->max_identifier == 0 && !*schema)
            return true;
        read_issue(r, node_at(key), "the name of the %s is empty", what);
    } else if (*schema && !(r->dialect->caps & CAN_SCHEMAS)) {
        Error *err = read_issue(r, node_at(key), "%s has no schemas for the %s '%s'", r->dialect->name, what,
                                node_string(key));
        error_hint(err, "Put a name with a dot in it in double quotes: '\"a.b\"'.");
    } else {
        return true;
    }
    return false;
}

void read_comment(Reader *r, const Node *node, Object *object)
{
    const char *text = read_text(r, node, "comment");
    object->comment = text && text[0] ? text : NULL;
}
