#include "drivers/mysql/render/alter.h"

#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/types.h"

bool alter_is_of_part(const Step *step)
{
    const Object *object = step->want ? step->want : step->have;
    return object && object->kind != OBJECT_TABLE;
}

bool alter_mentions(const Alter *a, const char *text, const char *name)
{
    if (!text)
        return false;
    TokenList tokens = lex_all(a->how.arena, (Text){ text, strlen(text) }, mysql_dialect.lex);
    VEC_EACH (Token, token, &tokens)
        if (token_named(token, name))
            return true;
    return false;
}

// Only visibility or enforcement differs: the server changes that by itself, without recreating the thing.
bool alter_only_visibility(const Change *change)
{
    if (change->kind != CHANGE_ALTER || change->have->kind != OBJECT_INDEX ||
        (change->facets & ~(unsigned)FACET_NAME) != FACET_OPTIONS)
        return false;
    static const char *const others[] = { "key_block_size", "parser", "engine_attribute",
                                          "secondary_engine_attribute", "other_options" };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (!same_text(option_get(&change->have->options, others[i]),
                       option_get(&change->want->options, others[i])))
            return false;
    return true;
}

bool alter_only_enforcement(const Alter *a, const Change *change)
{
    return change->kind == CHANGE_ALTER && change->have->kind == OBJECT_CHECK &&
           change->facets == FACET_VALIDITY && !a->how.mariadb;
}

static bool only_name(const Change *change)
{
    return change->kind == CHANGE_ALTER && change->have->kind == OBJECT_INDEX && change->facets == FACET_NAME;
}

bool alter_keeps_key(const Alter *a, const Change *change)
{
    return alter_only_visibility(change) || alter_only_enforcement(a, change) || only_name(change);
}

static bool is_virtual(const Column *column) { return column->generated && !column->stored; }

// A virtual column cannot become one with values, nor the reverse; MariaDB does not even change its expression.
bool alter_is_remade(const Alter *a, const Change *change)
{
    if (change->kind != CHANGE_ALTER || change->have->kind != OBJECT_COLUMN)
        return false;
    const Column *have = as_column(change->have), *want = as_column(change->want);
    if (is_virtual(have) != is_virtual(want) || names_have(&a->remade, want->head.name))
        return true;
    return a->how.mariadb && is_virtual(have) &&
           (change->facets & (FACET_GENERATED | FACET_TYPE | FACET_COLLATION)) != 0;
}

// Where the values of a virtual column are kept until it has become a plain one.
const char *alter_keeper(const Alter *a, const char *name)
{
    return arena_printf(a->how.arena, "cmigrate_%.55s", name);
}

bool alter_keeps_values(const Change *change) { return !as_column(change->want)->generated; }

// Neither side is a text or bytes, and one is of a type that MariaDB casts only from and to those.
bool alter_passes_text(const Alter *a, const Change *change)
{
    if (!a->how.mariadb || change->kind != CHANGE_ALTER || change->have->kind != OBJECT_COLUMN ||
        !(change->facets & FACET_TYPE))
        return false;
    const Column *have = as_column(change->have), *want = as_column(change->want);
    const char *old = my_type_cast_family(have->type), *new = my_type_cast_family(want->type);
    return !have->generated && !want->generated && strcmp(old, "text") != 0 && strcmp(new, "text") != 0 &&
           strcmp(old, new) != 0;
}

static bool has_change(const Alter *a, const Object *have)
{
    VEC_EACH (Change, change, &a->changes)
        if (change->have == have)
            return true;
    return false;
}

static bool parts_stand_on(const Alter *a, const PartList *parts, const char *name)
{
    VEC_EACH (Part, part, parts)
        if ((part->column && strcasecmp(part->column, name) == 0) ||
            alter_mentions(a, part->expression, name))
            return true;
    return false;
}

static void take_along(Alter *a, const Object *have, const Object *want, unsigned facet)
{
    if (want && !has_change(a, have))
        *VEC_PUSH(a->how.arena, &a->changes) = (Change){ .kind = CHANGE_ALTER,
                                                         .facets = facet,
                                                         .have = have,
                                                         .want = want,
                                                         .have_table = a->have,
                                                         .want_table = a->want };
}

