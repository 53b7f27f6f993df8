#include "core/compare/compare.h"

#include <string.h>

// What an engine writes in its own way.
enum { TEXT_FACETS = FACET_DEFAULT | FACET_GENERATED | FACET_EXPRESSION | FACET_DEFINITION | FACET_PARTS };

static bool has_expression(const PartList *parts)
{
    VEC_EACH (const Part, it, parts)
        if (it->expression)
            return true;
    return false;
}

static const PartList *parts_of(const Object *object)
{
    if (object->kind == OBJECT_INDEX)
        return &((const Index *)(const void *)object)->parts;
    return object->kind == OBJECT_PRIMARY_KEY || object->kind == OBJECT_UNIQUE
               ? &((const Constraint *)(const void *)object)->parts
               : NULL;
}

// The text facets of a changed part of a table that no way of writing explains: other columns of a key or index, a default
// that the database lacks, an expression on one side alone.
static unsigned plain_facets(const Change *change)
{
    const Object *have = change->have, *want = change->want;
    const PartList *parts = parts_of(want);
    if (parts && parts_of(have))
        return has_expression(parts) || has_expression(parts_of(have)) ? 0 : FACET_PARTS;
    if (want->kind != OBJECT_COLUMN)
        return 0;
    const Column *a = (const Column *)(const void *)have, *b = (const Column *)(const void *)want;
    return (!a->generated != !b->generated ? FACET_GENERATED : 0) |
           (!a->default_sql && b->default_sql ? FACET_DEFAULT : 0);
}

// The object that is made as one, and so asked as one: of a part its table.
static const Object *whole_of(const Change *change)
{
    return change->want_table ? &change->want_table->head : change->want;
}

// A check without a name matches one whose text is the same: with another text it is one more, and the old one is one too many.
static bool is_nameless_check(const Change *change)
{
    return change->kind == CHANGE_CREATE && change->want->kind == OBJECT_CHECK && !change->want->name;
}

static bool is_of(const Change *change, const Change *other)
{
    return change->have_table && other->want_table &&
           strcmp(change->have_table->head.name, other->want_table->head.name) == 0;
}

// Each nameless check may be one of those that seem to be dropped from its table.
static void mark_nameless_checks(ChangeList *changes)
{
    VEC_EACH (Change, created, changes) {
        if (!is_nameless_check(created) || !whole_of(created)->texts_not_asked)
            continue;
        VEC_EACH (Change, dropped, changes) {
            bool pairs = dropped->kind == CHANGE_DROP && dropped->have->kind == OBJECT_CHECK &&
                         !dropped->uncertain && is_of(dropped, created);
            if (!pairs)
                continue;
            created->uncertain = dropped->uncertain = true;
            break;
        }
    }
}

void compare_mark_uncertain(ChangeList *changes)
{
    VEC_EACH (Change, change, changes) {
        const Object *whole = change->kind == CHANGE_ALTER ? whole_of(change) : NULL;
        const unsigned texts = whole && whole->texts_not_asked ? TEXT_FACETS & ~plain_facets(change) : 0;
        change->uncertain = texts && !(change->facets & ~texts);
    }
    mark_nameless_checks(changes);
}

void compare_certain(Arena *arena, Comparison *c)
{
    ChangeList certain = { 0 };
    VEC_EACH (Change, change, &c->changes)
        *VEC_PUSH(arena, change->uncertain ? &c->uncertain : &certain) = *change;
    c->changes = certain;
}
