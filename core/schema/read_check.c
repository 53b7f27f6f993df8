#include "core/schema/read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

// Names used twice, across tables, views, indexes and constraints; names that are empty; keys that have a column twice.

typedef struct Named {
    const Object *object;
    const char *scope; // names are unique in it; NULL: the schema
} Named;
typedef VEC(Named) NamedList;

static int compare(const char *a, const char *b, bool folds)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return folds ? strcasecmp(a, b) : strcmp(a, b);
}

static int order(const Named *x, const Named *y, bool folds)
{
    int result = compare(x->object->schema, y->object->schema, folds);
    if (!result)
        result = compare(x->scope, y->scope, folds);
    return result ? result : compare(x->object->name, y->object->name, folds);
}

static int by_place(const Named *x, const Named *y)
{
    const SourcePos *a = &x->object->at, *b = &y->object->at;
    int result = compare(a->file, b->file, false);
    if (!result && a->line != b->line)
        result = a->line < b->line ? -1 : 1;
    return result ? result : (a->column > b->column) - (a->column < b->column);
}

static int exactly(const void *a, const void *b)
{
    int result = order(a, b, false);
    return result ? result : by_place(a, b);
}

static int folded(const void *a, const void *b)
{
    int result = order(a, b, true);
    return result ? result : by_place(a, b);
}

static bool is_indexed(const Reader *r, ObjectKind kind)
{
    return kind == OBJECT_UNIQUE || kind == OBJECT_EXCLUDE ||
           (kind == OBJECT_PRIMARY_KEY && !(r->dialect->caps & KEYS_HAVE_NO_NAME));
}

static void check_unique(Reader *r, NamedList *list)
{
    bool folds = (r->dialect->caps & FOLDS_NAME_CASE) != 0;
    if (list->count < 2)
        return;
    qsort(list->items, list->count, sizeof(Named), folds ? folded : exactly);
    for (size_t i = 1; i < list->count; i++) {
        const Named *a = &list->items[i - 1], *b = &list->items[i];
        // two keys of one table come twice, among the relations and among the constraints
        bool seen = a->scope && is_indexed(r, a->object->kind) && is_indexed(r, b->object->kind);
        if (order(a, b, folds) != 0 || (seen && !(r->dialect->caps & INDEXES_ARE_PER_TABLE)))
            continue;
        const char *word = object_kinds[b->object->kind].word, *other = object_kinds[a->object->kind].word;
        bool mixed = a->object->kind != b->object->kind;
        Error *err = mixed ? read_issue(r, b->object->at, "%s '%s' has the name of %s %s", word,
                                        b->object->name, strchr("aeiou", other[0]) ? "an" : "a", other)
                           : read_issue(r, b->object->at, "%s '%s' is declared twice", word, b->object->name);
        error_also(err, a->object->at, "the other is here");
        error_hint(err, "Give one of them another name.");
    }
}

static void add(Reader *r, NamedList *list, const Object *object, const char *scope)
{
    if (object->name)
        *VEC_PUSH(r->scratch, list) = (Named){ object, scope };
}

static bool is_relation(ObjectKind kind) { return kind == OBJECT_VIEW || kind == OBJECT_SEQUENCE; }

// Indexes, and keys, whose index has their name. Where that is one of the schema, tables and views have such names too.
static void add_indexes(Reader *r, NamedList *list)
{
    bool per_table = (r->dialect->caps & INDEXES_ARE_PER_TABLE) != 0;
    bool named_keys =
        (r->dialect->caps & NEEDS_CONSTRAINT_NAMES) != 0; // SQLite's indexes of keys are nameless
    VEC_EACH (Table *, it, &r->schema->tables) {
        const char *scope = per_table ? (*it)->head.name : NULL;
        VEC_EACH (Constraint *, key, &(*it)->constraints)
            if (named_keys && is_indexed(r, (*key)->head.kind))
                add(r, list, &(*key)->head, scope);
        VEC_EACH (Index *, index, &(*it)->indexes)
            add(r, list, &(*index)->head, scope);
    }
}

