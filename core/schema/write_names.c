#include <string.h>

#include "core/schema/write.h"

// The naming convention that a schema seems to follow, so that most names need not be written.

static NamedKind named_kind(ObjectKind kind)
{
    switch ((int)kind) {
    case OBJECT_PRIMARY_KEY: return NAMED_PRIMARY_KEY;
    case OBJECT_UNIQUE: return NAMED_UNIQUE;
    case OBJECT_FOREIGN_KEY: return NAMED_FOREIGN_KEY;
    case OBJECT_CHECK: return NAMED_CHECK;
    case OBJECT_INDEX: return NAMED_INDEX;
    default: return NAMED_COUNT;
    }
}

static const char *name_by(Writer *w, const char *pattern, const char *table, const Object *object)
{
    const Constraint *constraint = (const Constraint *)(const void *)object;
    const Index *index = (const Index *)(const void *)object;
    NameFacts facts = { .table = table };
    if (object->kind == OBJECT_INDEX) {
        facts.parts = &index->parts;
    } else {
        facts.parts = &constraint->parts;
        facts.name = constraint->column;
        facts.referred_table = constraint->referred_table;
        facts.referred_columns = &constraint->referred_columns;
    }
    return convention_name(w->arena, w->dialect, pattern, &facts);
}

// A check beside the columns is numbered: its name is always written.
static bool may_be_given(const Object *object)
{
    return object->kind != OBJECT_CHECK || ((const Constraint *)(const void *)object)->column;
}

static bool matches(Writer *w, const char *pattern, const char *table, const Object *object)
{
    const char *name = name_by(w, pattern, table, object);
    return name && object->name && strcmp(name, object->name) == 0;
}

// Two checks of one column without names would be told apart by numbers.
static bool is_only_check(const Schema *schema, const Object *object)
{
    const Constraint *check = (const Constraint *)(const void *)object;
    const Table *table = schema_table(schema, object->schema, object->table);
    size_t count = 0;
    if (table)
        VEC_EACH (Constraint *, it, &table->constraints)
            count += (*it)->head.kind == OBJECT_CHECK && (*it)->column &&
                     strcmp((*it)->column, check->column) == 0;
    return count == 1;
}

bool name_is_given(Writer *w, const Table *table, const Object *object)
{
    NamedKind kind = named_kind(object->kind);
    if (kind == NAMED_COUNT || !may_be_given(object))
        return false;
    if (kind == NAMED_PRIMARY_KEY && (w->dialect->caps & KEYS_HAVE_NO_NAME))
        return true;
    const char *pattern = w->names.patterns[kind];
    if (!object->name || !pattern)
        return !object->name && !pattern;
    return matches(w, pattern, table->head.name, object) &&
           (kind != NAMED_CHECK || is_only_check(w->schema, object));
}

enum { CANDIDATES = 3 };
static const char *const candidates[NAMED_COUNT][CANDIDATES] = {
    [NAMED_PRIMARY_KEY] = {"pk_{table}",                             "{table}_pkey",           "{table}_pk"              },
    [NAMED_FOREIGN_KEY] = { "fk_{table}_{columns}_{referred_table}", "{table}_{columns}_fkey",
                           "fk_{table}_{columns}"                                                                        },
    [NAMED_UNIQUE] = { "uq_{table}_{columns}",                  "{table}_{columns}_key",  "{table}_{columns}_unique"},
    [NAMED_INDEX] = { "ix_{table}_{columns}",                  "{table}_{columns}_idx",  "idx_{table}_{columns}"   },
    [NAMED_CHECK] = { "ck_{table}_{name}",                     "{table}_{name}_check",   "chk_{table}_{name}"      },
};

typedef struct Votes {
    size_t given[NAMED_COUNT][CANDIDATES];
    size_t nameless[NAMED_COUNT];
} Votes;

static void vote(Writer *w, Votes *votes, const char *table, const Object *object)
{
    NamedKind kind = named_kind(object->kind);
    if (kind == NAMED_COUNT)
        return;
    votes->nameless[kind] += !object->name;
    for (size_t i = 0; object->name && may_be_given(object) && i < CANDIDATES; i++)
        if (matches(w, candidates[kind][i], table, object)) {
            votes->given[kind][i]++;
            return;
        }
}

void choose_names(Writer *w)
{
    Votes votes = { 0 };
    VEC_EACH (Table *, table, &w->schema->tables) {
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            vote(w, &votes, (*table)->head.name, &(*it)->head);
        VEC_EACH (Index *, it, &(*table)->indexes)
            vote(w, &votes, (*table)->head.name, &(*it)->head);
    }
    w->names = default_convention;
    for (size_t kind = 0; kind < NAMED_COUNT; kind++) {
        size_t best = 0;
        for (size_t i = 1; i < CANDIDATES; i++)
            if (votes.given[kind][i] > votes.given[kind][best])
                best = i;
        bool nameless =
            votes.nameless[kind] && !(kind == NAMED_PRIMARY_KEY && (w->dialect->caps & KEYS_HAVE_NO_NAME));
        w->names.patterns[kind] = nameless ? NULL : candidates[kind][best];
    }
}
