// Every kind of object and what holds for all objects of it: words, size, place in a plan, and what it is.
//
// Who must know something about a kind asks this table. A new kind is a value of ObjectKind and a line here; docs/internals/kinds.md
// says what follows.
#include "core/model/schema.h"

#define KIND(kind, word, yaml, keyword, type, create, drop, is)                                              \
    [OBJECT_##kind] = { word, yaml, keyword, sizeof(type), create, drop, is }

// clang-format off
const ObjectKindInfo object_kinds[OBJECT_KIND_COUNT] = {
    KIND(SCHEMA, "schema", "schemas", "SCHEMA", Object, CREATE_BEFORE_TABLES, DROP_SCHEMAS, KIND_GLOBAL),
    KIND(EXTENSION, "extension", "extensions", "EXTENSION", Object, CREATE_BEFORE_TABLES, DROP_EXTENSIONS, 0),
    KIND(COLLATION, "collation", "collations", "COLLATION", Object, CREATE_BEFORE_TABLES, DROP_TYPES, KIND_VERBATIM | KIND_MENTIONED),
    KIND(ENUM, "enum", "enums", "TYPE", EnumType, CREATE_BEFORE_TABLES, DROP_TYPES, KIND_MENTIONED),
    KIND(DOMAIN, "domain", "domains", "DOMAIN", DomainType, CREATE_BEFORE_TABLES, DROP_TYPES, KIND_MENTIONED),
    KIND(COMPOSITE, "composite type", "composites", "TYPE", CompositeType, CREATE_BEFORE_TABLES, DROP_TYPES, KIND_MENTIONED),
    KIND(RANGE, "range type", "ranges", "TYPE", Object, CREATE_BEFORE_TABLES, DROP_TYPES, KIND_VERBATIM | KIND_MENTIONED),
    KIND(SEQUENCE, "sequence", "sequences", "SEQUENCE", Sequence, CREATE_BEFORE_TABLES, DROP_ROUTINES, KIND_MENTIONED),
    KIND(FUNCTION, "function", "functions", "FUNCTION", Object, CREATE_BEFORE_TABLES, DROP_ROUTINES, KIND_VERBATIM | KIND_MENTIONED | KIND_ROUTINE),
    KIND(PROCEDURE, "procedure", "procedures", "PROCEDURE", Object, CREATE_BEFORE_TABLES, DROP_ROUTINES, KIND_VERBATIM | KIND_MENTIONED | KIND_ROUTINE),
    KIND(PACKAGE, "package", "packages", "PACKAGE", Object, CREATE_BEFORE_TABLES, DROP_ROUTINES, KIND_VERBATIM | KIND_MENTIONED),
    KIND(PACKAGE_BODY, "package body", "package_bodies", "PACKAGE BODY", Object, CREATE_BEFORE_TABLES, DROP_ROUTINES, KIND_VERBATIM),
    KIND(AGGREGATE, "aggregate", "aggregates", "AGGREGATE", Object, CREATE_BEFORE_TABLES, DROP_ROUTINES, KIND_VERBATIM | KIND_MENTIONED | KIND_ROUTINE),
    KIND(OPERATOR, "operator", "operators", "OPERATOR", Object, CREATE_BEFORE_TABLES, DROP_ROUTINES, KIND_VERBATIM),
    KIND(CAST, "cast", "casts", "CAST", Object, CREATE_BEFORE_TABLES, DROP_ROUTINES, KIND_VERBATIM | KIND_GLOBAL),
    KIND(TEXT_SEARCH_PARSER, "text search parser", "text_search_parsers", "TEXT SEARCH PARSER", Object, CREATE_BEFORE_TABLES, DROP_TYPES, KIND_VERBATIM | KIND_MENTIONED | KIND_TEXT_SEARCH),
    KIND(TEXT_SEARCH_TEMPLATE, "text search template", "text_search_templates", "TEXT SEARCH TEMPLATE", Object, CREATE_BEFORE_TABLES, DROP_TYPES, KIND_VERBATIM | KIND_MENTIONED | KIND_TEXT_SEARCH),
    KIND(TEXT_SEARCH_DICTIONARY, "text search dictionary", "text_search_dictionaries", "TEXT SEARCH DICTIONARY", Object, CREATE_BEFORE_TABLES, DROP_TYPES, KIND_VERBATIM | KIND_MENTIONED | KIND_TEXT_SEARCH),
    KIND(TEXT_SEARCH_CONFIGURATION, "text search configuration", "text_search_configurations", "TEXT SEARCH CONFIGURATION", Object, CREATE_BEFORE_TABLES, DROP_TYPES, KIND_VERBATIM | KIND_MENTIONED | KIND_TEXT_SEARCH),
    KIND(FOREIGN_DATA_WRAPPER, "foreign data wrapper", "foreign_data_wrappers", "FOREIGN DATA WRAPPER", Object, CREATE_BEFORE_TABLES, DROP_WRAPPERS, KIND_VERBATIM | KIND_MENTIONED | KIND_GLOBAL),
    KIND(SERVER, "server", "servers", "SERVER", Object, CREATE_BEFORE_TABLES, DROP_SERVERS, KIND_VERBATIM | KIND_MENTIONED | KIND_GLOBAL),
    KIND(USER_MAPPING, "user mapping", "user_mappings", "USER MAPPING", Object, CREATE_BEFORE_TABLES, DROP_USER_MAPPINGS, KIND_VERBATIM | KIND_GLOBAL),
    KIND(TABLE, "table", "tables", "TABLE", Table, CREATE_TABLES, DROP_TABLES, KIND_MENTIONED),
    KIND(COLUMN, "column", NULL, "COLUMN", Column, CREATE_COLUMNS, DROP_COLUMNS, KIND_PART),
    KIND(PRIMARY_KEY, "primary key", NULL, "PRIMARY KEY", Constraint, CREATE_CONSTRAINTS, DROP_CONSTRAINTS, KIND_PART),
    KIND(UNIQUE, "unique", NULL, "UNIQUE", Constraint, CREATE_CONSTRAINTS, DROP_CONSTRAINTS, KIND_PART),
    KIND(CHECK, "check", NULL, "CHECK", Constraint, CREATE_CONSTRAINTS, DROP_CONSTRAINTS, KIND_PART),
    KIND(EXCLUDE, "exclusion constraint", NULL, "EXCLUDE", Constraint, CREATE_CONSTRAINTS, DROP_CONSTRAINTS, KIND_PART),
    KIND(INDEX, "index", NULL, "INDEX", Index, CREATE_INDEXES, DROP_CONSTRAINTS, KIND_PART),
    KIND(FOREIGN_KEY, "foreign key", NULL, "FOREIGN KEY", Constraint, CREATE_FOREIGN_KEYS, DROP_FOREIGN_KEYS, KIND_PART),
    KIND(STATISTICS, "statistics", "statistics", "STATISTICS", Object, CREATE_INDEXES, DROP_CONSTRAINTS, KIND_VERBATIM),
    KIND(VIEW, "view", "views", "VIEW", View, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_MENTIONED),
    KIND(RULE, "rule", "rules", "RULE", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_VERBATIM),
    KIND(TRIGGER, "trigger", "triggers", "TRIGGER", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_VERBATIM),
    KIND(POLICY, "policy", "policies", "POLICY", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_VERBATIM),
    KIND(EVENT, "event", "events", "EVENT", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_VERBATIM),
    KIND(EVENT_TRIGGER, "event trigger", "event_triggers", "EVENT TRIGGER", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_VERBATIM | KIND_GLOBAL),
    KIND(PUBLICATION, "publication", "publications", "PUBLICATION", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_VERBATIM | KIND_GLOBAL),
    KIND(SUBSCRIPTION, "subscription", "subscriptions", "SUBSCRIPTION", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_VERBATIM | KIND_GLOBAL),
    KIND(GRANT, "grant", "grants", "GRANT", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_VERBATIM | KIND_GLOBAL),
    KIND(DEFAULT_PRIVILEGE, "default privilege", "default_privileges", "DEFAULT PRIVILEGES", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_VERBATIM | KIND_GLOBAL),
    KIND(DATABASE, "database", "database", "DATABASE", Object, CREATE_ABOVE_TABLES, DROP_ABOVE_TABLES, KIND_GLOBAL),
};
// clang-format on

// A line for each kind: the designated initializers would leave a gap without a word of the compiler.
_Static_assert(OBJECT_KIND_COUNT == 42, "a new kind needs a line in object_kinds, and its number here");

bool object_kind_is_global(ObjectKind kind) { return object_kinds[kind].is & KIND_GLOBAL; }
bool object_kind_is_verbatim(ObjectKind kind) { return object_kinds[kind].is & KIND_VERBATIM; }
bool object_kind_is_mentioned(ObjectKind kind) { return object_kinds[kind].is & KIND_MENTIONED; }
bool object_kind_is_part(ObjectKind kind) { return object_kinds[kind].is & KIND_PART; }
bool object_kind_is_routine(ObjectKind kind) { return object_kinds[kind].is & KIND_ROUTINE; }
bool object_kind_is_text_search(ObjectKind kind) { return object_kinds[kind].is & KIND_TEXT_SEARCH; }

bool object_kind_has_arguments(ObjectKind kind)
{
    return object_kind_is_routine(kind) || kind == OBJECT_OPERATOR;
}
