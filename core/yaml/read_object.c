// Everything that is not a table: views, sequences, types, and what is kept verbatim.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/yaml/read_internal.h"

static const char *const verbatim_keys[] = { "table",        "definition", "comment", "options",
                                             "renamed_from", "name",       NULL };

static void read_view(ModelReader *r, View *view, const Node *map)
{
    static const char *const keys[] = { "query",   "materialized", "columns",   "comment",      "indexes",
                                        "options", "with_no_data", "recursive", "renamed_from", NULL };
    reject_unknown(r, map, keys, "a view", OBJECT_VIEW);
    view->query = get_text(r, map, "query");
    get_truth(r, map, "materialized", &view->materialized);
    get_truth(r, map, "with_no_data", &view->with_no_data);
    get_truth(r, map, "recursive", &view->recursive);
    get_names(r, map, "columns", &view->columns);
    const Table as_table = {
        .head = {.schema = view->head.schema, .name = view->head.name}
    };
    read_indexes(r, map, "indexes", &as_table, &view->indexes);
    if (!view->query)
        issues_add(r->issues, ERR_SCHEMA, map->at, "view '%s' needs a query", view->head.name);
}

static void read_sequence(ModelReader *r, Sequence *sequence, const Node *map)
{
    static const char *const keys[] = { "type",  "start",    "increment", "minimum", "maximum",      "cache",
                                        "cycle", "owned_by", "comment",   "options", "renamed_from", NULL };
    reject_unknown(r, map, keys, "a sequence", OBJECT_SEQUENCE);
    const char *type = get_text(r, map, "type");
    sequence->type = type ? native_type(r, type, node_get(map, "type")) : NULL;
    sequence->start = get_text(r, map, "start");
    sequence->increment = get_text(r, map, "increment");
    sequence->minimum = get_text(r, map, "minimum");
    sequence->maximum = get_text(r, map, "maximum");
    sequence->cache = get_text(r, map, "cache");
    sequence->owned_by = get_text(r, map, "owned_by");
    get_truth(r, map, "cycle", &sequence->cycle);
}

static void read_enum(ModelReader *r, EnumType *type, const Node *map)
{
    static const char *const keys[] = {
        "values", "comment", "options", "renamed_from", "renamed_values", NULL
    };
    reject_unknown(r, map, keys, "an enum", OBJECT_ENUM);
    get_names(r, map, "values", &type->values);
    const Node *renamed = node_get(map, "renamed_values");
    if (renamed && expect_map(r, renamed, "renamed_values"))
        VEC_EACH (NodePair, pair, &renamed->pairs) {
            *VEC_PUSH(r->arena, &type->renamed_values) = pair->key->text;
            *VEC_PUSH(r->arena, &type->renamed_values) =
                pair->value->kind == NODE_SCALAR ? pair->value->text : "";
        }
}

static void read_domain_checks(ModelReader *r, DomainType *domain, const Node *map)
{
    const Node *checks = node_get(map, "checks");
    size_t n = !checks ? 0 : checks->kind == NODE_MAP ? checks->pairs.count : checks->items.count;
    for (size_t i = 0; i < n; i++) {
        bool named = checks->kind == NODE_MAP;
        const Node *node = named ? checks->pairs.items[i].value : checks->items.items[i];
        Constraint *check = object_new(r->arena, OBJECT_CHECK, domain->head.schema, domain->head.name,
                                       named ? checks->pairs.items[i].key->text : NULL);
        check->head.at = node->at;
        if (node->kind == NODE_MAP) {
            check->expression = get_text(r, node, node_get(node, "check") ? "check" : "expression");
            get_truth(r, node, "not_valid", &check->not_valid);
            check->head.comment = get_text(r, node, "comment");
        } else {
            check->expression = text_of(r, node, "check");
        }
        *VEC_PUSH(r->arena, &domain->checks) = check;
    }
}