// MySQL does not let go of a column that a generated one mentions: that one is recreated too.
static void remake_mentions(Alter *a, const char *name)
{
    VEC_EACH (Column *, it, &a->have->columns) {
        const Column *want = table_column(a->want, (*it)->head.name);
        if (!want || strcmp((*it)->head.name, name) == 0 || !alter_mentions(a, (*it)->generated, name))
            continue;
        take_along(a, &(*it)->head, &want->head, FACET_GENERATED);
        *VEC_PUSH(a->how.arena, &a->remade) = want->head.name;
    }
}

static void take_along_all(Alter *a, const char *name)
{
    if (!a->how.mariadb)
        remake_mentions(a, name);
    VEC_EACH (Index *, it, &a->have->indexes) {
        const Index *want = table_index(a->want, (*it)->head.name);
        if (parts_stand_on(a, &(*it)->parts, name))
            take_along(a, &(*it)->head, want ? &want->head : NULL, FACET_PARTS);
    }
    VEC_EACH (Constraint *, it, &a->have->constraints) {
        const Constraint *want = table_constraint(a->want, (*it)->head.name);
        if ((*it)->head.kind == OBJECT_CHECK && alter_mentions(a, (*it)->expression, name))
            take_along(a, &(*it)->head, want ? &want->head : NULL, FACET_EXPRESSION);
    }
}

// Then its spatial index goes first and comes back.
bool alter_changes_srid(const Alter *a, const Change *change)
{
    return !a->how.mariadb && change->kind == CHANGE_ALTER && change->have->kind == OBJECT_COLUMN &&
           !same_text(option_get(&change->have->options, "srid"), option_get(&change->want->options, "srid"));
}

// An index that the server made for an earlier foreign key gives way when it makes one for a new key, named otherwise:
// restated in the same ALTER it is our own and stays.
static void keep_index_of_key(Alter *a, const Constraint *key)
{
    const Table *live = schema_table(a->graph->have, NULL, a->want->head.name);
    if (!live)
        return;
    VEC_EACH (Index *, it, &live->indexes) {
        if ((*it)->unique || (*it)->method || !parts_equal(&(*it)->parts, &key->parts))
            continue;
        VEC_EACH (Index *, index, &a->want->indexes)
            if (parts_equal(&(*index)->parts, &key->parts) &&
                strcmp((*index)->head.name, key->head.name) != 0)
                take_along(a, &(*index)->head, &(*index)->head, FACET_PARTS);
        return;
    }
}

// Keys that took their block size from the table would keep the old one, and show it as their own.
static void take_keys_along(Alter *a)
{
    const char *old = option_get(&a->have->head.options, "key_block_size");
    if (!old || same_text(old, option_get(&a->want->head.options, "key_block_size")))
        return;
    const Constraint *have = table_primary_key(a->have), *want = table_primary_key(a->want);
    if (have && want)
        take_along(a, &have->head, &want->head, FACET_PARTS);
    VEC_EACH (Index *, it, &a->have->indexes) {
        const Index *index = table_index(a->want, (*it)->head.name);
        if (index)
            take_along(a, &(*it)->head, &index->head, FACET_PARTS);
    }
}

void alter_gather(Alter *a)
{
    if (a->step->want && a->step->want->kind == OBJECT_FOREIGN_KEY)
        keep_index_of_key(a, as_constraint(a->step->want));
    VEC_EACH (Change, change, &a->step->changes)
        *VEC_PUSH(a->how.arena, &a->changes) = *change;
    if (!alter_is_of_part(a->step))
        take_keys_along(a);
    for (size_t i = 0; i < a->changes.count; i++) // the list grows: recreated objects take others along
        if (alter_is_remade(a, &a->changes.items[i]) || alter_changes_srid(a, &a->changes.items[i]))
            take_along_all(a, a->changes.items[i].have->name);
}
