// same_schema.h -- are two schemas the same to the last byte? Says the first thing that is not.
#ifndef TESTS_SUPPORT_SAME_SCHEMA_H
#define TESTS_SUPPORT_SAME_SCHEMA_H

#include <ctype.h>
#include <string.h>

#include "core/model/field.h"
#include "core/model/schema.h"

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

// Spaces and case of a type's words are no difference to SQLite, where the model's own spelling is taken for it.
static bool same_spelling(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        if (!*a)
            return true;
    }
}

static const char *differing_field(const Object *a, const Object *b)
{
    FieldTable table = object_fields(a->kind);
    for (size_t i = 0; i < table.count; i++) {
        const Field *field = &table.fields[i];
        const char *x = (const char *)a + field->offset, *y = (const char *)b + field->offset;
        bool equal = true;
        switch (field->kind) {
        case FIELD_TEXT:
        case FIELD_NAME:
        case FIELD_SQL:
            equal = same(*(const char *const *)(const void *)x, *(const char *const *)(const void *)y);
            break;
        case FIELD_TYPE: {
            const char *p = *(const char *const *)(const void *)x, *q = *(const char *const *)(const void *)y;
            equal = p == q || (p && q && same_spelling(p, q));
            break;
        }
        case FIELD_BOOL: equal = *(const bool *)x == *(const bool *)y; break;
        case FIELD_INT: equal = *(const int *)(const void *)x == *(const int *)(const void *)y; break;
        case FIELD_NAMES:
            equal = names_equal((const NameList *)(const void *)x, (const NameList *)(const void *)y);
            break;
        case FIELD_PARTS:
            equal = parts_equal((const PartList *)(const void *)x, (const PartList *)(const void *)y);
            break;
        }
        if (!equal)
            return field->key;
    }
    return NULL;
}

static const char *difference(const Object *a, const Object *b)
{
    if (!same(a->schema, b->schema))
        return "schema";
    if (!same(a->table, b->table))
        return "table";
    if (!same(a->name, b->name))
        return "name";
    if (!same(a->comment, b->comment))
        return "comment";
    if (!same(a->definition, b->definition))
        return "definition";
    if (!options_equal(&a->options, &b->options))
        return "options";
    if (a->kind == OBJECT_CHECK &&
        !same(((const Constraint *)(const void *)a)->column, ((const Constraint *)(const void *)b)->column))
        return "column of check";
    return differing_field(a, b);
}

typedef struct Compared {
    const char *what;
    const Object *object;
} Compared;

static void compare(Compared *found, const Object *a, const Object *b)
{
    const char *what = b ? difference(a, b) : "is missing";
    if (what && !found->what)
        *found = (Compared){ what, a };
}

// One of the same kind and name; of those without a name, one that is equal.
static const Object *partner(const Table *table, const Constraint *of)
{
    const Object *any = NULL;
    VEC_EACH (Constraint *, it, &table->constraints) {
        const Object *other = &(*it)->head;
        if (other->kind != of->head.kind || !same(other->name, of->head.name))
            continue;
        any = other;
        if (!difference(&of->head, other))
            return other;
    }
    return any;
}

static void compare_tables(Compared *found, const Table *a, const Table *b)
{
    compare(found, &a->head, &b->head);
    if (a->columns.count != b->columns.count || a->constraints.count != b->constraints.count ||
        a->indexes.count != b->indexes.count)
        compare(found, &a->head, NULL);
    for (size_t i = 0; i < a->columns.count && !found->what; i++)
        compare(found, &a->columns.items[i]->head, &b->columns.items[i]->head);
    for (size_t i = 0; i < a->constraints.count && !found->what; i++)
        compare(found, &a->constraints.items[i]->head, partner(b, a->constraints.items[i]));
    for (size_t i = 0; i < a->indexes.count && !found->what; i++)
        compare(found, &a->indexes.items[i]->head, &b->indexes.items[i]->head);
}

static Compared compare_schemas(const Schema *a, const Schema *b)
{
    Compared found = { 0 };
    if (a->tables.count != b->tables.count || a->objects.count != b->objects.count)
        return (Compared){ "number of objects", &a->tables.items[0]->head };
    for (size_t i = 0; i < a->tables.count && !found.what; i++)
        compare_tables(&found, a->tables.items[i], b->tables.items[i]);
    for (size_t i = 0; i < a->objects.count && !found.what; i++)
        compare(&found, a->objects.items[i], b->objects.items[i]);
    return found;
}

#endif
