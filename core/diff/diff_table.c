#include "core/diff/diff_internal.h"
#include "core/dialect/name_table.h"

#include <string.h>

Change *add_change(const Diff *diff, ChangeKind kind, const Object *have, const Object *want,
                   const Table *have_table, const Table *want_table)
{
    Change *change = VEC_PUSH(diff->arena, diff->out);
    *change = (Change){
        .kind = kind, .have = have, .want = want, .have_table = have_table, .want_table = want_table
    };
    return change;
}

static void add_alter(const Diff *diff, unsigned facets, const Object *have, const Object *want,
                      const Table *have_table, const Table *want_table)
{
    if (facets)
        add_change(diff, CHANGE_ALTER, have, want, have_table, want_table)->facets = facets;
}

static Column *find_column(const Diff *diff, const ColumnList *columns, const char *name)
{
    VEC_EACH (Column *, column, columns)
        if (same_name(diff->dialect, (*column)->head.name, name))
            return *column;
    return NULL;
}

// Columns stand in table order on both sides, and mostly at the same places.
static Column *partner(const Diff *diff, const ColumnList *columns, size_t place, const char *name)
{
    if (place < columns->count && same_name(diff->dialect, columns->items[place]->head.name, name))
        return columns->items[place];
    return find_column(diff, columns, name);
}

// Where a model leaves NOT NULL to the primary key, either is as good.
static unsigned column_facets(const Diff *diff, const Column *have, const Column *want)
{
    unsigned facets = differing_facets(diff, &have->head, &want->head);
    bool either =
        (diff->dialect->caps & KEYS_MAY_BE_NULL) && (have->nullable_implied || want->nullable_implied);
    return either ? facets & ~(unsigned)FACET_NULLABLE : facets;
}

// One more thing of a column that differs.
static void alter_column(const Diff *diff, unsigned facet, const Column *old, const Column *new,
                         const Table *have, const Table *want)
{
    VEC_EACH (Change, change, diff->out) // not the rename that was asked for, whose `have` is of before it
        if (change->have == &old->head && change->want == &new->head && change->kind == CHANGE_ALTER) {
            change->facets |= facet;
            return;
        }
    add_alter(diff, facet, &old->head, &new->head, have, want);
}

// The places that the columns of `want` have in `have`, in the order of `want`; SIZE_MAX: a new one.
static size_t *old_places(const Diff *diff, const ColumnList *have, const ColumnList *want)
{
    size_t *places = arena_alloc(diff->scratch, (want->count + 1) * sizeof(*places));
    for (size_t i = 0; i < want->count; i++) {
        const Column *old = partner(diff, have, i, want->items[i]->head.name);
        places[i] = SIZE_MAX;
        for (size_t k = 0; old && k < have->count && places[i] == SIZE_MAX; k++)
            if (have->items[k] == old)
                places[i] = k;
    }
    return places;
}

// The longest run of columns that stand in the same order on both sides stays: stays[i] of `want`.
static bool *staying(const Diff *diff, const size_t *places, size_t count)
{
    size_t *length = arena_alloc(diff->scratch, (count + 1) * sizeof(*length));
    size_t *before = arena_alloc(diff->scratch, (count + 1) * sizeof(*before));
    bool *stays = arena_alloc(diff->scratch, count + 1);
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        length[i] = 1;
        before[i] = SIZE_MAX;
        for (size_t k = 0; k < i && places[i] != SIZE_MAX; k++)
            if (places[k] != SIZE_MAX && places[k] < places[i] && length[k] + 1 > length[i]) {
                length[i] = length[k] + 1;
                before[i] = k;
            }
        if (places[i] != SIZE_MAX && (best == SIZE_MAX || length[i] > length[best]))
            best = i;
    }
    for (; best != SIZE_MAX; best = before[best])
        stays[best] = true;
    return stays;
}

static void diff_places(const Diff *diff, const Table *have, const Table *want)
{
    size_t *places = old_places(diff, &have->columns, &want->columns), last = 0;
    bool ordered = true;
    for (size_t i = 0; i < want->columns.count && ordered; i++) {
        ordered = places[i] == SIZE_MAX || places[i] >= last;
        last = places[i] == SIZE_MAX ? last : places[i];
    }
    bool *stays = ordered ? NULL : staying(diff, places, want->columns.count);
    for (size_t i = 0; stays && i < want->columns.count; i++)
        if (places[i] != SIZE_MAX && !stays[i])
            alter_column(diff, FACET_POSITION, have->columns.items[places[i]], want->columns.items[i], have,
                         want);
}

// Where a model leaves the numbers of a key to the engine, a serial is as good as an identity: what is there stays.
static void adopt_numbering(Column *model, const Column *other)
{
    if (!model->numbering_implied || !other->autoincrement)
        return;
    model->autoincrement = true;
    model->identity = IDENTITY_NONE;
    model->identity_options = NULL;
}

