// schema.h -- what a database looks like: the nouns.
//
// A Schema is resolved for one dialect: types are the engine's own spelling, defaults and expressions are SQL, custom
// types and mixins are unfolded. It comes from a model file (core/yaml) or from a live database (a driver), and the
// two are compared by core/diff.
#ifndef CORE_MODEL_SCHEMA_H
#define CORE_MODEL_SCHEMA_H

#include "core/model/object.h"

typedef enum Tristate { UNSET, NO, YES } Tristate;

typedef enum Identity { IDENTITY_NONE, IDENTITY_ALWAYS, IDENTITY_BY_DEFAULT } Identity;

typedef struct Column {
    Object head;      // .table is set
    const char *type; // the engine's spelling; "" only on SQLite (a column without a type)
    const char
        *default_sql; // an expression as it follows DEFAULT ('x', 0, CURRENT_TIMESTAMP, (uuid())); NULL: none
    const char *generated; // the expression of a generated column, without the outer parentheses; NULL: plain
    const char *collation; // NULL: the type's own
    const char *identity_options; // "START WITH 10 INCREMENT BY 5", canonical order; NULL: the defaults
    bool nullable;
    bool
        nullable_implied; // the model did not say: NOT NULL follows from the primary key, where the engine cares
    bool stored;          // generated columns: STORED (else VIRTUAL)
    bool autoincrement;     // resolved: SQLite AUTOINCREMENT, MySQL AUTO_INCREMENT, PostgreSQL serial
    bool numbering_implied; // the model did not say: an integer key is numbered in the way of the other side
    Identity identity;
    const struct EnumType *enum_type; // the declared enum that this column's type came from; NULL otherwise
} Column;
typedef VEC(Column *) ColumnList;

// A part of a key or an index: a column or an expression.
typedef struct Part {
    const char *column;     // NULL for an expression
    const char *expression; // without outer parentheses
    const char *collation;
    const char *opclass;       // with its parameters
    const char *with_operator; // exclusion constraints; temporal keys: "WITHOUT OVERLAPS", "PERIOD"
    unsigned length;           // MySQL prefix length; 0: whole
    bool descending;
    Tristate nulls_first; // UNSET: as the engine does for this order
} Part;
typedef VEC(Part) PartList;

typedef enum Deferral { NOT_DEFERRABLE, DEFERRABLE_IMMEDIATE, DEFERRABLE_DEFERRED } Deferral;

// PRIMARY KEY, UNIQUE, CHECK, EXCLUDE or FOREIGN KEY, by head.kind.
typedef struct Constraint {
    Object head;    // .name NULL: not named
    PartList parts; // key columns; empty for a check
    NameList include;
    const char *expression;      // CHECK: without the outer parentheses
    const char *column;          // CHECK: the column it was declared at and belongs to, NULL: the table's
    const char *where;           // EXCLUDE
    const char *method;          // EXCLUDE: gist …; keys on MySQL: btree, hash
    const char *referred_schema; // FOREIGN KEY
    const char *referred_table;
    NameList referred_columns; // empty: the primary key of the referred table
    const char *on_delete;     // upper case, "CASCADE", "SET NULL (a, b)"; NULL: NO ACTION
    const char *on_update;
    const char *match; // as match_rule() gives it
    Deferral deferral;
    bool nulls_not_distinct;
    bool not_valid;    // exists, not yet checked against the rows (PostgreSQL)
    bool not_enforced; // MySQL's and PostgreSQL 18's NOT ENFORCED
    bool no_inherit;
    bool
        of_column; // emulation: the check of an enum type; belongs to its column, is never reported by itself
    // The name was not declared but given by the naming convention or by dialect->resolve: then it matches a live
    // constraint of the same structure whatever that one's name. A declared name that differs is a rename.
    bool named_by_convention;
    bool unchecked; // FOREIGN KEY: the model says that its target need not exist (SQLite lets it dangle)
} Constraint;
typedef VEC(Constraint *) ConstraintList;