static void read_domain(ModelReader *r, DomainType *domain, const Node *map)
{
    static const char *const keys[] = { "base",  "default", "collation", "not_null",     "checks",
                                        "check", "comment", "options",   "renamed_from", NULL };
    reject_unknown(r, map, keys, "a domain", OBJECT_DOMAIN);
    const char *base = get_text(r, map, "base");
    if (!base)
        issues_add(r->issues, ERR_SCHEMA, map->at, "domain '%s' needs a base type", domain->head.name);
    domain->base = base ? native_type(r, base, node_get(map, "base")) : "text";
    domain->default_sql = read_default(r, node_get(map, "default"), domain->base);
    domain->collation = get_text(r, map, "collation");
    get_truth(r, map, "not_null", &domain->not_null);
    read_domain_checks(r, domain, map);
}

static void read_composite(ModelReader *r, CompositeType *type, const Node *map)
{
    static const char *const keys[] = { "attributes", "comment", "options", "renamed_from", NULL };
    reject_unknown(r, map, keys, "a composite type", OBJECT_COMPOSITE);
    const Node *attributes = node_get(map, "attributes");
    if (!attributes || !expect_map(r, attributes, "attributes"))
        return;
    VEC_EACH (NodePair, pair, &attributes->pairs) {
        bool settled = pair->value->kind == NODE_MAP;
        Column *attribute =
            object_new(r->arena, OBJECT_COLUMN, type->head.schema, type->head.name, pair->key->text);
        const Node *spelling = settled ? node_get(pair->value, "type") : pair->value;
        const char *text = spelling ? text_of(r, spelling, "type") : NULL;
        attribute->type = text ? native_type(r, text, spelling) : "";
        attribute->collation = settled ? get_text(r, pair->value, "collation") : NULL;
        attribute->head.comment = settled ? get_text(r, pair->value, "comment") : NULL;
        *VEC_PUSH(r->arena, &type->attributes) = attribute;
    }
}

static void read_body(ModelReader *r, Object *object, const Node *map)
{
    switch ((int)object->kind) {
    case OBJECT_VIEW: read_view(r, (View *)(void *)object, map); return;
    case OBJECT_SEQUENCE: read_sequence(r, (Sequence *)(void *)object, map); return;
    case OBJECT_ENUM: read_enum(r, (EnumType *)(void *)object, map); return;
    case OBJECT_DOMAIN: read_domain(r, (DomainType *)(void *)object, map); return;
    case OBJECT_COMPOSITE: read_composite(r, (CompositeType *)(void *)object, map); return;
    default: break;
    }
    reject_unknown(r, map, verbatim_keys, object_kinds[object->kind].word, object->kind);
    object->definition = get_text(r, map, "definition");
    if (!object->definition && object_kinds[object->kind].verbatim)
        issues_add(r->issues, ERR_SCHEMA, map->at, "%s '%s' needs its definition: definition: CREATE …",
                   object_kinds[object->kind].word, object->name);
}

// What hangs on a table may be called the same on two of them: such a key is table.name, or schema.table.name.
static Object *new_object(ModelReader *r, ObjectKind kind, const Node *key, const Node *map)
{
    NameList parts = { 0 };
    bool plain_key = kind == OBJECT_GRANT || kind == OBJECT_DEFAULT_PRIVILEGE || kind == OBJECT_CAST;
    const char *name = key->text, *schema = NULL, *table = NULL;
    if (!plain_key && !strchr(key->text, '(') && name_split(r->arena, key->text, &parts) &&
        parts.count <= 3) {
        name = parts.items[parts.count - 1];
        const char *given = map ? get_text(r, map, "table") : NULL;
        NameList of = { 0 };
        if (given && name_split(r->arena, given, &of) && of.count <= 2) {
            table = of.items[of.count - 1];
            schema = of.count == 2 ? of.items[0] : NULL;
        } else if (parts.count == 2) {
            schema = parts.items[0];
        }
    } else if (!plain_key && strchr(key->text, '(')) { // schema.f(integer)
        size_t n = strcspn(key->text, "(");
        if (name_split(r->arena, arena_strndup(r->arena, key->text, n), &parts) && parts.count == 2) {
            schema = parts.items[0];
            name = arena_printf(r->arena, "%s%s", parts.items[1], key->text + n);
        } else if (parts.count == 1) {
            name = arena_printf(r->arena, "%s%s", parts.items[0], key->text + n);
        }
    }
    if (schema && strcmp(schema, "public") == 0)
        schema = NULL;
    Object *object = object_new(r->arena, kind, schema, table, name);
    object->at = key->at;
    return object;
}

