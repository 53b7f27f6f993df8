#include "core/lint/model.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/base/strbuf.h"
#include "core/dialect/name_table.h"
#include "core/lint/internal.h"

// The same name first: what takes the place of a table (a copy of it that is renamed) is that table.
static const Table *table_before(const JudgeRevision *judge, const Table *table)
{
    const Object *head = &table->head;
    const Table *same = judge->before ? schema_table(judge->before, head->schema, head->name) : NULL;
    return same || !judge->before ? same
                                  : schema_table(judge->before, head->schema, lint_name_before(judge, head));
}

// The constraints of the table that was asked for last, as it was before the revision
typedef struct KeysBefore {
    const Table *table;
    NameTable names, parts; // by name, and by the text of their columns, those without a name first
} KeysBefore;

KeysBefore *model_keys_new(Arena *arena) { return ARENA_NEW(arena, KeysBefore); }

// Equal for parts that are equal
static const char *text_of_parts(Arena *arena, const PartList *parts)
{
    StrBuf text;
    strbuf_init(&text, arena);
    VEC_EACH (Part, it, parts)
        strbuf_printf(&text, "%s\n%s\n", it->column ? it->column : "", it->expression ? it->expression : "");
    return text.text;
}

static const KeysBefore *keys_before(const JudgeRevision *judge, const Table *table)
{
    KeysBefore *keys = judge->keys;
    if (keys->table == table)
        return keys;
    size_t count = table->constraints.count;
    *keys = (KeysBefore){ .table = table,
                          .names = name_table_new(judge->arena, judge->lint->dialect, count),
                          .parts = name_table_new(judge->arena, judge->lint->dialect, count) };
    for (int nameless = 0; nameless <= 1; nameless++)
        for (size_t i = count; i-- > 0;) {
            const Constraint *key = table->constraints.items[i];
            if (!key->head.name == !nameless)
                continue;
            if (!nameless)
                name_table_enter(&keys->names, i, key->head.name);
            name_table_enter(&keys->parts, i, text_of_parts(judge->arena, &key->parts));
        }
    return keys;
}

// The same name, or where one of them has none, the same columns
static bool has_constraint(const JudgeRevision *judge, const Table *table, const Constraint *wanted)
{
    const KeysBefore *keys = keys_before(judge, table);
    const char *name = wanted->head.name;
    size_t at = name ? name_table_first(&keys->names, name) : SIZE_MAX;
    for (; at != SIZE_MAX; at = name_table_next(&keys->names, at)) {
        const Object *it = &table->constraints.items[at]->head;
        if (it->kind == wanted->head.kind && strcmp(it->name, name) == 0)
            return true;
    }
    at = name_table_first(&keys->parts, text_of_parts(judge->arena, &wanted->parts));
    for (; at != SIZE_MAX; at = name_table_next(&keys->parts, at)) {
        const Constraint *it = table->constraints.items[at];
        if (name && it->head.name)
            break; // and so have all that follow
        if (it->head.kind == wanted->head.kind && parts_equal(&it->parts, &wanted->parts))
            return true;
    }
    return false;
}

static bool has_column(Arena *arena, const Schema *schema, const Table *table, const char *column, int depth)
{
    static const char *const lists[] = { "partition_of", "inherits" };
    if (table_column(table, column) || option_get(&table->head.options, "of_type"))
        return true;
    for (size_t i = 0; depth > 0 && i < COUNT_OF(lists); i++) {
        const char *list = option_get(&table->head.options, lists[i]);
        for (const char *name; list && (name = name_next(arena, &list)) != NULL;) {
            const Table *parent = schema_table_named(arena, schema, table, name);
            if (parent && has_column(arena, schema, parent, column, depth - 1))
                return true;
        }
    }
    return false;
}

bool model_has_column(Arena *arena, const Schema *schema, const Table *table, const char *column)
{
    enum { DEEPEST = 16 };
    return has_column(arena, schema, table, column, DEEPEST);
}

static bool has_part(const JudgeRevision *judge, const Table *table, const Object *part)
{
    switch ((int)part->kind) {
    case OBJECT_COLUMN:
        return model_has_column(judge->arena, judge->before, table, part->name) ||
               table_column(table, lint_name_before(judge, part));
    case OBJECT_INDEX: return table_index(table, part->name) != NULL;
    default: return has_constraint(judge, table, (const Constraint *)(const void *)part);
    }
}

bool model_is_new(const JudgeRevision *judge, const Table *table, const Object *part)
{
    const Table *before = table_before(judge, table);
    return !before || !has_part(judge, before, part);
}

static bool has_new_part(const JudgeRevision *judge, const Table *table)
{
    VEC_EACH (Column *, it, &table->columns)
        if (model_is_new(judge, table, &(*it)->head))
            return true;
    VEC_EACH (Constraint *, it, &table->constraints)
        if (model_is_new(judge, table, &(*it)->head))
            return true;
    VEC_EACH (Index *, it, &table->indexes)
        if (model_is_new(judge, table, &(*it)->head))
            return true;
    return false;
}

void model_each_changed(const JudgeRevision *judge, TableVisitor *visit)
{
    if (!judge->after)
        return;
    VEC_EACH (Table *, it, &judge->after->tables) {
        bool whole = !table_before(judge, *it);
        if (whole || has_new_part(judge, *it))
            visit(judge, *it, whole);
    }
}

bool type_is(const char *type, const char *word)
{
    size_t n = strlen(word);
    if (strncasecmp(type, word, n) != 0)
        return false;
    const char *rest = type + n;
    return !*rest || *rest == '(' || *rest == '[' || (*rest == ' ' && (rest[1] == '(' || rest[1] == '\0'));
}

bool type_has_arguments(const char *type) { return strchr(type, '(') != NULL; }

bool column_has_type(const Column *column, const char *words)
{
    char word[64];
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, "|");
        if (n < sizeof(word)) {
            memcpy(word, p, n);
            word[n] = '\0';
            if (type_is(column->type, word))
                return true;
        }
        p += n + (p[n] == '|');
    }
    return false;
}

static bool covers(const PartList *parts, const PartList *columns)
{
    if (!columns->count || parts->count < columns->count)
        return false;
    for (size_t i = 0; i < columns->count; i++)
        if (!parts->items[i].column || !parts_have_column(columns, parts->items[i].column))
            return false;
    return true;
}

bool index_covers(const Index *index, const PartList *columns)
{
    return !index->where && (!index->method || strcmp(index->method, "btree") == 0) &&
           covers(&index->parts, columns);
}

bool table_covers(const Table *table, const PartList *columns)
{
    VEC_EACH (Index *, it, &table->indexes)
        if (index_covers(*it, columns))
            return true;
    VEC_EACH (Constraint *, it, &table->constraints)
        if (((*it)->head.kind == OBJECT_PRIMARY_KEY || (*it)->head.kind == OBJECT_UNIQUE) &&
            covers(&(*it)->parts, columns))
            return true;
    return false;
}

static bool has_exactly(const PartList *parts, const NameList *columns)
{
    if (parts->count != columns->count)
        return false;
    VEC_EACH (const char *, it, columns)
        if (!parts_have_column(parts, *it))
            return false;
    return true;
}

const Constraint *table_key_of(const Table *table, const NameList *columns)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if (((*it)->head.kind == OBJECT_PRIMARY_KEY || (*it)->head.kind == OBJECT_UNIQUE) &&
            has_exactly(&(*it)->parts, columns))
            return *it;
    return NULL;
}
