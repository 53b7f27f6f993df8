// What of a change belongs to expand.
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/compare/phases_internal.h"

bool phase_refuses(Error *err, SourcePos at, const char *fmt, ...)
{
    char what[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    error_at(err, ERR_UNSUPPORTED, at, "%s: that cannot be made in phases", what);
    return error_hint(
        err, "Make it in a revision of its own, without --phased, when no old version of the application "
             "runs; then write the rest with --phased.");
}

// ---- Two columns for one

static bool has_part(const PartList *parts, const char *column)
{
    VEC_EACH (const Part, it, parts)
        if (it->column && strcmp(it->column, column) == 0)
            return true;
    return false;
}

static bool is_referred_to(const Schema *schema, const Table *table, const char *column)
{
    VEC_EACH (Table *, other, &schema->tables)
        VEC_EACH (Constraint *, key, &(*other)->constraints)
            if ((*key)->head.kind == OBJECT_FOREIGN_KEY && (*key)->referred_table &&
                strcmp((*key)->referred_table, table->head.name) == 0 &&
                names_have(&(*key)->referred_columns, column))
                return true;
    return false;
}

// The view that reads the column, as far as its text tells; NULL: none.
static const char *view_on(const Schema *schema, const Table *table, const char *column)
{
    VEC_EACH (Object *, it, &schema->objects) {
        const View *view = (*it)->kind == OBJECT_VIEW ? (const View *)(const void *)*it : NULL;
        if (view && view->query && strcasestr(view->query, table->head.name) &&
            strcasestr(view->query, column))
            return view->head.name;
    }
    return NULL;
}

static bool can_pair(const Between *b, const Table *table, const Column *old, const Column *want, Error *err)
{
    const char *name = old->head.name, *of = table->head.name, *view = view_on(b->schema, table, name);
    const Constraint *primary = table_primary_key(table);
    const SourcePos at = want->head.at;
    if (primary && has_part(&primary->parts, name))
        return phase_refuses(err, at, "column %s is in the primary key of table %s", name, of);
    if (is_referred_to(b->schema, table, name))
        return phase_refuses(err, at, "foreign keys refer to column %s of table %s", name, of);
    if (old->generated || want->generated || old->identity || want->identity || old->autoincrement ||
        want->autoincrement)
        return phase_refuses(err, at, "column %s of table %s has values that the engine makes", name, of);
    if (view)
        return phase_refuses(err, at, "view %s reads column %s of table %s", view, name, of);
    if (!b->c->dialect->sync_columns)
        return phase_refuses(err, at,
                             "column %s of table %s changes, and %s has nothing to keep two columns equal",
                             name, of, b->c->dialect->name);
    return true;
}

bool between_pair(Between *b, Table *table, Column *old, const Table *want_table, const Column *want,
                  const char *name, Error *err)
{
    (void)want_table;
    if (!can_pair(b, table, old, want, err))
        return false;
    if (table_column(table, name) ||
        (b->c->dialect->max_identifier && strlen(name) > b->c->dialect->max_identifier))
        return phase_refuses(err, want->head.at,
                             "the name %s of a column for the time between is taken or too long", name);
    Column *fresh = ARENA_NEW(b->arena, Column);
    *fresh = *want;
    fresh->head.name = name;
    fresh->head.depends_on = (ObjectList){ 0 };
    fresh->nullable = true;
    fresh->default_sql = NULL; // the default of the old one is copied
    *VEC_PUSH(b->arena, &table->columns) = fresh;
    old->nullable = true; // new versions of the application do not know it
    Pair *pair = VEC_PUSH(b->arena, &b->pairs);
    *pair = (Pair){ .table = table, .old = old, .fresh = fresh, .want = want };
    return b->c->dialect->sync_columns(b->arena, table, old, fresh, &pair->sync, err);
}

// ---- Changes

static bool same_or_none(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

// The tables are not in order while some are added.
static Table *table_between(const Between *b, const Table *table)
{
    VEC_EACH (Table *, it, &b->schema->tables)
        if (table && strcmp((*it)->head.name, table->head.name) == 0 &&
            same_or_none((*it)->head.schema, table->head.schema))
            return *it;
    return NULL;
}

static bool new_column(const Between *b, const Change *change)
{
    Table *table = table_between(b, change->want_table);
    Column *column =
        table_column(schema_table(b->model, change->want_table->head.schema, change->want_table->head.name),
                     change->want->name);
    if (column_leaves_rows_empty(
            column)) // NOT NULL, and nothing says a value for rows that are there, or for old versions
        column->nullable = true;
    column->head.depends_on = (ObjectList){ 0 };
    *VEC_PUSH(b->arena, &table->columns) = column;
    return true;
}

static bool changed_column(Between *b, const Change *change, Error *err)
{
    Table *table = table_between(b, change->have_table);
    Column *column = table_column(table, change->have->name);
    const Column *want = (const Column *)(const void *)change->want;
    const unsigned other =
        FACET_GENERATED | FACET_IDENTITY | FACET_AUTOINCREMENT | FACET_COLLATION | FACET_OPTIONS;
    if (change->facets & FACET_TYPE)
        return between_pair(b, table, column, change->want_table, want,
                            arena_printf(b->arena, "%s_new", column->head.name), err);
    if (change->facets & other)
        return phase_refuses(err, want->head.at,
                             "column %s of table %s changes in more than its type, name, default or "
                             "NOT NULL",
                             column->head.name, table->head.name);
    if (want->nullable)
        column->nullable = true;
    if (!column->default_sql)
        column->default_sql = want->default_sql;
    column->head.comment = want->head.comment;
    return true;
}

// A column that goes: versions of the application that do not know it must be able to insert rows.
static bool leaving_column(const Between *b, const Change *change)
{
    Column *column = table_column(table_between(b, change->have_table), change->have->name);
    const Constraint *primary = table_primary_key(change->have_table);
    if (column && !column->default_sql && !column->generated &&
        !(primary && has_part(&primary->parts, change->have->name)))
        column->nullable = true;
    return true;
}

static bool take_column(Between *b, const Change *change, Error *err)
{
    return change->kind == CHANGE_CREATE  ? new_column(b, change)
           : change->kind == CHANGE_ALTER ? changed_column(b, change, err)
                                          : leaving_column(b, change);
}

// A new index that makes nothing unique is no rule that an old version could break.
static bool take_index(const Between *b, const Change *change)
{
    Table *table = table_between(b, change->want_table);
    if (change->kind != CHANGE_CREATE || !table)
        return true;
    const Table *model =
        schema_table(b->model, change->want_table->head.schema, change->want_table->head.name);
    Index *index = table_index(model, change->want->name);
    VEC_EACH (const Pair, pair, &b->pairs) // one of the column that is to come is made under its last name
        if (index && has_part(&index->parts, pair->want->head.name) && table == pair->table)
            return true;
    if (index && !index->unique) {
        index->head.depends_on = (ObjectList){ 0 };
        *VEC_PUSH(b->arena, &table->indexes) = index;
    }
    return true;
}

// A rule that is dropped is relaxed; one that is new or other is for contract.
static bool take_constraint(const Between *b, const Change *change)
{
    Table *table = table_between(b, change->have_table);
    if (change->kind != CHANGE_DROP || !table || change->have->kind == OBJECT_PRIMARY_KEY)
        return true;
    size_t kept = 0;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.slot != change->have->slot)
            table->constraints.items[kept++] = *it;
    table->constraints.count = kept;
    return true;
}

static bool take_table(Between *b, const Change *change, Error *err)
{
    if (change->kind == CHANGE_ALTER && (change->facets & ~(unsigned)FACET_COMMENT))
        return phase_refuses(err, change->want->at, "table %s changes its options", change->want->name);
    if (change->kind != CHANGE_CREATE)
        return true;
    Table *table = schema_table(b->model, change->want->schema, change->want->name);
    table->head.depends_on = (ObjectList){ 0 };
    *VEC_PUSH(b->arena, &b->schema->tables) = table;
    return true;
}

static bool take_object(Between *b, const Change *change, Error *err)
{
    const bool values = change->kind == CHANGE_ALTER && change->want->kind == OBJECT_ENUM &&
                        !enum_values_lost(b->arena, change->have, change->want);
    if (change->kind == CHANGE_DROP)
        return true;
    if (change->kind == CHANGE_ALTER && !values)
        return phase_refuses(err, change->want->at, "%s %s changes", object_kinds[change->want->kind].word,
                             object_title(b->arena, change->want));
    Object *object = schema_counterpart(b->model, change->want);
    object->depends_on = (ObjectList){ 0 };
    if (!values) {
        *VEC_PUSH(b->arena, &b->schema->objects) = object;
        return true;
    }
    VEC_EACH (Object *, it, &b->schema->objects)
        if ((*it)->kind == object->kind && (*it)->slot == change->have->slot)
            *it = object;
    return true;
}

bool between_take(Between *b, const Change *change, Error *err)
{
    const ObjectKind kind = change->have ? change->have->kind : change->want->kind;
    if (kind == OBJECT_TABLE)
        return take_table(b, change, err);
    if (kind == OBJECT_COLUMN)
        return take_column(b, change, err);
    if (kind == OBJECT_INDEX)
        return take_index(b, change);
    return object_kind_is_part(kind) ? take_constraint(b, change) : take_object(b, change, err);
}
