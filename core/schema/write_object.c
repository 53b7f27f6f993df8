#include <string.h>

#include "core/schema/write.h"

static Node *write_view(Writer *w, const View *view)
{
    Node *node = node_map(w->arena);
    put_text(w, node, "query", view->query);
    put_true(w, node, "materialized", view->materialized);
    put_true(w, node, "with_no_data", view->with_no_data);
    put_true(w, node, "recursive", view->recursive);
    put_names(w, node, "columns", &view->columns);
    put_node(w, node, "indexes", write_indexes(w, NULL, &view->indexes));
    return node;
}

static Node *write_sequence(Writer *w, const Sequence *sequence)
{
    Node *node = node_map(w->arena);
    put_node(w, node, "type", sequence->type ? write_type(w, sequence->type) : NULL);
    put_number(w, node, "start", sequence->start);
    put_number(w, node, "increment", sequence->increment);
    put_number(w, node, "minimum", sequence->minimum);
    put_number(w, node, "maximum", sequence->maximum);
    put_number(w, node, "cache", sequence->cache);
    put_true(w, node, "cycle", sequence->cycle);
    put_text(w, node, "owned_by", sequence->owned_by);
    return node;
}

static Node *write_enum(Writer *w, const EnumType *type)
{
    Node *node = node_map(w->arena), *values = node_list(w->arena);
    VEC_EACH (const char *, value, &type->values)
        node_push(w->arena, values, node_text(w->arena, *value));
    node_put(w->arena, node, "values", values);
    return node;
}

static Node *write_domain_checks(Writer *w, const DomainType *domain)
{
    Node *list = node_list(w->arena), *map = node_map(w->arena);
    bool keyed = true;
    VEC_EACH (Constraint *, it, &domain->checks)
        keyed = keyed && (*it)->head.name;
    VEC_EACH (Constraint *, it, &domain->checks) {
        Node *body = node_map(w->arena);
        if (!keyed)
            put_text(w, body, "name", (*it)->head.name);
        put_text(w, body, "expression", (*it)->expression);
        put_true(w, body, "not_valid", (*it)->not_valid);
        put_text(w, body, "comment", (*it)->head.comment);
        if (body->count == 1)
            body = node_pair(body, 0)->value;
        if (keyed)
            node_put(w->arena, map, (*it)->head.name, body);
        else
            node_push(w->arena, list, body);
    }
    return keyed ? map : list;
}

static Node *write_domain(Writer *w, const DomainType *domain)
{
    Node *node = node_map(w->arena);
    node_put(w->arena, node, "base", write_type(w, domain->base));
    put_node(w, node, "default", write_default(w, domain->base, domain->default_sql));
    put_text(w, node, "collation", domain->collation);
    put_true(w, node, "not_null", domain->not_null);
    put_node(w, node, "checks", write_domain_checks(w, domain));
    return node;
}

static Node *write_composite(Writer *w, const CompositeType *type)
{
    Node *node = node_map(w->arena), *attributes = node_map(w->arena);
    VEC_EACH (Column *, it, &type->attributes) {
        const Column *attribute = *it;
        Node *body = node_map(w->arena);
        node_put(w->arena, body, "type", write_type(w, attribute->type));
        put_text(w, body, "collation", attribute->collation);
        put_text(w, body, "comment", attribute->head.comment);
        bool lone = body->count == 1 && node_pair(body, 0)->value->kind == NODE_SCALAR;
        node_put(w->arena, attributes, attribute->head.name, lone ? node_pair(body, 0)->value : body);
    }
    node_put(w->arena, node, "attributes", attributes);
    return node;
}

static Node *write_verbatim(Writer *w, const Object *object)
{
    Node *node = node_map(w->arena);
    if (object->table)
        put_text(w, node, "table", name_join(w->arena, object->schema, object->table));
    put_text(w, node, "definition", object->definition);
    return node;
}

