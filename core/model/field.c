#include "core/model/field.h"

#define F(type, member, key, kind, facet)                                                                    \
    {                                                                                                        \
        key, kind, offsetof(type, member), facet                                                             \
    }

static const Field column_fields[] = {
    F(Column, type, "type", FIELD_TYPE, FACET_TYPE),
    F(Column, nullable, "nullable", FIELD_BOOL, FACET_NULLABLE),
    F(Column, default_sql, "default", FIELD_SQL, FACET_DEFAULT),
    F(Column, generated, "generated", FIELD_SQL, FACET_GENERATED),
    F(Column, stored, "stored", FIELD_BOOL, FACET_GENERATED),
    F(Column, identity, "identity", FIELD_INT, FACET_IDENTITY),
    F(Column, identity_options, "identity_options", FIELD_TEXT, FACET_IDENTITY),
    F(Column, autoincrement, "autoincrement", FIELD_BOOL, FACET_AUTOINCREMENT),
    F(Column, collation, "collation", FIELD_NAME, FACET_COLLATION),
};

static const Field key_fields[] = {
    F(Constraint, parts, "columns", FIELD_PARTS, FACET_PARTS),
    F(Constraint, include, "include", FIELD_NAMES, FACET_METHOD),
    F(Constraint, nulls_not_distinct, "nulls_distinct", FIELD_BOOL, FACET_METHOD),
    F(Constraint, method, "method", FIELD_NAME, FACET_METHOD),
    F(Constraint, where, "where", FIELD_SQL, FACET_EXPRESSION),
    F(Constraint, deferral, "deferrable", FIELD_INT, FACET_DEFERRAL),
};

static const Field check_fields[] = {
    F(Constraint, expression, "expression", FIELD_SQL, FACET_EXPRESSION),
    F(Constraint, not_valid, "not_valid", FIELD_BOOL, FACET_VALIDITY),
    F(Constraint, not_enforced, "not_enforced", FIELD_BOOL, FACET_VALIDITY),
    F(Constraint, no_inherit, "no_inherit", FIELD_BOOL, FACET_VALIDITY),
};

static const Field foreign_key_fields[] = {
    F(Constraint, parts, "columns", FIELD_PARTS, FACET_PARTS),
    F(Constraint, referred_schema, "references", FIELD_NAME, FACET_REFERENCES),
    F(Constraint, referred_table, "references", FIELD_NAME, FACET_REFERENCES),
    F(Constraint, referred_columns, "references", FIELD_NAMES, FACET_REFERENCES),
    F(Constraint, on_delete, "on_delete", FIELD_TEXT, FACET_ACTIONS),
    F(Constraint, on_update, "on_update", FIELD_TEXT, FACET_ACTIONS),
    F(Constraint, match, "match", FIELD_TEXT, FACET_ACTIONS),
    F(Constraint, deferral, "deferrable", FIELD_INT, FACET_DEFERRAL),
    F(Constraint, not_valid, "not_valid", FIELD_BOOL, FACET_VALIDITY),
    F(Constraint, not_enforced, "not_enforced", FIELD_BOOL, FACET_VALIDITY),
};

static const Field index_fields[] = {
    F(Index, parts, "columns", FIELD_PARTS, FACET_PARTS),
    F(Index, include, "include", FIELD_NAMES, FACET_METHOD),
    F(Index, method, "method", FIELD_NAME, FACET_METHOD),
    F(Index, unique, "unique", FIELD_BOOL, FACET_METHOD),
    F(Index, nulls_not_distinct, "nulls_distinct", FIELD_BOOL, FACET_METHOD),
    F(Index, where, "where", FIELD_SQL, FACET_EXPRESSION),
};

static const Field view_fields[] = {
    F(View, query, "query", FIELD_SQL, FACET_DEFINITION),
    F(View, columns, "columns", FIELD_NAMES, FACET_DEFINITION),
    F(View, materialized, "materialized", FIELD_BOOL, FACET_DEFINITION),
    F(View, with_no_data, "with_no_data", FIELD_BOOL, FACET_DEFINITION),
    F(View, recursive, "recursive", FIELD_BOOL, FACET_DEFINITION),
};

static const Field enum_fields[] = {
    F(EnumType, values, "values", FIELD_NAMES, FACET_VALUES),
};

static const Field domain_fields[] = {
    F(DomainType, base, "base", FIELD_TYPE, FACET_TYPE),
    F(DomainType, default_sql, "default", FIELD_SQL, FACET_DEFAULT),
    F(DomainType, collation, "collation", FIELD_NAME, FACET_COLLATION),
    F(DomainType, not_null, "not_null", FIELD_BOOL, FACET_NULLABLE),
};

static const Field sequence_fields[] = {
    F(Sequence, type, "type", FIELD_TYPE, FACET_TYPE),
    F(Sequence, start, "start", FIELD_TEXT, FACET_SEQUENCE),
    F(Sequence, increment, "increment", FIELD_TEXT, FACET_SEQUENCE),
    F(Sequence, minimum, "minimum", FIELD_TEXT, FACET_SEQUENCE),
    F(Sequence, maximum, "maximum", FIELD_TEXT, FACET_SEQUENCE),
    F(Sequence, cache, "cache", FIELD_TEXT, FACET_SEQUENCE),
    F(Sequence, cycle, "cycle", FIELD_BOOL, FACET_SEQUENCE),
    F(Sequence, owned_by, "owned_by", FIELD_NAME, FACET_SEQUENCE),
};

#define TABLE_OF(fields)                                                                                     \
    (FieldTable) { (fields), COUNT_OF(fields) }

FieldTable object_fields(ObjectKind kind)
{
    switch ((int)kind) {
    case OBJECT_COLUMN: return TABLE_OF(column_fields);
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_EXCLUDE: return TABLE_OF(key_fields);
    case OBJECT_CHECK: return TABLE_OF(check_fields);
    case OBJECT_FOREIGN_KEY: return TABLE_OF(foreign_key_fields);
    case OBJECT_INDEX: return TABLE_OF(index_fields);
    case OBJECT_VIEW: return TABLE_OF(view_fields);
    case OBJECT_ENUM: return TABLE_OF(enum_fields);
    case OBJECT_DOMAIN: return TABLE_OF(domain_fields);
    case OBJECT_SEQUENCE: return TABLE_OF(sequence_fields);
    default: return (FieldTable){ NULL, 0 };
    }
}
