// introspect.h -- what the files of PostgreSQL's introspection share.
//
// One question tells which kinds of objects there are; the queries for these go out in one pipeline, and each result is read
// in an order in which what it refers to is there already.
// Objects are found again by (catalogue, OID, column number), as pg_depend and pg_description name them.
#ifndef DRIVERS_POSTGRESQL_INTROSPECT_INTROSPECT_H
#define DRIVERS_POSTGRESQL_INTROSPECT_INTROSPECT_H

#include "drivers/postgresql/dialect/dialect.h"
#include "drivers/postgresql/driver/driver.h"

// OIDs of catalogues: the same on every server (pg_class.h …).
enum {
    CLASS_TYPE = 1247,
    CLASS_PROC = 1255,
    CLASS_RELATION = 1259,
    CLASS_FOREIGN_SERVER = 1417,
    CLASS_USER_MAPPING = 1418,
    CLASS_FOREIGN_DATA_WRAPPER = 2328,
    CLASS_ATTRDEF = 2604,
    CLASS_CAST = 2605,
    CLASS_CONSTRAINT = 2606,
    CLASS_NAMESPACE = 2615,
    CLASS_OPERATOR = 2617,
    CLASS_REWRITE = 2618,
    CLASS_TRIGGER = 2620,
    CLASS_EXTENSION = 3079,
    CLASS_POLICY = 3256,
    CLASS_STATISTICS = 3381,
    CLASS_COLLATION = 3456,
    CLASS_EVENT_TRIGGER = 3466,
    CLASS_TS_DICTIONARY = 3600,
    CLASS_TS_CONFIG = 3602,
    CLASS_SUBSCRIPTION = 6100,
    CLASS_PUBLICATION = 6104,
};

typedef struct CatalogKey {
    unsigned class_oid, object, part;
} CatalogKey;

// Its entries come from malloc, so that what a growing map leaves behind is free at once.
typedef struct CatalogMap {
    struct CatalogEntry *entries;
    size_t count, capacity;
} CatalogMap;
void see_put(CatalogMap *map, CatalogKey key, void *value); // replaces
void *see_get(const CatalogMap *map, CatalogKey key);       // NULL where absent
CatalogMap see_keep(Arena *arena, const CatalogMap *map);   // a copy for as long as the arena lives
void see_free(CatalogMap *map);

// Names of schemas as they are here and as they are to be said (canonical.c makes objects in scratch schemas).
typedef struct SchemaName {
    const char *here, *there; // there NULL: the default schema
} SchemaName;
typedef VEC(SchemaName) SchemaNameList;

typedef struct OpClass {
    const char *name;
    bool is_default;
    unsigned type, method;
} OpClass;

// A look at some relations only, or one that such looks can follow.
typedef struct Look {
    const char *prepared;             // names of the prepared statements begin so (see_prepare)
    const char *relations;            // an array of OIDs; NULL: all
    CatalogMap opclasses, collations; // of the last look at all
} Look;

typedef VEC(unsigned) OidList;
typedef struct Parents {
    OidList oids;
} Parents;

// A check that a child has of its parent.
typedef struct ChildCheck {
    Table *table;
    const char *name;
    bool validated;
} ChildCheck;
typedef VEC(ChildCheck) ChildCheckList;

// What belongs to a parent's index, and is listed only because of its name.
typedef struct Adopted {
    Object *object;
    unsigned parent;
    Table *unlisted_of; // NULL: it is listed; else it is where it turns out to have a comment
} Adopted;
typedef VEC(Adopted) AdoptedList;

typedef struct Introspection {
    PgDb *pg;
    Arena *arena;
    Arena *scratch; // of no use afterwards
    Schema *out;
    const Filter *filter;
    const SchemaNameList *only; // NULL: the whole database
    const Look *look;           // NULL: not only at some relations
    const NameList *absent; // kinds of which there is no object, as present.sql names them; NULL: not asked
    size_t before;          // how many words are sent before the queries
    const size_t *ask;      // indexes of the queries that are sent
    size_t asked;
    const char *default_schema;
    CatalogMap objects;    // Object *
    CatalogMap columns;    // ColumnList *, of views and indexes too, by (0, relation, 0): see_column
    CatalogMap checks;     // Constraint *, of domains, by (0, oid, 0)
    CatalogMap opclasses;  // OpClass *, by (0, oid, 0)
    CatalogMap collations; // const char *, by (0, oid, 0)
    CatalogMap parents;    // Parents *, by (0, child, 0)
    CatalogMap types;      // ColumnType *, by (0, oid, modifier)
    CatalogMap relations;  // Object * with the names of each table and view, left out or not, by (0, oid, 0)
    AdoptedList adopted;
    ChildCheckList child_checks;
    struct Membership *members; // what the schema holds in the end, for see_depends
    Parents *last_parents;      // of the child that see_inherits saw last
    unsigned last_child;
    bool tables_finished;
} Introspection;

// Some rows of a result, the next of which come with the next call: what is to be known between them stands above.
typedef struct Rows {
    Introspection *in;
    PGresult *result;
    int row;
} Rows;
// What a query of sql/ is made for.
typedef struct QueryFor {
    const PgDb *pg;
    const NameList *absent; // as in Introspection
    bool these;             // only some relations are looked at
} QueryFor;
// A line that ends in `-- <14: TEXT` is TEXT on servers before 14, in `-- <superuser: TEXT` for a lesser user, in
// `-- <these: TEXT` where only some relations are looked at; the newest server runs the files as they are for a superuser.
// The parts of a UNION ALL after a line `-- of NAME ...` are left out where each NAME is absent. NULL: all of them are.
const char *see_query_text(Arena *arena, const char *sql, const QueryFor *what_for);