static Node *write_object(Writer *w, const Object *object)
{
    Node *node;
    switch ((int)object->kind) {
    case OBJECT_VIEW: node = write_view(w, (const View *)(const void *)object); break;
    case OBJECT_SEQUENCE: node = write_sequence(w, (const Sequence *)(const void *)object); break;
    case OBJECT_ENUM: node = write_enum(w, (const EnumType *)(const void *)object); break;
    case OBJECT_DOMAIN: node = write_domain(w, (const DomainType *)(const void *)object); break;
    case OBJECT_COMPOSITE: node = write_composite(w, (const CompositeType *)(const void *)object); break;
    default: node = write_verbatim(w, object); break;
    }
    put_text(w, node, "comment", object->comment);
    put_text(w, node, "renamed_from", object->renamed_from);
    put_options(w, node, object);
    if (node->count != 1)
        return node;
    const char *key = node_string(node_pair(node, 0)->key); // the whole of it: it may stand alone
    bool alone = strcmp(key, "query") == 0 || strcmp(key, "definition") == 0 || strcmp(key, "values") == 0;
    return alone ? node_pair(node, 0)->value : node;
}

static bool is_text_of_its_own(ObjectKind kind)
{
    return kind == OBJECT_GRANT || kind == OBJECT_DEFAULT_PRIVILEGE || kind == OBJECT_CAST;
}

static size_t count_named(const Writer *w, const Object *object)
{
    size_t count = 0;
    VEC_EACH (Object *, other, &w->schema->objects)
        count += (*other)->kind == object->kind && strcmp((*other)->name, object->name) == 0;
    return count;
}

// As name_join, but a parenthesis stands in quotes: bare, it opens the argument types.
static const char *routine_name(Writer *w, const char *schema, const char *name)
{
    const char *const parts[] = { schema, name };
    StrBuf out;
    strbuf_init(&out, w->arena);
    for (size_t i = schema ? 0 : 1; i < COUNT_OF(parts); i++) {
        const char *plain = name_join(w->arena, NULL, parts[i]);
        bool bare = strchr(plain, '(') && plain[0] != '"';
        strbuf_printf(&out, "%s%s%s%s", out.length ? "." : "", bare ? "\"" : "", plain, bare ? "\"" : "");
    }
    return out.text;
}

// The key under which an object stands: the reader finds schema and name in it, and the table beside it.
static const char *key_of(Writer *w, const Object *object)
{
    if (is_text_of_its_own(object->kind))
        return object->name;
    const char *arguments = object_kind_has_arguments(object->kind) ? strchr(object->name, '(') : NULL;
    if (arguments && arguments != object->name) {
        const char *name = arena_strndup(w->arena, object->name, (size_t)(arguments - object->name));
        return arena_printf(w->arena, "%s%s", routine_name(w, object->schema, name), arguments);
    }
    if (object_kind_has_arguments(object->kind))
        return routine_name(w, object->schema, object->name);
    if (!object->table)
        return name_join(w->arena, object->schema, object->name);
    const char *name = name_join(w->arena, NULL, object->name);
    if (count_named(w, object) == 1)
        return name;
    return arena_printf(w->arena, "%s.%s", name_join(w->arena, object->schema, object->table), name);
}

void write_objects(Writer *w, Node *root, bool before_tables)
{
    for (size_t kind = 0; kind < OBJECT_KIND_COUNT; kind++) {
        bool before = kind < OBJECT_TABLE || kind == OBJECT_DATABASE;
        if (before != before_tables || !object_kinds[kind].yaml)
            continue;
        Node *section = node_map(w->arena);
        section->block = true;
        VEC_EACH (Object *, object, &w->schema->objects)
            if (kind == OBJECT_DATABASE && (size_t)(*object)->kind == kind)
                put_options(w, section, *object);
            else if ((size_t)(*object)->kind == kind)
                node_put(w->arena, section, key_of(w, *object), write_object(w, *object));
        put_node(w, root, object_kinds[kind].yaml, section);
    }
}