static void diff_columns(const Diff *diff, const Table *have, const Table *want)
{
    for (size_t i = 0; i < want->columns.count; i++) {
        Column *column = want->columns.items[i];
        Column *old = partner(diff, &have->columns, i, column->head.name);
        if (old) {
            adopt_numbering(column, old);
            adopt_numbering(old, column);
        }
        if (old)
            add_alter(diff, column_facets(diff, old, column), &old->head, &column->head, have, want);
        else
            add_change(diff, CHANGE_CREATE, NULL, &column->head, have, want);
    }
    for (size_t i = 0; i < have->columns.count; i++) {
        const Column *column = have->columns.items[i];
        if (!partner(diff, &want->columns, i, column->head.name))
            add_change(diff, CHANGE_DROP, &column->head, NULL, have, want);
    }
    if (diff->want->columns_ordered && (diff->dialect->caps & CAN_PLACE_COLUMN))
        diff_places(diff, have, want);
}

static const Index *find_index(const Diff *diff, const IndexList *list, const char *name)
{
    VEC_EACH (Index *, index, list)
        if (same_name(diff->dialect, (*index)->head.name, name))
            return *index;
    return NULL;
}

typedef VEC(size_t) PlaceList;

// Which constraint of the other side was taken as the partner already.
typedef struct Matches {
    size_t *have_of; // by place in want; SIZE_MAX: none
    bool *taken;     // by place in have
} Matches;

static void take(Matches *matches, size_t have, size_t want)
{
    matches->have_of[want] = have;
    matches->taken[have] = true;
}

static void match_named(const Diff *diff, const ConstraintList *have, const ConstraintList *want,
                        Matches *matches)
{
    NameTable names = name_table_new(diff->scratch, diff->dialect, have->count);
    for (size_t h = have->count; h-- > 0;)
        name_table_enter(&names, h, have->items[h]->head.name);
    for (size_t w = 0; w < want->count; w++) {
        const Object *wanted = &want->items[w]->head;
        size_t h = wanted->name ? name_table_first(&names, wanted->name) : SIZE_MAX;
        while (h != SIZE_MAX && (matches->taken[h] || have->items[h]->head.kind != wanted->kind))
            h = name_table_next(&names, h);
        if (h != SIZE_MAX)
            take(matches, h, w);
    }
}

static bool same_structure(const Diff *diff, const Constraint *have, const Constraint *want)
{
    return have->head.kind == want->head.kind && differing_fields(diff, &have->head, &want->head) == 0;
}

// The places of `have` that no constraint took, in order.
static PlaceList left_over(const Diff *diff, const ConstraintList *have, const Matches *matches)
{
    PlaceList places = { 0 };
    for (size_t h = 0; h < have->count; h++)
        if (!matches->taken[h])
            *VEC_PUSH(diff->scratch, &places) = h;
    return places;
}

// First those that are alike in name too (two without a name), then any of the same structure.
static void match_structure(const Diff *diff, const ConstraintList *have, const ConstraintList *want,
                            Matches *matches)
{
    const PlaceList left = left_over(diff, have, matches);
    for (int any_name = 0; any_name < 2; any_name++) {
        size_t first = 0; // those before it are taken
        for (size_t w = 0; w < want->count; w++) {
            if (matches->have_of[w] != SIZE_MAX || (!any_name && want->items[w]->head.name))
                continue;
            while (first < left.count && matches->taken[left.items[first]])
                first++;
            for (size_t i = first; i < left.count; i++) {
                size_t h = left.items[i];
                const Constraint *held = have->items[h];
                if (matches->taken[h] || (!any_name && held->head.name) ||
                    !same_structure(diff, held, want->items[w]))
                    continue;
                take(matches, h, w);
                break;
            }
        }
    }
}

// The place of the primary key that has no partner yet; the list's count: none.
static size_t unmatched_primary_key(const ConstraintList *list, const Matches *matches, bool wanted)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->head.kind == OBJECT_PRIMARY_KEY &&
            (wanted ? matches->have_of[i] == SIZE_MAX : !matches->taken[i]))
            return i;
    return list->count;
}

// A table has one primary key: whatever it is called, the other side's is its partner.
static void match_primary_key(const ConstraintList *have, const ConstraintList *want, Matches *matches)
{
    size_t h = unmatched_primary_key(have, matches, false), w = unmatched_primary_key(want, matches, true);
    if (h < have->count && w < want->count)
        take(matches, h, w);
}

static bool is_key(ObjectKind kind)
{
    return kind == OBJECT_PRIMARY_KEY || kind == OBJECT_UNIQUE || kind == OBJECT_EXCLUDE;
}

