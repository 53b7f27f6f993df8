// After everything is read: names by the convention, references that must lead somewhere, names used twice.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/yaml/read_internal.h"

static const char *columns_joined(ModelReader *r, const PartList *parts)
{
    StrBuf out;
    strbuf_init(&out, r->arena);
    VEC_EACH (Part, part, parts)
        strbuf_printf(&out, "%s%s", out.length ? "_" : "", part->column ? part->column : "expr");
    return out.text;
}

// {table}, {columns}, {column}, {referred_table}, {name}.
static const char *fill(ModelReader *r, const char *pattern, const Table *table, const char *columns,
                        const char *referred, const char *name)
{
    StrBuf out;
    strbuf_init(&out, r->arena);
    for (const char *p = pattern; *p; p++) {
        static const char *const words[] = { "{table}", "{columns}", "{column}", "{referred_table}",
                                             "{name}" };
        const char *const values[] = { table->head.name, columns, columns, referred, name };
        bool filled = false;
        for (size_t i = 0; i < COUNT_OF(words) && !filled; i++) {
            size_t n = strlen(words[i]);
            if (strncmp(p, words[i], n) != 0)
                continue;
            strbuf_puts(&out, values[i] ? values[i] : "");
            p += n - 1;
            filled = true;
        }
        if (!filled)
            strbuf_putc(&out, *p);
    }
    return out.text;
}

// Two of one table may come out alike: the later ones are numbered.
static const char *free_name(ModelReader *r, const Table *table, const char *name)
{
    const char *wanted = name;
    for (unsigned n = 2; table_constraint(table, name) || table_index(table, name); n++)
        name = arena_printf(r->arena, "%s_%u", wanted, n);
    return name;
}

static void name_constraint(ModelReader *r, const Table *table, Constraint *c)
{
    static const int convention_of[OBJECT_KIND_COUNT] = { [OBJECT_PRIMARY_KEY] = CONVENTION_PRIMARY_KEY,
                                                          [OBJECT_UNIQUE] = CONVENTION_UNIQUE,
                                                          [OBJECT_EXCLUDE] = CONVENTION_UNIQUE,
                                                          [OBJECT_CHECK] = CONVENTION_CHECK,
                                                          [OBJECT_FOREIGN_KEY] = CONVENTION_FOREIGN_KEY };
    const char *pattern = r->convention[convention_of[c->head.kind]];
    if (c->head.name || !pattern || c->of_column)
        return;
    const char *name = c->column ? c->column : NULL;
    if (c->head.kind == OBJECT_CHECK && !name) {
        unsigned number = 1;
        VEC_EACH (Constraint *, other, &table->constraints) {
            if (*other == c)
                break;
            number += (*other)->head.kind == OBJECT_CHECK && !(*other)->column;
        }
        name = arena_printf(r->arena, "%u", number);
    }
    c->head.name =
        free_name(r, table, fill(r, pattern, table, columns_joined(r, &c->parts), c->referred_table, name));
    c->named_by_convention = true;
}

static void name_index(ModelReader *r, const Table *table, Index *index)
{
    if (index->head.name)
        return;
    const char *pattern =
        r->convention[CONVENTION_INDEX] ? r->convention[CONVENTION_INDEX] : "ix_{table}_{columns}";
    index->head.name =
        free_name(r, table, fill(r, pattern, table, columns_joined(r, &index->parts), NULL, NULL));
    index->named_by_convention = true;
}

void name_by_convention(ModelReader *r)
{
    VEC_EACH (Table *, it, &r->schema->tables) {
        VEC_EACH (Constraint *, c, &(*it)->constraints)
            name_constraint(r, *it, *c);
        VEC_EACH (Index *, index, &(*it)->indexes)
            name_index(r, *it, *index);
    }
    VEC_EACH (Object *, it, &r->schema->objects)
        if ((*it)->kind == OBJECT_VIEW) {
            View *view = (View *)(void *)*it;
            Table as_table = { .head = { .name = view->head.name }, .indexes = view->indexes };
            VEC_EACH (Index *, index, &view->indexes)
                name_index(r, &as_table, *index);
        }
}

static bool same_name(const ModelReader *r, const char *a, const char *b)
{
    return r->dialect->caps & FOLDS_NAME_CASE ? strcasecmp(a, b) == 0 : strcmp(a, b) == 0;
}

static bool has_column(const ModelReader *r, const Table *table, const char *name)
{
    VEC_EACH (Column *, column, &table->columns)
        if (same_name(r, (*column)->head.name, name))
            return true;
    return (r->dialect->caps & FOLDS_NAME_CASE) &&
           (strcasecmp(name, "rowid") == 0 || strcasecmp(name, "oid") == 0 ||
            strcasecmp(name, "_rowid_") == 0);
}

static void suggest_column(ModelReader *r, Error *err, const Table *table, const char *name)
{
    NameList names = { 0 };
    VEC_EACH (Column *, column, &table->columns)
        *VEC_PUSH(r->arena, &names) = (*column)->head.name;
    const char *near = nearest_word(name, names.items, names.count);
    if (near)
        error_label(err, "did you mean '%s'?", near);
}

