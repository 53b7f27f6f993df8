#include "core/schema/read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int by_name(const void *a, const void *b)
{
    const TypeDef *x = *(TypeDef *const *)a, *y = *(TypeDef *const *)b;
    int order = strcmp(x->name, y->name);
    if (order)
        return order;
    if (!x->schema || !y->schema)
        return (x->schema != NULL) - (y->schema != NULL);
    return strcmp(x->schema, y->schema);
}

static int compare_key(const TypeDef *def, const char *schema, const char *name)
{
    const TypeDef wanted = { .schema = schema, .name = name }, *p = &wanted;
    return by_name(&def, &p);
}

TypeDef *find_type(const Reader *r, const char *schema, const char *name)
{
    size_t low = 0, high = r->types.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_key(r->types.items[middle], schema, name);
        if (order == 0)
            return r->types.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void add_type(Reader *r, const Entry *entry, ObjectKind kind)
{
    TypeDef *def = ARENA_NEW(r->arena, TypeDef);
    def->key = entry->key;
    def->node = entry->value;
    def->kind = kind;
    if (!read_name(r, entry->key, object_kinds[kind].word, &def->schema, &def->name))
        return;
    def->object = object_new(r->arena, kind, def->schema, NULL, def->name);
    def->object->at = node_at(entry->key);
    *VEC_PUSH(r->arena, &r->types) = def;
}

// What a type of `types:` is, by its keys.
static bool kind_of(Reader *r, const Node *node, ObjectKind *kind)
{
    if (node->kind == NODE_SCALAR) { // short for {base: …}
        *kind = OBJECT_DOMAIN;
        return true;
    }
    if (node_get(node, "enum"))
        *kind = OBJECT_ENUM;
    else if (node_get(node, "composite"))
        *kind = OBJECT_COMPOSITE;
    else if (node_get(node, "base"))
        *kind = OBJECT_DOMAIN;
    else {
        Error *err = read_issue(r, node_at(node), "a type needs 'base', 'enum' or 'composite'");
        error_hint(err,
                   "As in {base: string(254), check: \"VALUE LIKE '%%@%%'\"} or {enum: [sad, ok, happy]}.");
        return false;
    }
    return true;
}

static void add_section(Reader *r, const EntryList *entries, ObjectKind kind)
{
    VEC_EACH (Entry, entry, entries) {
        Entry picked = { entry->key, read_pick(r, entry->value) };
        ObjectKind its = kind;
        if (node_is_null(picked.value))
            continue;
        if (node_is_null(picked.key))
            read_issue(r, node_at(picked.value), "a type needs a name");
        else if (kind != OBJECT_KIND_COUNT || kind_of(r, picked.value, &its))
            add_type(r, &picked, its);
    }
}

void read_type_defs(Reader *r, const EntryList *types, const EntryList *enums, const EntryList *domains,
                    const EntryList *composites)
{
    add_section(r, types, OBJECT_KIND_COUNT);
    add_section(r, enums, OBJECT_ENUM);
    add_section(r, domains, OBJECT_DOMAIN);
    add_section(r, composites, OBJECT_COMPOSITE);
    if (r->types.count)
        qsort(r->types.items, r->types.count, sizeof(TypeDef *), by_name);
    for (size_t i = 1; i < r->types.count; i++) {
        const TypeDef *a = r->types.items[i - 1], *b = r->types.items[i];
        if (by_name(&a, &b) != 0)
            continue;
        Error *err = read_issue(r, node_at(b->key), "type '%s' is declared twice", node_string(b->key));
        error_also(err, node_at(a->key), "the other is here");
    }
    VEC_EACH (TypeDef *, def, &r->types)
        read_type_def(r, *def);
}

static const KeyInfo enum_keys[] = {
    {"name",            "text",          "its name, in a list"                               },
    { "enum",           "names",         "its values, in their order"                        },
    { "values",         "names",         "its values, in their order"                        },
    { "comment",        "text",          "a comment, kept in the database where it can"      },
    { "renamed_from",   "names",         "the name it had: a rename, not a drop and a create"},
    { "renamed_values", "texts by name", "values that were renamed: {old: new}"              },
    { "options",        "options",       "settings of one engine: {mysql: {engine: InnoDB}}" },
};
const KeyMap enum_keys_map = { enum_keys, COUNT_OF(enum_keys) };

// An enum with its values and, for a rename, its old ones. A new value of `renamed_values` must be among the
// values.
static void read_enum(Reader *r, TypeDef *def)
{
    enum { K_NAME, K_ENUM, K_VALUES, K_COMMENT, K_RENAMED_FROM, K_RENAMED_VALUES, K_OPTIONS, K_COUNT };
    _Static_assert(COUNT_OF(enum_keys) == K_COUNT, "each key has its place");
    EnumType *type = (EnumType *)(void *)def->object;
    const Node *got[K_COUNT] = { 0 }, *values = def->node;
    if (def->node->kind == NODE_MAP) {
        read_keys(r, def->node, "an enum", &enum_keys_map, got, NULL);
        values = got[K_ENUM] ? got[K_ENUM] : got[K_VALUES];
        read_comment(r, got[K_COMMENT], def->object);
        read_renamed(r, got[K_RENAMED_FROM], def->object);
        read_options(r, got[K_OPTIONS], OBJECT_ENUM, &def->object->options);
    }
    if (!values || values->kind != NODE_LIST) {
        read_issue(r, node_at(values ? values : def->node), "an enum needs a list of values");
        return;
    }
    type->values = read_enum_values(r, values);
    const Node *renamed = got[K_RENAMED_VALUES];
    if (!node_is_null(renamed) && renamed->kind != NODE_MAP)
        read_issue(r, node_at(renamed), "'renamed_values' must be a mapping, such as {old: new}");
    for (unsigned i = 0; renamed && renamed->kind == NODE_MAP && i < renamed->count; i++) {
        const NodePair *pair = node_pair(renamed, i);
        const Node *value = read_pick(r, pair->value);
        const char *to = read_text(r, value, "renamed_values");
        if (!to)
            continue;
        *VEC_PUSH(r->arena, &type->renamed_values) = node_string(pair->key);
        *VEC_PUSH(r->arena, &type->renamed_values) = to;
        if (!names_have(&type->values, to))
            read_suggest(read_issue(r, node_at(value), "the enum has no value '%s'", to), to,
                         type->values.items, type->values.count);
    }
}

static const KeyInfo composite_keys[] = {
    {"name",          "text",       "its name, in a list"                               },
    { "composite",    "attributes", "its attributes"                                    },
    { "attributes",   "attributes", "its attributes"                                    },
    { "comment",      "text",       "a comment, kept in the database where it can"      },
    { "renamed_from", "names",      "the name it had: a rename, not a drop and a create"},
    { "options",      "options",    "settings of one engine: {mysql: {engine: InnoDB}}" },
};
const KeyMap composite_keys_map = { composite_keys, COUNT_OF(composite_keys) };

static const KeyInfo attribute_keys[] = {
    {"type",          "type",  "its type"                                          },
    { "collation",    "text",  "how its texts are compared"                        },
    { "comment",      "text",  "a comment, kept in the database where it can"      },
    { "renamed_from", "names", "the name it had: a rename, not a drop and a create"},
};
const KeyMap attribute_keys_map = { attribute_keys, COUNT_OF(attribute_keys) };

// The attributes of a composite type, each read like a column. One without a type for this engine is left out.
static void read_attributes(Reader *r, TypeDef *def)
{
    enum { K_NAME, K_COMPOSITE, K_ATTRIBUTES, K_COMMENT, K_RENAMED_FROM, K_OPTIONS, K_COUNT };
    _Static_assert(COUNT_OF(composite_keys) == K_COUNT, "each key has its place");
    enum { A_TYPE, A_COLLATION, A_COMMENT, A_RENAMED_FROM, A_COUNT };
    _Static_assert(COUNT_OF(attribute_keys) == A_COUNT, "each key has its place");
    CompositeType *type = (CompositeType *)(void *)def->object;
    const Node *got[K_COUNT];
    if (!read_keys(r, def->node, "a composite type", &composite_keys_map, got, NULL))
        return;
    read_comment(r, got[K_COMMENT], def->object);
    read_renamed(r, got[K_RENAMED_FROM], def->object);
    read_options(r, got[K_OPTIONS], OBJECT_COMPOSITE, &def->object->options);
    EntryList entries = read_entries(r, node_get(def->node, got[K_COMPOSITE] ? "composite" : "attributes"),
                                     "attributes", false);
    const Table owner = {
        .head = {.schema = def->schema, .name = def->name}
    };
    VEC_EACH (Entry, entry, &entries) {
        const Node *value = read_pick(r, entry->value), *a[A_COUNT] = { 0 };
        if (node_is_null(entry->key))
            read_issue(r, node_at(entry->value), "an attribute needs a name");
        if (node_is_null(entry->key) || !value)
            continue;
        Column *column = column_new(r->arena, &owner, node_string(entry->key));
        column->head.at = node_at(entry->key);
        if (value->kind == NODE_MAP && (node_get(value, "type"))) {
            read_keys(r, value, "an attribute", &attribute_keys_map, a, NULL);
            column->collation = read_text(r, a[A_COLLATION], "collation");
            read_comment(r, a[A_COMMENT], &column->head);
            read_renamed(r, a[A_RENAMED_FROM], &column->head);
        } else {
            a[A_TYPE] = value;
        }
        if (!a[A_TYPE]) // no such attribute for this dialect
            continue;
        TypeUse use = read_type(r, a[A_TYPE], def->name, column->head.name);
        column->type = use.native ? use.native : "";
        column->enum_type = use.enum_type;
        *VEC_PUSH(r->arena, &type->attributes) = column;
    }
}

static const KeyInfo domain_check_keys[] = {
    {"name",        "text",  "its name, in a list"                         },
    { "expression", "text",  "the condition"                               },
    { "not_valid",  "truth", "values that exist are not checked"           },
    { "comment",    "text",  "a comment, kept in the database where it can"},
};
const KeyMap domain_check_keys_map = { domain_check_keys, COUNT_OF(domain_check_keys) };

// A check of a domain: a text, or a mapping with a name. Domains have checks of their own kind, since they
// belong to no table.
static void add_domain_check(Reader *r, DomainType *domain, const Node *key, const Node *value)
{
    enum { K_NAME, K_EXPRESSION, K_NOT_VALID, K_COMMENT, K_COUNT };
    _Static_assert(COUNT_OF(domain_check_keys) == K_COUNT, "each key has its place");
    const Node *got[K_COUNT] = { 0 };
    value = read_pick(r, value);
    if (node_is_null(value))
        return;
    if (value->kind == NODE_MAP)
        read_keys(r, value, "a check", &domain_check_keys_map, got, NULL);
    else
        got[K_EXPRESSION] = value;
    const char *name = node_is_null(key) ? NULL : node_string(key);
    Constraint *check = object_new(r->arena, OBJECT_CHECK, domain->head.schema, domain->head.name, name);
    check->head.at = node_at(value);
    check->expression = read_text(r, got[K_EXPRESSION], "check");
    check->not_valid = read_bool(r, got[K_NOT_VALID], "not_valid", false);
    check->named_by_convention = !name;
    read_comment(r, got[K_COMMENT], &check->head);
    if (check->expression)
        *VEC_PUSH(r->arena, &domain->checks) = check;
    else
        read_issue(r, node_at(value), "a check needs an expression");
}

static void add_domain_checks(Reader *r, DomainType *domain, const Node *node)
{
    if (node && node->kind == NODE_MAP && node_get(node, "expression")) {
        add_domain_check(r, domain, read_name_key(r, node), node);
        return;
    }
    EntryList entries = read_entries(r, node, "checks", true);
    VEC_EACH (Entry, entry, &entries)
        add_domain_check(r, domain, entry->key, entry->value);
}

static const KeyInfo domain_keys[] = {
    {"name",          "text",          "its name, in a list"                               },
    { "base",         "type",          "the type that it is a form of"                     },
    { "check",        "domain checks", "a condition over VALUE"                            },
    { "checks",       "domain checks", "conditions by name"                                },
    { "default",      "default",       "a value, or {sql: an expression}"                  },
    { "not_null",     "truth",         "whether it may not be NULL"                        },
    { "nullable",     "truth",         "whether it may be NULL"                            },
    { "collation",    "text",          "how its texts are compared"                        },
    { "comment",      "text",          "a comment, kept in the database where it can"      },
    { "renamed_from", "names",         "the name it had: a rename, not a drop and a create"},
    { "options",      "options",       "settings of one engine: {mysql: {engine: InnoDB}}" },
};
const KeyMap domain_keys_map = { domain_keys, COUNT_OF(domain_keys) };

// A domain with its base type, kept in the definition too: engines without domains use the base and the rules
// in each column.
static void read_domain(Reader *r, TypeDef *def)
{
    enum {
        K_NAME,
        K_BASE,
        K_CHECK,
        K_CHECKS,
        K_DEFAULT,
        K_NOT_NULL,
        K_NULLABLE,
        K_COLLATION,
        K_COMMENT,
        K_RENAMED_FROM,
        K_OPTIONS,
        K_COUNT
    };
    _Static_assert(COUNT_OF(domain_keys) == K_COUNT, "each key has its place");
    DomainType *domain = (DomainType *)(void *)def->object;
    const Node *got[K_COUNT] = { 0 };
    const FlatOptions flat = { OBJECT_DOMAIN, &def->object->options };
    if (def->node->kind == NODE_MAP)
        read_keys(r, def->node, "a domain", &domain_keys_map, got, &flat);
    else
        got[K_BASE] = def->node;
    if (!got[K_BASE]) {
        read_issue(r, node_at(def->node), "domain '%s' needs a base type", node_string(def->key));
        return;
    }
    TypeUse use = read_type(r, got[K_BASE], def->name, NULL);
    domain->base = def->native = use.native;
    def->base_enum = use.enum_type;
    def->base_def = use.domain;
    domain->default_sql = read_default(r, got[K_DEFAULT], use.native ? use.native : "", NULL);
    domain->not_null =
        read_bool(r, got[K_NOT_NULL], "not_null", false) || !read_bool(r, got[K_NULLABLE], "nullable", true);
    domain->collation = read_text(r, got[K_COLLATION], "collation");
    read_comment(r, got[K_COMMENT], def->object);
    read_renamed(r, got[K_RENAMED_FROM], def->object);
    read_options(r, got[K_OPTIONS], OBJECT_DOMAIN, &def->object->options);
    add_domain_checks(r, domain, got[K_CHECK]);
    add_domain_checks(r, domain, node_get(def->node, "checks"));
}

void read_type_def(Reader *r, TypeDef *def)
{
    if (def->done)
        return;
    if (def->busy) {
        read_issue(r, node_at(def->key), "type '%s' is made of itself", node_string(def->key));
        return;
    }
    def->busy = true;
    if (def->kind == OBJECT_ENUM)
        read_enum(r, def);
    else if (def->kind == OBJECT_COMPOSITE)
        read_attributes(r, def);
    else
        read_domain(r, def);
    def->done = true;
}

void read_type_objects(Reader *r)
{
    if (!(r->dialect->caps & HAS_TYPES))
        return;
    VEC_EACH (TypeDef *, def, &r->types)
        *VEC_PUSH(r->arena, &r->schema->objects) = (*def)->object;
}