static bool has_key_called(const Diff *diff, const Schema *schema, const Object *like)
{
    VEC_EACH (Table *, it, &schema->tables) {
        if (!like->name || !same_name(diff->dialect, (*it)->head.schema, like->schema))
            continue;
        if (find_index(diff, &(*it)->indexes, like->name))
            return true;
        VEC_EACH (Constraint *, key, &(*it)->constraints)
            if (is_key((*key)->head.kind) && same_name(diff->dialect, (*key)->head.name, like->name))
                return true;
    }
    return false;
}

// A name of the convention stays as it is live, but where something else is to have it: the keys and indexes of a schema
// share their names, and a table that was renamed keeps theirs. The same the other way round, so that the way back is one.
static bool name_passes_on(const Diff *diff, const Object *held, const Object *wanted)
{
    return !same_name(diff->dialect, held->name, wanted->name) &&
           (has_key_called(diff, diff->want, held) || has_key_called(diff, diff->have, wanted));
}

static bool has_constraint_called(const Diff *diff, const Schema *schema, const Object *like)
{
    VEC_EACH (Table *, it, &schema->tables)
        if (like->name && same_name(diff->dialect, (*it)->head.schema, like->schema))
            VEC_EACH (Constraint *, other, &(*it)->constraints)
                if ((*other)->head.kind == like->kind &&
                    same_name(diff->dialect, (*other)->head.name, like->name))
                    return true;
    return false;
}

// The same of foreign keys and checks, where a schema has one of a name.
static bool constraint_name_passes_on(const Diff *diff, const Object *held, const Object *wanted)
{
    return (held->kind == OBJECT_FOREIGN_KEY || held->kind == OBJECT_CHECK) &&
           diff->dialect->caps & CONSTRAINTS_SHARE_NAMES &&
           !same_name(diff->dialect, held->name, wanted->name) &&
           (has_constraint_called(diff, diff->want, held) || has_constraint_called(diff, diff->have, wanted));
}

static bool renamed(const Diff *diff, const Constraint *have, const Constraint *want)
{
    const unsigned shared = CAN_RENAME_CONSTRAINT | INDEXES_ARE_PER_TABLE;
    if (is_key(have->head.kind) && (diff->dialect->caps & shared) == CAN_RENAME_CONSTRAINT &&
        name_passes_on(diff, &have->head, &want->head))
        return true;
    if (constraint_name_passes_on(diff, &have->head, &want->head))
        return true;
    if (want->named_by_convention || have->named_by_convention || want->of_column || have->of_column)
        return false;
    return !same_name(diff->dialect, have->head.name, want->head.name);
}

// An object that is the same on both sides but for a name that the convention gave.
static void keep_name(const Diff *diff, const Object *have, Object *want, bool by_convention)
{
    if (diff->kept && by_convention && have->name && !same_text(have->name, want->name))
        *VEC_PUSH(diff->arena, diff->kept) = (KeptName){ want, have->name };
}

// The emulated check of an enum column has changed: that is a change of the column's type.
static bool belongs_to_column(const Diff *diff, const Constraint *check, const Constraint *other)
{
    if (!check || !other || check->head.kind != OBJECT_CHECK || other->head.kind != OBJECT_CHECK)
        return false;
    return (check->of_column || other->of_column) && check->column && other->column &&
           same_name(diff->dialect, check->column, other->column);
}

static void alter_column_type(const Diff *diff, const char *name, const Table *have, const Table *want)
{
    const Column *old = find_column(diff, &have->columns, name),
                 *new = find_column(diff, &want->columns, name);
    if (old && new)
        alter_column(diff, FACET_TYPE, old, new, have, want);
}

// Checks of enum columns that found no partner: paired by their column, and reported as its change.
static void match_column_checks(const Diff *diff, const Table *have, const Table *want, Matches *matches)
{
    const PlaceList left = left_over(diff, &have->constraints, matches);
    for (size_t w = 0; w < want->constraints.count; w++)
        VEC_EACH (size_t, h, &left)
            if (matches->have_of[w] == SIZE_MAX && !matches->taken[*h] &&
                belongs_to_column(diff, have->constraints.items[*h], want->constraints.items[w])) {
                take(matches, *h, w);
                alter_column_type(diff, want->constraints.items[w]->column, have, want);
            }
}

