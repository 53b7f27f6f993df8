#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/introspect/introspect.h"

// Children of tables: what they have from their parents is left out, except where they say something of their own.

enum { INHERITS_CHILD, INHERITS_PARENT };

void see_inherits(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        unsigned child = see_row_oid(&rows, INHERITS_CHILD);
        if (!in->last_parents || child != in->last_child) {
            in->last_parents = ARENA_NEW(in->scratch, Parents);
            see_put(&in->parents, (CatalogKey){ 0, child, 0 }, in->last_parents);
            in->last_child = child;
        }
        *VEC_PUSH(in->scratch, &in->last_parents->oids) = see_row_oid(&rows, INHERITS_PARENT);
    }
}

static Column *parent_column(Introspection *in, const Parents *parents, const char *name)
{
    VEC_EACH (const unsigned, oid, &parents->oids) {
        Object *parent = see_object(in, CLASS_RELATION, *oid);
        Column *column =
            parent && parent->kind == OBJECT_TABLE ? table_column((Table *)(void *)parent, name) : NULL;
        if (column)
            return column;
    }
    return NULL;
}

static const char *not_null_name(Introspection *in, const Column *column)
{
    const char *name = option_get(&column->head.options, PG_NOT_NULL_NAME);
    return name ? name : pg_object_name(in->arena, column->head.table, column->head.name, "not_null");
}

enum { OTHER_NOT_NULL_NAME = 2 };

// The name that a not-null constraint carries down is the parent's; another one is the child's own, even where it is
// what the server would give to a table without a parent. (Before all names that are carried down are taken off.)
static void compare_not_null(Introspection *in, Column *column, const Parents *parents)
{
    column->head.slot = 0;
    if (!option_get(&column->head.options, PG_INHERITED) || column->nullable ||
        in->out->server.version < 180000)
        return;
    const Column *parent = parents ? parent_column(in, parents, column->head.name) : NULL;
    if (parent && !parent->nullable && strcmp(not_null_name(in, column), not_null_name(in, parent)) != 0)
        column->head.slot = OTHER_NOT_NULL_NAME;
}

static void settle_not_null_name(Introspection *in, Column *column, bool own)
{
    if (own)
        option_set(in->arena, &column->head.options, PG_NOT_NULL_NAME, not_null_name(in, column));
    else if (in->out->server.version >= 180000)
        option_set(in->arena, &column->head.options, PG_NOT_NULL_NAME, NULL);
}

enum { LISTED = 0, LEFT_OUT = 1 };

// Decides whether a child lists a column that its parent has: it does where it adds something (a comment, a
// default, NOT NULL or its name).
static void judge_column(Introspection *in, Column *column, const Parents *parents, bool partition)
{
    const char *inherited = option_get(&column->head.options, PG_INHERITED);
    bool own_name = column->head.slot == OTHER_NOT_NULL_NAME;
    bool null_of_parent = column->nullable_implied;
    column->head.slot = LISTED;
    column->nullable_implied = false;
    if (!inherited)
        return;
    const Column *parent = parents ? parent_column(in, parents, column->head.name) : NULL;
    if (!parent || (!partition && strcmp(inherited, "local") == 0)) {
        option_set(in->arena, &column->head.options, PG_INHERITED, NULL);
        if (parent && null_of_parent) { // declared here again, but NOT NULL only by the parent
            column->nullable = true;
            option_set(in->arena, &column->head.options, PG_NOT_NULL_NAME, NULL);
        }
        return;
    }
    option_set(in->arena, &column->head.options, PG_INHERITED, "true");
    bool same_null = column->nullable == parent->nullable;
    if (same_null)
        settle_not_null_name(in, column, own_name);
    if (!column->head.comment && same_null && !own_name && pg_column_says_nothing(in->arena, column, parent))
        column->head.slot = LEFT_OUT;
}

static void set_parents(Introspection *in, Table *table, const Parents *parents, bool partition)
{
    StrBuf names;
    strbuf_init(&names, in->arena);
    VEC_EACH (const unsigned, oid, &parents->oids) {
        const Object *parent = see_object(in, CLASS_RELATION, *oid);
        if (!parent) {
            see_warn(in, "table %s: a parent of it is left out, so it is taken as a table of its own",
                     object_title(in->arena, &table->head));
            continue;
        }
        if (partition) // of one table only
            strbuf_puts(&names, name_join(in->arena, parent->schema, parent->name));
        else
            name_add(&names, parent->schema, parent->name);
    }
    see_option(in, &table->head, partition ? PG_PARTITION_OF : PG_INHERITS, names.length ? names.text : NULL);
    if (partition && !names.length)
        option_set(in->arena, &table->head.options, PG_PARTITION_BOUND, NULL);
}

