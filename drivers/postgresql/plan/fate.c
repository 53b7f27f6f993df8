#include "drivers/postgresql/plan/plan.h"

#include <string.h>

// The server's version, for what it can change in place; either side may know it.
static unsigned version_of(const Schema *have, const Schema *want)
{
    return pg_version_of(&(StepGraph){ .have = have, .want = want });
}

static Fate fate_of_column(const Change *change, unsigned version)
{
    const Column *have = (const Column *)(const void *)change->have,
                 *want = (const Column *)(const void *)change->want;
    if (!have->generated && !want->generated)
        return FATE_IN_PLACE;
    if (have->generated && !want->generated)
        return have->stored ? FATE_IN_PLACE : FATE_REPLACE;
    if (!have->generated || have->stored != want->stored)
        return FATE_REPLACE;
    if (change->facets & (FACET_TYPE | FACET_COLLATION))
        return FATE_REPLACE;
    bool settable = version >= PG_18 || (version >= PG_17 && want->stored);
    return change->facets & FACET_GENERATED && !settable ? FATE_REPLACE : FATE_IN_PLACE;
}

// Neither can be said to an index that exists: that it has its partitions', or that it leaves its parent.
static bool leaves_family(const Change *change)
{
    const OptionList *have = &change->have->options, *want = &change->want->options;
    return option_is(have, PG_ONLY) != option_is(want, PG_ONLY) ||
           (option_get(have, PG_PARTITION_OF) &&
            !same_text(option_get(have, PG_PARTITION_OF), option_get(want, PG_PARTITION_OF)));
}

// ALTER INDEX cannot set parameters of a partitioned one.
static bool sets_partitioned(const Change *change)
{
    return change->have_table && option_get(&change->have_table->head.options, PG_PARTITION_BY) &&
           !same_text(option_get(&change->have->options, PG_WITH),
                      option_get(&change->want->options, PG_WITH));
}

// One that the server does not move is dropped and created: refused, where something depends on it.
static Fate fate_of_extension(const Change *change)
{
    bool moves = !same_text(option_get(&change->have->options, PG_SCHEMA),
                            option_get(&change->want->options, PG_SCHEMA));
    bool keeps = change->have->keeps_schema || change->want->keeps_schema;
    return moves && keeps ? FATE_REPLACE : FATE_IN_PLACE;
}

static Fate fate_of_index(const Change *change)
{
    unsigned in_place = FACET_NAME | FACET_COMMENT | FACET_OPTIONS;
    return change->facets & ~in_place || leaves_family(change) || sets_partitioned(change) ? FATE_REPLACE
                                                                                           : FATE_IN_PLACE;
}

static Fate fate_of_constraint(const Change *change)
{
    if (leaves_family(change) || sets_partitioned(change))
        return FATE_REPLACE;
    const Constraint *have = (const Constraint *)(const void *)change->have,
                     *want = (const Constraint *)(const void *)change->want;
    unsigned in_place = FACET_NAME | FACET_COMMENT | FACET_OPTIONS;
    bool validated = have->not_valid && !want->not_valid && have->not_enforced == want->not_enforced &&
                     have->no_inherit == want->no_inherit;
    if (validated)
        in_place |= FACET_VALIDITY;
    if (want->head.kind == OBJECT_FOREIGN_KEY)
        in_place |= FACET_DEFERRAL;
    return change->facets & ~in_place || !want->head.name || !have->head.name ? FATE_REPLACE : FATE_IN_PLACE;
}

static Fate fate_of_view(const Change *change)
{
    const Object *have = change->have, *want = change->want;
    bool moved =
        !same_text(option_get(&have->options, PG_USING), option_get(&want->options, PG_USING)) ||
        !same_text(option_get(&have->options, PG_TABLESPACE), option_get(&want->options, PG_TABLESPACE));
    return change->facets & FACET_DEFINITION || moved ? FATE_REPLACE : FATE_IN_PLACE;
}