// Goes to the next row; false at the end.
bool see_rows_next(Rows *rows);
const char *see_row_raw(const Rows *rows, int column);  // NULL where NULL; valid as long as the result
const char *see_row_text(const Rows *rows, int column); // a copy, names of scratch schemas put right
const char *see_row_sql(const Rows *rows,
                        int column); // an expression: the same, without enclosing parentheses
const char *see_inner_expression(Arena *arena, const char *text); // without the parentheses around all of it
const char *see_requoted(Arena *arena,
                         const char *text); // an expression or query, in words that mean just that
const char *see_row_must(const Rows *rows,
                         int column);            // the same of what is never NULL: "" where a server says so
char see_row_char(const Rows *rows, int column); // a word of one letter; NUL where there is none
// Is the value true? False of NULL.
bool see_row_true(const Rows *rows, int column);
// The next number of an int2vector, an oidvector or an array of numbers as texts; false at the end.
bool see_next_number(const char **text, unsigned *number);
unsigned see_row_oid(const Rows *rows, int column);
long see_row_int(const Rows *rows, int column, long otherwise);
const char *see_row_schema(const Rows *rows, int column); // NULL: the default schema

NameList see_row_texts(const Rows *rows, int column);            // of an array, each as see_row_text
const char *see_server_options(Arena *arena, const char *array); // see_settings without secrets
const char *see_settings(Arena *arena, const char *array); // {a=1,b=x y} -> a=1, b='x y'; NULL where empty
// Does the filter take an object of that name?
bool see_takes(const Introspection *in, const char *schema, const char *name);
// Adds a warning to the schema that is read.
void see_warn(Introspection *in, const char *fmt, ...) PRINTF_LIKE(2, 3);
void see_option(Introspection *in, Object *object, const char *key, const char *value); // NULL: nothing
// The object of a catalogue (its oid) and row that see_remember() noted; NULL: none.
Object *see_object(const Introspection *in, unsigned class_oid, unsigned object);
void see_remember(Introspection *in, unsigned class_oid, unsigned object, Object *value);
// The column of a relation that has this number; NULL where there is none.
Column *see_column(const Introspection *in, unsigned relation, unsigned number);
void see_put_column(Introspection *in, unsigned relation, unsigned number, Column *column);
void see_add(Introspection *in, unsigned class_oid, unsigned oid, Object *object);
// `CREATE … schema.name` without the schema where it is the default one: the server always writes it there.
const char *see_unqualified(Introspection *in, const char *definition, const char *schema);

const char *see_collation(Introspection *in,
                          const char *text); // a regcollation's text, as name_join writes it

// introspect_types.c
void see_schemas(Rows rows);
void see_extensions(Rows rows);
void see_types(Rows rows);
// introspect_table.c
void see_relations(Rows rows);
void see_column_types(Rows rows);
void see_columns(Rows rows);
void see_not_nulls(Rows rows);
void see_sequences(Rows rows);
// introspect_inherit.c
void see_inherits(Rows rows);
void see_finish_tables(Introspection *in);
// introspect_keys.c
void see_constraints(Rows rows);
void see_opclasses(Rows rows);
void see_indexes(Rows rows);
// introspect_verbatim.c
void see_routines(Rows rows);
void see_triggers(Rows rows);
void see_rules(Rows rows);
void see_policies(Rows rows);
void see_statistics(Rows rows);
void see_others(Rows rows);
// introspect_depend.c
// Columns of views are no objects of their own: what is said of them is a setting of the view, `column='text', …`.
void see_column_setting(Introspection *in, Object *view, const char *key, const Column *column,
                        const char *text);
void see_comments(Rows rows);
void see_depends(Rows rows);
void see_privileges(Rows rows);

// The schemas of `only` (NULL: all), read inside a transaction of the caller's when one is open.
bool see_schema_of(PgDb *pg, Arena *arena, const Filter *filter, const SchemaNameList *only,
                   const char *search_path, Schema *out, Error *err);
// The whole database, where look->relations is NULL: then it keeps in `look` what later looks need. Else only these relations,
// their columns, keys, indexes, sequences and comments, by statements that see_prepare has named.
bool see_look(PgDb *pg, Arena *arena, const Filter *filter, Look *look, Schema *out, Error *err);
void see_prepare(PgDb *pg, Arena *arena, const char *prepared, NameList *out); // appends PREPARE statements
// Before and after what looks at few rows: plans are made once, for few, whatever the server guesses.
#define SEE_PLAN_SETTINGS(mode, many)                                                                        \
    "pg_catalog.set_config('jit', 'off', true), pg_catalog.set_config('plan_cache_mode', '" mode "', true)," \
    " pg_catalog.set_config('enable_seqscan', '" many "', true),"                                            \
    " pg_catalog.set_config('enable_hashjoin', '" many "', true),"                                           \
    " pg_catalog.set_config('enable_mergejoin', '" many "', true)"
#define SEE_PLAN_FOR_FEW  SEE_PLAN_SETTINGS("force_generic_plan", "off")
#define SEE_PLAN_AS_USUAL SEE_PLAN_SETTINGS("auto", "on")

#endif