static void leave_out(Table *table)
{
    size_t kept = 0;
    bool typed = option_get(&table->head.options, PG_OF_TYPE) != NULL;
    VEC_EACH (Column *, it, &table->columns) {
        Column *column = *it;
        bool says_nothing = typed && column->nullable && !column->default_sql && !column->autoincrement &&
                            column->identity == IDENTITY_NONE && !column->generated &&
                            !column->head.options.count;
        if (column->head.slot == LEFT_OUT || says_nothing)
            column->head.kind = OBJECT_KIND_COUNT; // no longer an object of its own
        else
            table->columns.items[kept++] = column;
        column->head.slot = 0;
    }
    table->columns.count = kept;
}

// The server gives a partition's index what its parent's has, but for targets where the partition comes later.
static bool is_set_apart(const Object *object, const Object *parent)
{
    const char *target = option_get(&object->options, PG_STATISTICS);
    return !same_text(option_get(&object->options, PG_WITH), option_get(&parent->options, PG_WITH)) ||
           !same_text(option_get(&object->options, PG_TABLESPACE),
                      option_get(&parent->options, PG_TABLESPACE)) ||
           (target && !same_text(target, option_get(&parent->options, PG_STATISTICS)));
}

static void name_adopted(Introspection *in)
{
    VEC_EACH (Adopted, it, &in->adopted) {
        const Object *parent = see_object(in, CLASS_RELATION, it->parent);
        bool attached = parent && option_is(&parent->options, PG_ONLY); // by itself, not by its parent's
        bool apart = parent && is_set_apart(it->object, parent);
        if (it->unlisted_of && !attached && !apart && !it->object->comment &&
            !option_get(&it->object->options, PG_INDEX_COMMENT))
            continue; // its parent's says all
        if (it->unlisted_of && it->object->kind == OBJECT_INDEX)
            *VEC_PUSH(in->arena, &it->unlisted_of->indexes) = (Index *)(void *)it->object;
        else if (it->unlisted_of)
            *VEC_PUSH(in->arena, &it->unlisted_of->constraints) = (Constraint *)(void *)it->object;
        if (parent)
            see_option(in, it->object, PG_PARTITION_OF, name_join(in->arena, parent->schema, parent->name));
    }
}

// Whether a table has a check that is not validated: its own, or one that it has of a parent.
static bool has_unvalidated(const Introspection *in, const Table *table, const char *name)
{
    const Constraint *own = table_constraint(table, name);
    if (own)
        return own->not_valid;
    VEC_EACH (ChildCheck, it, &in->child_checks)
        if (it->table == table && strcmp(it->name, name) == 0)
            return !it->validated;
    return false;
}

// VALIDATE CONSTRAINT of a child alone, or a partition that came when its parent's rows were not looked at yet.
static void list_validated(Introspection *in)
{
    bool any = false;
    VEC_EACH (Table *, it, &in->out->tables)
        VEC_EACH (Constraint *, check, &(*it)->constraints)
            any |= (*check)->head.kind == OBJECT_CHECK && (*check)->not_valid;
    VEC_EACH (ChildCheck, it, &in->child_checks) {
        const Parents *parents = see_get(&in->parents, (CatalogKey){ 0, (unsigned)it->table->head.id, 0 });
        for (size_t i = 0; any && it->validated && parents && i < parents->oids.count; i++) {
            const Object *parent = see_object(in, CLASS_RELATION, parents->oids.items[i]);
            if (!parent || parent->kind != OBJECT_TABLE ||
                !has_unvalidated(in, (const Table *)(const void *)parent, it->name))
                continue;
            StrBuf names;
            strbuf_init(&names, in->arena);
            const char *known = option_get(&it->table->head.options, PG_VALIDATED_CHECKS);
            strbuf_puts(&names, known ? known : "");
            name_add(&names, NULL, it->name);
            see_option(in, &it->table->head, PG_VALIDATED_CHECKS, names.text);
            break;
        }
    }
}

void see_finish_tables(Introspection *in)
{
    in->tables_finished = true;
    VEC_EACH (Table *, it, &in->out->tables) {
        const Parents *parents = see_get(&in->parents, (CatalogKey){ 0, (unsigned)(*it)->head.id, 0 });
        VEC_EACH (Column *, column, &(*it)->columns)
            compare_not_null(in, *column, parents);
    }
    VEC_EACH (Table *, it, &in->out->tables) {
        Table *table = *it;
        const Parents *parents = see_get(&in->parents, (CatalogKey){ 0, (unsigned)table->head.id, 0 });
        bool partition = option_get(&table->head.options, PG_PARTITION_BOUND) != NULL;
        if (parents)
            set_parents(in, table, parents, partition);
        VEC_EACH (Column *, column, &table->columns)
            judge_column(in, *column, parents, partition);
    }
    VEC_EACH (Table *, it, &in->out->tables)
        leave_out(*it);
    name_adopted(in);
    list_validated(in);
}
