#include <string.h>

#include "core/yaml/write_internal.h"

static Node *write_view(Writer *w, const View *view)
{
    Node *node = node_map(w->arena, false);
    node_add_text(w->arena, node, "query", view->query);
    if (view->materialized)
        node_add_truth(w->arena, node, "materialized", true);
    if (view->with_no_data)
        node_add_truth(w->arena, node, "with_no_data", true);
    if (view->recursive)
        node_add_truth(w->arena, node, "recursive", true);
    node_add_names(w->arena, node, "columns", &view->columns);
    if (view->indexes.count) {
        Node *indexes = node_map(w->arena, false);
        VEC_EACH (Index *, index, &view->indexes)
            node_add(w->arena, indexes, (*index)->head.name, write_index(w, *index));
        node_add(w->arena, node, "indexes", indexes);
    }
    return node;
}

static void add_number(Writer *w, Node *node, const char *key, const char *value)
{
    if (value)
        node_add(w->arena, node, key, node_plain(w->arena, value));
}

static Node *write_sequence(Writer *w, const Sequence *sequence)
{
    Node *node = node_map(w->arena, true);
    node_add_text(w->arena, node, "type",
                  sequence->type ? w->dialect->type_portable(w->arena, sequence->type) : NULL);
    add_number(w, node, "start", sequence->start);
    add_number(w, node, "increment", sequence->increment);
    add_number(w, node, "minimum", sequence->minimum);
    add_number(w, node, "maximum", sequence->maximum);
    add_number(w, node, "cache", sequence->cache);
    if (sequence->cycle)
        node_add_truth(w->arena, node, "cycle", true);
    node_add_text(w->arena, node, "owned_by", sequence->owned_by);
    return node;
}

static Node *write_enum(Writer *w, const EnumType *type)
{
    Node *node = node_map(w->arena, true), *values = node_list(w->arena, true);
    VEC_EACH (const char *, value, &type->values)
        *VEC_PUSH(w->arena, &values->items) = node_scalar(w->arena, *value);
    node_add(w->arena, node, "values", values);
    return node;
}

static Node *write_domain(Writer *w, const DomainType *domain)
{
    Node *node = node_map(w->arena, true);
    node_add_text(w->arena, node, "base", w->dialect->type_portable(w->arena, domain->base));
    node_add(w->arena, node, "default", write_default(w, domain->base, domain->default_sql));
    node_add_text(w->arena, node, "collation", domain->collation);
    if (domain->not_null)
        node_add_truth(w->arena, node, "not_null", true);
    if (!domain->checks.count)
        return node;
    Node *checks = node_map(w->arena, true);
    VEC_EACH (Constraint *, it, &domain->checks) {
        const Constraint *check = *it;
        Node *made = node_scalar(w->arena, check->expression);
        if (check->not_valid || check->head.comment) {
            made = node_map(w->arena, true);
            node_add_text(w->arena, made, "check", check->expression);
            if (check->not_valid)
                node_add_truth(w->arena, made, "not_valid", true);
            node_add_text(w->arena, made, "comment", check->head.comment);
        }
        node_add(w->arena, checks, check->head.name ? check->head.name : "", made);
    }
    node_add(w->arena, node, "checks", checks);
    return node;
}

static Node *write_composite(Writer *w, const CompositeType *type)
{
    Node *node = node_map(w->arena, false), *attributes = node_map(w->arena, false);
    VEC_EACH (Column *, it, &type->attributes) {
        const char *text = w->dialect->type_portable(w->arena, (*it)->type);
        Node *made = node_scalar(w->arena, text);
        if ((*it)->collation || (*it)->head.comment) {
            made = node_map(w->arena, true);
            node_add_text(w->arena, made, "type", text);
            node_add_text(w->arena, made, "collation", (*it)->collation);
            node_add_text(w->arena, made, "comment", (*it)->head.comment);
        }
        node_add(w->arena, attributes, (*it)->head.name, made);
    }
    node_add(w->arena, node, "attributes", attributes);
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
    default:
        node = node_map(w->arena, object->definition == NULL);
        if (object->table)
            node_add_text(w->arena, node, "table", name_join(w->arena, object->schema, object->table));
        node_add_text(w->arena, node, "definition", object->definition);
        break;
    }
    node_add_text(w->arena, node, "comment", object->comment);
    write_options(w, node, object);
    return node;
}

// The key under which an object stands: unique in its section.
static const char *key_of(Writer *w, const Object *object)
{
    if (object->kind == OBJECT_GRANT || object->kind == OBJECT_DEFAULT_PRIVILEGE ||
        object->kind == OBJECT_CAST)
        return object->name;
    const char *arguments = strchr(object->name, '(');
    if (arguments && !object->table) {
        const char *name = arena_strndup(w->arena, object->name, (size_t)(arguments - object->name));
        return arena_printf(w->arena, "%s%s", name_join(w->arena, object->schema, name), arguments);
    }
    if (!object->table)
        return name_join(w->arena, object->schema, object->name);
    const char *table = name_join(w->arena, object->schema, object->table);
    return arena_printf(w->arena, "%s.%s", table, name_join(w->arena, NULL, object->name));
}

// Alone of its name, an object on a table is called by that name.
static bool name_is_unique(const Writer *w, const Object *object)
{
    size_t same = 0;
    VEC_EACH (Object *, other, &w->schema->objects)
        same += (*other)->kind == object->kind && strcmp((*other)->name, object->name) == 0;
    return same == 1;
}

void write_objects(Writer *w, Node *root, bool types)
{
    for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++) {
        if ((kind < OBJECT_TABLE) != types || !object_kinds[kind].yaml)
            continue;
        Node *section = node_map(w->arena, false);
        VEC_EACH (Object *, it, &w->schema->objects) {
            if ((int)(*it)->kind != kind)
                continue;
            bool short_key = (*it)->table && name_is_unique(w, *it);
            node_add(w->arena, section, short_key ? name_join(w->arena, NULL, (*it)->name) : key_of(w, *it),
                     write_object(w, *it));
        }
        if (section->pairs.count)
            node_add(w->arena, root, object_kinds[kind].yaml, section);
    }
}
