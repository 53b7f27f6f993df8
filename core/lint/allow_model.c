// `lint: {allow: [RULE]}` of the model: what it suppresses, there and in the revisions that make such an object.
#include <string.h>

#include "core/lint/internal.h"

static const char *take(AllowedList *allows, const LintRule *rule)
{
    const char *reason = NULL;
    for (size_t i = 0; allows && i < allows->count; i++)
        if (lint_rule(allows->items[i].rule) == rule) {
            allows->items[i].used = true;
            reason = "allowed by the model";
        }
    return reason;
}

static const char *take_of_columns(const Table *table, const PartList *parts, const LintRule *rule)
{
    const char *reason = NULL;
    VEC_EACH (Part, it, parts) {
        const Column *column = it->column ? table_column(table, it->column) : NULL;
        reason = column && !reason ? take(column->head.allows, rule) : reason;
    }
    return reason;
}

// A column, an index or a key of the table, by name; a key also by its columns, where it may be declared.
static const char *take_of_part(const Table *table, const Object *object, const LintRule *rule)
{
    const Column *column = object->kind == OBJECT_COLUMN ? table_column(table, object->name) : NULL;
    const Index *index =
        object->kind == OBJECT_INDEX && object->name ? table_index(table, object->name) : NULL;
    const char *reason = column ? take(column->head.allows, rule) : NULL;
    if (index)
        reason = take(index->head.allows, rule);
    if (!reason && index)
        reason = take_of_columns(table, &index->parts, rule);
    bool key = object->kind == OBJECT_PRIMARY_KEY || object->kind == OBJECT_UNIQUE ||
               object->kind == OBJECT_FOREIGN_KEY;
    if (key)
        reason = take_of_columns(table, &((const Constraint *)(const void *)object)->parts, rule);
    return reason;
}

const char *lint_model_allows(const Lint *lint, const LintRule *rule, const Object *object, const char *name)
{
    const Table *table = NULL;
    const char *reason = NULL;
    if (!lint->model)
        return NULL;
    if (object)
        table = schema_table(lint->model, object->schema, object->table ? object->table : object->name);
    else if (name)
        table = schema_table(lint->model, NULL, name);
    if (!table)
        return NULL;
    if (object && object->table)
        reason = take_of_part(table, object, rule);
    return reason ? reason : take(table->head.allows, rule);
}

// --- what is wrong with them -------------------------------------------------

static void look_at(Lint *lint, const Object *object)
{
    AllowedList *allows = object->allows;
    for (size_t i = 0; allows && i < allows->count; i++) {
        const Allowed *it = &allows->items[i];
        if (!lint_rule(it->rule))
            lint_found_at(lint, "X102", NULL, it->at, "there is no rule '%s'", it->rule);
        else if (!it->used)
            lint_found_at(lint, "X101", NULL, it->at, "nothing of %s is suppressed by 'allow: %s'",
                          object_title(lint->arena, object), it->rule);
    }
}

void lint_model_end(Lint *lint)
{
    VEC_EACH (Table *, table, &lint->model->tables) {
        look_at(lint, &(*table)->head);
        VEC_EACH (Column *, it, &(*table)->columns)
            look_at(lint, &(*it)->head);
        VEC_EACH (Index *, it, &(*table)->indexes)
            look_at(lint, &(*it)->head);
    }
}