typedef struct Index {
    Object head;
    PartList parts;
    NameList include;
    const char *method; // lower case; NULL: btree. MySQL: fulltext, spatial too
    const char *where;
    bool unique;
    bool nulls_not_distinct;
    bool named_by_convention; // as of a constraint
} Index;
typedef VEC(Index *) IndexList;

typedef struct Table {
    Object head;
    ColumnList columns;         // in table order
    ConstraintList constraints; // by kind, then name; unnamed ones in their order
    IndexList indexes;          // by name
    const char *ddl;            // SQLite: the text that sqlite_schema keeps; NULL elsewhere
    bool is_virtual;            // SQLite: head.definition holds CREATE VIRTUAL TABLE, verbatim
    uint64_t row_estimate;      // what the engine's statistics say; 0: not known
} Table;
typedef VEC(Table *) TableList;

typedef struct View {
    Object head;
    const char *query; // after AS, without the final semicolon
    NameList columns;  // named explicitly; may be empty
    IndexList indexes; // of a materialized view
    bool materialized;
    bool with_no_data;
    bool
        data_unsaid; // of a dump, which leaves rows out: with_no_data is as the other side of a comparison has it
    bool recursive;
} View;

typedef struct EnumType {
    Object head;
    NameList values;
    NameList renamed_values; // pairs old, new: hints
} EnumType;

typedef struct DomainType {
    Object head;
    const char *base;
    const char *default_sql;
    const char *collation;
    bool not_null;
    ConstraintList checks;
} DomainType;

typedef struct CompositeType {
    Object head;
    ColumnList attributes; // name, type, collation only
} CompositeType;

typedef struct Sequence {
    Object head;
    const char *type;                                          // NULL: bigint
    const char *start, *increment, *minimum, *maximum, *cache; // decimal text; NULL: the engine's default
    bool cycle;
    const char *owned_by; // "table.column" or "schema.table.column"; NULL: none
} Sequence;

// What is said to a person but is not an error: an object that could not be carried, a comparison made by text only.
typedef struct Warning {
    const char *text;
    SourcePos at;
    const char *hint; // NULL: none. Where several warnings in a row have the same one, the last shows it
} Warning;
typedef VEC(Warning) WarningList;

// Which server a schema came from or is meant for. Renderers ask it where versions differ.
typedef struct ServerInfo {
    const char *flavor; // "sqlite", "postgresql", "mysql", "mariadb"
    unsigned
        version; // 3.40.1 is 34001, PostgreSQL 15.3 is 150003, MySQL 9.7.4 is 90704, MariaDB 10.11.6 is 101106
    const char *version_text;
    const char *default_schema;    // PostgreSQL: "public"
    NameList search_path;          // PostgreSQL: the schemas in which names are looked for, that exist
    const char *default_collation; // MySQL: of the database
    const char *default_charset;
    const char
        *protection; // of this connection, for people: "TLSv1.3, cipher, ..."; NULL: no network between
    uint64_t flags;  // the driver's own capability bits of this server
    bool
        folds_tables; // names of tables that differ in case only are one name (MySQL's lower_case_table_names)
} ServerInfo;

typedef VEC(struct DataSet *) DataSetList; // core/model/data.h

typedef struct Schema {
    TableList tables;   // by (schema, name)
    DataSetList data;   // declared rows, by table; none in a live schema
    ObjectList objects; // all that is not a table or inside one, by (kind, schema, table, name)
    ObjectList
        unread;      // of a live schema: objects that are there and could not be read, by kind and names only
    uint64_t hidden; // bits 1 << ObjectKind: of a live schema, kinds of which rights may hide some or all
    WarningList warnings;
    ServerInfo server;
    const struct Dialect *dialect;
    bool
        depends_known; // head.depends_on was filled by the server's own account; else names are searched in texts
    uint64_t kinds; // bits 1 << ObjectKind: of a model, the sections that it has
    bool
        columns_ordered; // the place of a column counts (`column_order: exact`), where the engine can move it
    size_t object_count; // of all kinds, columns included: one more than the greatest slot
    const void *source;  // what the driver that made it wants to remember of it (introspect_since)
} Schema;