static void check_columns(ModelReader *r, const Table *table, const PartList *parts, SourcePos at,
                          const char *what)
{
    if (table->head.options.count &&
        (option_get(&table->head.options, "partition_of") || option_get(&table->head.options, "inherits") ||
         option_get(&table->head.options, "of_type")))
        return; // has its parent's columns
    VEC_EACH (Part, part, parts)
        if (part->column && !has_column(r, table, part->column))
            suggest_column(r,
                           issues_add(r->issues, ERR_SCHEMA, at,
                                      "%s of table '%s' names the column '%s', which it does not have", what,
                                      table->head.name, part->column),
                           table, part->column);
}

static const Table *find_target(const ModelReader *r, const Constraint *key)
{
    const Table *exact = schema_table(r->schema, key->referred_schema, key->referred_table);
    if (exact || !(r->dialect->caps & FOLDS_NAME_CASE))
        return exact;
    VEC_EACH (Table *, table, &r->schema->tables)
        if (strcasecmp((*table)->head.name, key->referred_table) == 0)
            return *table;
    return NULL;
}

static void check_target(ModelReader *r, Constraint *key)
{
    if (!key->referred_table)
        return;
    if (key->referred_schema && strcmp(key->referred_schema, "public") == 0)
        key->referred_schema = NULL;
    const Table *target = find_target(r, key);
    if (!target) {
        Error *err = issues_add(r->issues, ERR_SCHEMA, key->head.at, "there is no table '%s' to refer to",
                                key->referred_table);
        NameList names = { 0 };
        VEC_EACH (Table *, table, &r->schema->tables)
            *VEC_PUSH(r->arena, &names) = (*table)->head.name;
        const char *near = nearest_word(key->referred_table, names.items, names.count);
        if (near)
            error_label(err, "did you mean '%s'?", near);
        return;
    }
    VEC_EACH (const char *, column, &key->referred_columns)
        if (!has_column(r, target, *column) && !option_get(&target->head.options, "partition_of") &&
            !option_get(&target->head.options, "inherits") && !target->head.definition)
            suggest_column(r,
                           issues_add(r->issues, ERR_SCHEMA, key->head.at, "table '%s' has no column '%s'",
                                      target->head.name, *column),
                           target, *column);
}

static void check_name_twice(ModelReader *r, const char *what, const Object *a, const Object *b)
{
    Error *err = issues_add(r->issues, ERR_SCHEMA, b->at, "two %s are called '%s'", what, b->name);
    err->also = a->at;
    snprintf(err->also_label, sizeof(err->also_label), "first here");
}

static int compare_index_names(const void *a, const void *b)
{
    const Object *x = *(const Object *const *)a, *y = *(const Object *const *)b;
    int order = strcmp(x->schema ? x->schema : "", y->schema ? y->schema : "");
    return order ? order : strcmp(x->name, y->name);
}

static void check_index_names(ModelReader *r)
{
    bool per_table = r->dialect->caps & INDEXES_ARE_PER_TABLE;
    VEC(const Object *) all = { 0 };
    VEC_EACH (Table *, table, &r->schema->tables)
        VEC_EACH (Index *, index, &(*table)->indexes)
            *VEC_PUSH(r->arena, &all) = &(*index)->head;
    if (all.count < 2)
        return;
    qsort(all.items, all.count, sizeof(*all.items), compare_index_names);
    for (size_t i = 1; i < all.count; i++)
        if (compare_index_names(&all.items[i - 1], &all.items[i]) == 0 &&
            (!per_table || strcmp(all.items[i - 1]->table, all.items[i]->table) == 0))
            check_name_twice(r, "indexes", all.items[i - 1], all.items[i]);
}

// NOT NULL follows from a primary key, unless a column says otherwise (SQLite lets it).
static void key_columns_not_null(const Table *table)
{
    const Constraint *key = table_primary_key(table);
    if (key)
        VEC_EACH (Part, part, &key->parts) {
            Column *column = part->column ? table_column(table, part->column) : NULL;
            if (column && column->nullable_implied)
                column->nullable = false;
        }
    VEC_EACH (Column *, column, &table->columns)
        if (!key || !parts_have_column(&key->parts, (*column)->head.name))
            (*column)->nullable_implied = false;
}

void finish_tables(ModelReader *r)
{
    schema_sort(r->schema);
    VEC_EACH (Table *, it, &r->schema->tables) {
        Table *table = *it;
        VEC_EACH (Constraint *, c, &table->constraints) {
            check_columns(r, table, &(*c)->parts, (*c)->head.at, object_kinds[(*c)->head.kind].word);
            if ((*c)->head.kind == OBJECT_FOREIGN_KEY && !(*c)->unchecked)
                check_target(r, *c);
            if ((*c)->head.kind == OBJECT_FOREIGN_KEY && (*c)->referred_columns.count &&
                (*c)->referred_columns.count != (*c)->parts.count)
                issues_add(r->issues, ERR_SCHEMA, (*c)->head.at, "a foreign key of %zu columns refers to %zu",
                           (*c)->parts.count, (*c)->referred_columns.count);
        }
        VEC_EACH (Index *, index, &table->indexes)
            check_columns(r, table, &(*index)->parts, (*index)->head.at, "an index");
        key_columns_not_null(table);
    }
    check_index_names(r);
}