// Pairs constraints by name, by structure, the one primary key, and checks of columns; the rest on either
// side is dropped or created. A constraint that is part of its column's definition makes a change of the
// column.
static void diff_constraints(const Diff *diff, const Table *have, const Table *want)
{
    size_t n_have = have->constraints.count, n_want = want->constraints.count;
    Matches matches = { arena_alloc(diff->arena, (n_want + 1) * sizeof(size_t)),
                        arena_alloc(diff->arena, (n_have + 1) * sizeof(bool)) };
    for (size_t w = 0; w < n_want; w++)
        matches.have_of[w] = SIZE_MAX;
    match_named(diff, &have->constraints, &want->constraints, &matches);
    match_structure(diff, &have->constraints, &want->constraints, &matches);
    match_primary_key(&have->constraints, &want->constraints, &matches);
    match_column_checks(diff, have, want, &matches);
    for (size_t h = 0; h < n_have; h++) {
        const Constraint *held = have->constraints.items[h];
        if (matches.taken[h])
            continue;
        if (held->of_column && find_column(diff, &want->columns, held->column))
            alter_column_type(diff, held->column, have, want);
        else if (!held->of_column)
            add_change(diff, CHANGE_DROP, &held->head, NULL, have, want);
    }
    for (size_t w = 0; w < n_want; w++) {
        Constraint *wanted = want->constraints.items[w];
        if (matches.have_of[w] == SIZE_MAX) {
            if (wanted->of_column && find_column(diff, &have->columns, wanted->column))
                alter_column_type(diff, wanted->column, have, want);
            else if (!wanted->of_column)
                add_change(diff, CHANGE_CREATE, NULL, &wanted->head, have, want);
            continue;
        }
        const Constraint *held = have->constraints.items[matches.have_of[w]];
        if (wanted->of_column || held->of_column) {
            if (differing_fields(diff, &held->head, &wanted->head))
                alter_column_type(diff, wanted->column ? wanted->column : held->column, have, want);
            continue;
        }
        unsigned facets = differing_facets(diff, &held->head, &wanted->head) |
                          (renamed(diff, held, wanted) ? FACET_NAME : 0u);
        add_alter(diff, facets, &held->head, &wanted->head, have, want);
        if (!facets)
            keep_name(diff, &held->head, &wanted->head, wanted->named_by_convention);
    }
}

static NameTable index_names(const Diff *diff, const IndexList *list)
{
    NameTable names = name_table_new(diff->scratch, diff->dialect, list->count);
    for (size_t i = list->count; i-- > 0;)
        name_table_enter(&names, i, list->items[i]->head.name);
    return names;
}

// Of the places in `left`, of indexes that the other side does not know by name, the first of the same structure.
static size_t same_index(const Diff *diff, const IndexList *have, const PlaceList *left, const Index *wanted,
                         const bool *taken)
{
    VEC_EACH (size_t, it, left)
        if (!taken[*it] && differing_facets(diff, &have->items[*it]->head, &wanted->head) == 0)
            return *it;
    return SIZE_MAX;
}

// Pairs indexes by name, then by structure: an unnamed or renamed index of the same structure is kept, and
// only its name changes. The rest is created or dropped.
void diff_indexes(const Diff *diff, const IndexList *have, const IndexList *want, const Table *have_table,
                  const Table *want_table)
{
    bool *taken = arena_alloc(diff->arena, have->count + 1);
    const NameTable held_names = index_names(diff, have), wanted_names = index_names(diff, want);
    PlaceList left = { 0 };
    for (size_t i = 0; i < have->count; i++)
        if (name_table_first(&wanted_names, have->items[i]->head.name) == SIZE_MAX)
            *VEC_PUSH(diff->scratch, &left) = i;
    VEC_EACH (Index *, it, want) {
        Index *wanted = *it;
        size_t place = name_table_first(&held_names, wanted->head.name);
        unsigned facets = 0;
        if (place != SIZE_MAX) {
            facets = differing_facets(diff, &have->items[place]->head, &wanted->head);
        } else if ((place = same_index(diff, have, &left, wanted, taken)) != SIZE_MAX) {
            const Index *held = have->items[place];
            bool taken_over = !(diff->dialect->caps & INDEXES_ARE_PER_TABLE) &&
                              name_passes_on(diff, &held->head, &wanted->head);
            if (taken_over || (!wanted->named_by_convention && !held->named_by_convention))
                facets = FACET_NAME;
        }
        if (place == SIZE_MAX) {
            add_change(diff, CHANGE_CREATE, NULL, &wanted->head, have_table, want_table);
            continue;
        }
        taken[place] = true;
        add_alter(diff, facets, &have->items[place]->head, &wanted->head, have_table, want_table);
        if (!facets)
            keep_name(diff, &have->items[place]->head, &wanted->head, wanted->named_by_convention);
    }
    for (size_t i = 0; i < have->count; i++)
        if (!taken[i])
            add_change(diff, CHANGE_DROP, &have->items[i]->head, NULL, have_table, want_table);
}

void diff_table(const Diff *diff, const Table *have, const Table *want)
{
    add_alter(diff, differing_facets(diff, &have->head, &want->head), &have->head, &want->head, have, want);
    diff_columns(diff, have, want);
    diff_constraints(diff, have, want);
    diff_indexes(diff, &have->indexes, &want->indexes, have, want);
}