Table *schema_table(const Schema *schema, const char *schema_name, const char *name); // NULL where absent
// The table that `name`, as name_join writes it, means for `table`: a parent, say. Without a schema, or where there is none in that
// one, it is looked for beside `table`. NULL where absent. `arena`: for what is needed meanwhile.
Table *schema_table_named(Arena *arena, const Schema *schema, const Table *table, const char *name);
// The object of that kind and name, in the schema and on the table given; NULL where absent. `table` NULL: of
// none. Not for columns, keys and indexes of tables.
Object *schema_object(const Schema *schema, ObjectKind kind, const char *schema_name, const char *table,
                      const char *name);
// The part of that name, which must not be NULL; NULL where absent.
Column *table_column(const Table *table, const char *name);
Index *table_index(const Table *table, const char *name);
Constraint *table_constraint(const Table *table, const char *name); // NULL name: NULL
// The primary key; NULL: it has none.
Constraint *table_primary_key(const Table *table);
// The columns of each key that no two rows of the table share: its primary key and UNIQUE constraints, then its unique indexes
// but those with a predicate. *at: 0 before the first. NULL: there is no further.
const PartList *table_next_key(const Table *table, size_t *at);

// A row that is there gets no value in this column by anything that the model says.
bool column_leaves_rows_empty(const Column *column);

// The columns of a key by name, of those parts that are columns.
bool parts_have_column(const PartList *parts, const char *column);
// Whether a text of SQL stands there that may call what does not exist: a plain literal as a default does not.
bool column_has_expression(const Column *column);
bool table_has_expression(const Table *table);          // in a column, a key, a check or an index
bool parts_equal(const PartList *a, const PartList *b); // texts bytewise; for a dialect's sense see diff.h

// Sorts tables, objects and what hangs on them into the order stated above and numbers them (head.slot). A builder
// calls it once, at the end.
void schema_sort(Schema *schema);
void schema_number(
    Schema *schema); // only the numbers, where another schema shares its objects and was sorted later

// Calls `visit` for every object of a schema, of every kind; `table` is the table that it hangs on, or NULL.
typedef void ObjectVisitor(void *payload, Object *object, Table *table);
void schema_walk(const Schema *schema, ObjectVisitor *visit, void *payload);

// The object of `schema` that has the kind and names of `object`; NULL where there is none.
Object *schema_counterpart(const Schema *schema, const Object *object);

// The rule after a foreign key's MATCH, in capitals, since servers take it in any case; NULL: SIMPLE, or none is given.
// SQLite takes any word.
const char *match_rule(Arena *arena, const char *text);

// The values that an enum type, or a column whose type lists them, has in `have` and no longer in `want`, in one text; renamed
// ones are not lost. NULL: none, or neither is an enum.
const char *enum_values_lost(Arena *arena, const Object *have, const Object *want);
// Pairs old, new of the values that `want` renames. The old one is a value of `have` alone and the new one of `want` alone, but
// in a chain (sad becomes ok, which becomes great), whose pairs come in the order in which each new name is free.
NameList enum_values_renamed(Arena *arena, const EnumType *have, const EnumType *want);
// The same of a column whose enum is a text with a check: the check of `column` in `have` has the old value and not the new one.
NameList enum_column_renames(Arena *arena, const Table *have, const char *column, const Column *want);
// What a value is called after the renames `pairs` of one of the two: itself, where it has none.
const char *enum_value_renamed_to(const NameList *pairs, const char *value);

// Makers: zeroed, head filled.
Table *table_new(Arena *arena, const char *schema, const char *name);
Column *column_new(Arena *arena, const Table *table, const char *name);
Constraint *constraint_new(Arena *arena, const Table *table, ObjectKind kind, const char *name);
Index *index_new(Arena *arena, const Table *table, const char *name);
void *object_new(Arena *arena, ObjectKind kind, const char *schema, const char *table,
                 const char *name); // any other kind

#endif