static void check_relations(Reader *r)
{
    NamedList relations = { 0 };
    VEC_EACH (Table *, table, &r->schema->tables)
        add(r, &relations, &(*table)->head, NULL);
    VEC_EACH (Object *, object, &r->schema->objects)
        if (is_relation((*object)->kind))
            add(r, &relations, *object, NULL);
    NamedList indexes = { 0 };
    bool apart = (r->dialect->caps & INDEXES_ARE_PER_TABLE) != 0;
    add_indexes(r, apart ? &indexes : &relations);
    check_unique(r, &relations);
    check_unique(r, &indexes);
}

static void check_constraints(Reader *r)
{
    if (!(r->dialect->caps & NEEDS_CONSTRAINT_NAMES))
        return; // SQLite does not mind
    NamedList constraints = { 0 };
    VEC_EACH (Table *, table, &r->schema->tables)
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            add(r, &constraints, &(*it)->head, (*table)->head.name);
    check_unique(r, &constraints);
}

// Objects beside tables: of one kind, on one table.
static void check_objects(Reader *r)
{
    for (size_t i = 1; i < r->schema->objects.count; i++) {
        const Object *a = r->schema->objects.items[i - 1], *b = r->schema->objects.items[i];
        if (a->kind != b->kind || is_relation(a->kind) || object_compare(a, b) != 0)
            continue;
        Error *err = read_issue(r, b->at, "%s '%s' is declared twice", object_kinds[b->kind].word, b->name);
        error_also(err, a->at, "the other is here");
    }
}

// Only SQLite takes "" as a name. Those of tables and other objects are looked at where they are read.
static void check_empty_name(void *payload, Object *object, Table *table)
{
    Reader *r = payload;
    bool part = object_kind_is_part(object->kind);
    if (part && table && object->name && !object->name[0])
        error_hint(read_issue(r, object->at, "the name of the %s of table '%s' is empty",
                              object_kinds[object->kind].word, table->head.name),
                   "Only SQLite allows empty names; choose another name.");
}

static bool is_same_column(const Reader *r, const char *a, const char *b)
{
    return a && b && compare(a, b, (r->dialect->caps & FOLDS_NAME_CASE) != 0) == 0;
}

// Of a table that has two columns of that name, that is told.
static bool is_declared_once(const Reader *r, const Table *table, const char *name)
{
    size_t n = 0;
    VEC_EACH (Column *, column, &table->columns)
        n += is_same_column(r, (*column)->head.name, name);
    return n == 1;
}

static void check_repeated(Reader *r, const Table *table, const Object *of, const PartList *parts)
{
    for (size_t i = 1; i < parts->count; i++)
        for (size_t j = 0; j < i; j++)
            if (is_same_column(r, parts->items[i].column, parts->items[j].column) &&
                is_declared_once(r, table, parts->items[i].column)) {
                Error *err =
                    read_issue(r, of->at, "%s%s%s%s of table '%s' has column '%s' twice",
                               object_kinds[of->kind].word, of->name ? " '" : "", of->name ? of->name : "",
                               of->name ? "'" : "", of->table, parts->items[i].column);
                error_hint(err, "Name each column once.");
                return;
            }
}

// What has a column twice: no engine but SQLite makes such a key, and MySQL no such index or foreign key either.
static void check_columns_of_keys(Reader *r, const Table *table)
{
    bool strict = (r->dialect->caps & INDEXES_ARE_PER_TABLE) != 0;
    VEC_EACH (Constraint *, it, &table->constraints) {
        const Constraint *key = *it;
        bool counts = key->head.kind == OBJECT_PRIMARY_KEY || key->head.kind == OBJECT_UNIQUE ||
                      (strict && key->head.kind == OBJECT_FOREIGN_KEY);
        if (counts)
            check_repeated(r, table, &key->head, &key->parts);
    }
    VEC_EACH (Index *, index, &table->indexes)
        if (strict)
            check_repeated(r, table, &(*index)->head, &(*index)->parts);
}

static void check_parts(Reader *r)
{
    if (r->dialect->max_identifier == 0)
        return; // SQLite takes them all
    schema_walk(r->schema, check_empty_name, r);
    VEC_EACH (Table *, table, &r->schema->tables)
        check_columns_of_keys(r, *table);
}

void check_schema(Reader *r)
{
    check_parts(r);
    check_relations(r);
    check_constraints(r);
    check_objects(r);
}