Fate pg_fate(const Change *change, const Schema *have, const Schema *want)
{
    switch ((int)change->want->kind) {
    case OBJECT_COLUMN: return fate_of_column(change, version_of(have, want));
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE:
    case OBJECT_FOREIGN_KEY: return fate_of_constraint(change);
    case OBJECT_INDEX: return fate_of_index(change);
    case OBJECT_VIEW: return fate_of_view(change);
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE:
        return change->facets & FACET_DEFINITION && !pg_routine_is_replaceable(change->have, change->want)
                   ? FATE_REPLACE
                   : FATE_IN_PLACE;
    case OBJECT_TABLE:
    case OBJECT_ENUM:
    case OBJECT_DOMAIN:
    case OBJECT_COMPOSITE:
    case OBJECT_RANGE:
    case OBJECT_COLLATION:
    case OBJECT_SEQUENCE:
    case OBJECT_SCHEMA:
    case OBJECT_EXTENSION: return fate_of_extension(change);
    case OBJECT_SERVER:
    case OBJECT_USER_MAPPING:
    case OBJECT_FOREIGN_DATA_WRAPPER:
        return pg_foreign_is_alterable(change->have, change->want) ? FATE_IN_PLACE : FATE_REPLACE;
    case OBJECT_SUBSCRIPTION:
        return pg_subscription_is_alterable(change->have, change->want) ? FATE_IN_PLACE : FATE_REPLACE;
    default: return change->facets & FACET_DEFINITION ? FATE_REPLACE : FATE_IN_PLACE;
    }
}

// ---- blocks

// Rows live in these: they are never taken down for another step.
static bool holds_rows(ObjectKind kind)
{
    return kind == OBJECT_TABLE || kind == OBJECT_COLUMN || kind == OBJECT_SEQUENCE ||
           kind == OBJECT_SCHEMA || kind == OBJECT_EXTENSION || kind == OBJECT_ENUM ||
           kind == OBJECT_DOMAIN || kind == OBJECT_COMPOSITE || kind == OBJECT_RANGE;
}

static bool blocks_drop(const Step *step, const Object *dependent)
{
    if (holds_rows(dependent->kind))
        return false;
    // what lies in a schema is dropped for its own reasons
    return step->have->kind != OBJECT_SCHEMA;
}

static bool has_expression(const Object *object)
{
    if (object->kind == OBJECT_CHECK || object->kind == OBJECT_EXCLUDE)
        return true;
    const Index *index = (const Index *)(const void *)object;
    if (object->kind != OBJECT_INDEX)
        return false;
    VEC_EACH (Part, part, &index->parts)
        if (part->expression)
            return true;
    return index->where != NULL;
}

// The server reads the text of an index again for each column that changes, and keeps the casts that it put in for those
// that have not changed yet.
static bool keeps_casts(const Step *step, const Object *dependent)
{
    return dependent->kind == OBJECT_INDEX && step->facets & FACET_TYPE && has_expression(dependent) &&
           step->have_table && !option_get(&step->have_table->head.options, PG_PARTITION_BY) &&
           !option_get(&dependent->options, PG_PARTITION_OF);
}

// The server rebuilds indexes and checks by itself when a column's type changes, but not where their texts name a type
// that has just got another name; and foreign keys not where both ends change.
static bool blocks_type_change(const Step *step, const Object *dependent)
{
    const Column *have = (const Column *)(const void *)step->have,
                 *want = (const Column *)(const void *)step->want;
    switch ((int)dependent->kind) {
    case OBJECT_VIEW:
    case OBJECT_RULE:
    case OBJECT_POLICY:
    case OBJECT_TRIGGER:
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE:
    case OBJECT_PUBLICATION:
    case OBJECT_FOREIGN_KEY: return true;
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE:
    case OBJECT_INDEX:
        return keeps_casts(step, dependent) ||
               ((same_text(have->type, want->type) || pg_column_goes_round(step)) &&
                has_expression(dependent));
    default: return false;
    }
}

// A part of the table itself: it is remade with it.
static bool hangs_on(const Object *object, const Object *table)
{
    return object->kind >= OBJECT_COLUMN && object->kind < OBJECT_FOREIGN_KEY &&
           same_text(object->schema, table->schema) && same_text(object->table, table->name);
}

bool pg_blocks(const Step *step, const Object *dependent)
{
    if (step->kind == STEP_DROP)
        return blocks_drop(step, dependent);
    if (step->kind != STEP_ALTER || holds_rows(dependent->kind))
        return false;
    switch ((int)step->want->kind) {
    case OBJECT_TABLE: return pg_table_is_remade(step) && !hangs_on(dependent, step->want);
    case OBJECT_COLUMN:
        return step->facets & (FACET_TYPE | FACET_COLLATION) && blocks_type_change(step, dependent);
    case OBJECT_ENUM:
    case OBJECT_DOMAIN:
    case OBJECT_RANGE:
    case OBJECT_COLLATION:
    case OBJECT_COMPOSITE: return pg_type_needs_new(NULL, step->have, step->want, step->facets);
    default: return false;
    }
}