static void read_object(ModelReader *r, ObjectKind kind, const Node *key, const Node *given)
{
    const Node *node = for_dialect(r, given);
    if (!node)
        return; // not for this engine
    Object *object = new_object(r, kind, key, node->kind == NODE_MAP ? node : NULL);
    *VEC_PUSH(r->arena, &r->schema->objects) = object;
    if (node->kind == NODE_MAP) {
        read_head(r, node, object, object->table);
        read_body(r, object, node);
    } else if (node->kind == NODE_LIST && kind == OBJECT_ENUM) {
        VEC_EACH (Node *, value, &node->items)
            *VEC_PUSH(r->arena, &((EnumType *)(void *)object)->values) =
                (*value)->kind == NODE_SCALAR ? (*value)->text : "";
    } else if (node->kind == NODE_SCALAR && kind == OBJECT_VIEW) {
        ((View *)(void *)object)->query = node->text;
    } else if (node->kind == NODE_SCALAR && object_kinds[kind].verbatim && !node_is_null(node)) {
        object->definition = node->text;
    } else if (!node_is_null(node)) {
        issues_add(r->issues, ERR_SCHEMA, node->at, "%s '%s' is described by a map of keys and values",
                   object_kinds[kind].word, object->name);
    }
}

static void check_twice(ModelReader *r, const Object *object, size_t upto)
{
    for (size_t i = 0; i < upto; i++) {
        const Object *other = r->schema->objects.items[i];
        if (other->kind != object->kind || object_compare(other, object) != 0)
            continue;
        Error *err = issues_add(r->issues, ERR_SCHEMA, object->at, "%s '%s' is declared twice",
                                object_kinds[object->kind].word, object->name);
        err->also = other->at;
        snprintf(err->also_label, sizeof(err->also_label), "first here");
    }
}

void read_objects(ModelReader *r)
{
    VEC_EACH (const Node *, root, &r->roots)
        for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++) {
            const Node *section = object_kinds[kind].yaml && kind != OBJECT_TABLE
                                      ? node_get(*root, object_kinds[kind].yaml)
                                      : NULL;
            if (!section || node_is_null(section))
                continue;
            if (section->kind == NODE_LIST) { // extensions: [citext, hstore]
                VEC_EACH (Node *, item, &section->items) {
                    static const Node nothing = { .kind = NODE_SCALAR, .text = "" };
                    if ((*item)->kind == NODE_SCALAR)
                        read_object(r, (ObjectKind)kind, *item, &nothing);
                    else
                        issues_add(r->issues, ERR_SCHEMA, (*item)->at,
                                   "%s is a map of names, or a list of them", object_kinds[kind].yaml);
                }
                continue;
            }
            if (!expect_map(r, section, object_kinds[kind].yaml))
                continue;
            PairList pairs = { 0 };
            node_pairs(r->arena, section, &pairs);
            VEC_EACH (const NodePair *, pair, &pairs)
                read_object(r, (ObjectKind)kind, (*pair)->key, (*pair)->value);
        }
    if (r->schema->objects.count < 2000)
        for (size_t i = 1; i < r->schema->objects.count; i++)
            check_twice(r, r->schema->objects.items[i], i);
}
