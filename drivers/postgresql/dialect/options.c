#include "drivers/postgresql/dialect/dialect.h"

#define TABLES  KIND_BIT(OBJECT_TABLE)
#define COLUMNS KIND_BIT(OBJECT_COLUMN)
#define VIEWS   KIND_BIT(OBJECT_VIEW)
#define KEYS                                                                                                 \
    (KIND_BIT(OBJECT_INDEX) | KIND_BIT(OBJECT_PRIMARY_KEY) | KIND_BIT(OBJECT_UNIQUE) |                       \
     KIND_BIT(OBJECT_EXCLUDE))

// clang-format off
const OptionInfo pg_options[PG_OPTION_COUNT] = {
    { PG_UNLOGGED, OPTION_SWITCH, TABLES | KIND_BIT(OBJECT_SEQUENCE), "not written to the log: faster, emptied after a crash" },
    { PG_WITH, OPTION_TEXT, TABLES | VIEWS | KEYS, "storage parameters: fillfactor=70, autovacuum_enabled=false" },
    { PG_TABLESPACE, OPTION_TEXT, TABLES | VIEWS | KEYS, "tablespace" },
    { PG_USING, OPTION_TEXT, TABLES | VIEWS, "table access method" },
    { PG_INHERITS, OPTION_NAME_LIST, TABLES, "the tables it inherits from" },
    { PG_OF_TYPE, OPTION_TEXT, TABLES, "the composite type it is a table of" },
    { PG_PARTITION_BY, OPTION_SQL, TABLES, "RANGE (a), LIST (lower(b)), HASH (a, b)" },
    { PG_PARTITION_OF, OPTION_TEXT, TABLES | KEYS | KIND_BIT(OBJECT_FOREIGN_KEY), "the table, key or index it is a partition of" },
    { PG_ONLY, OPTION_SWITCH, KEYS, "an index of a partitioned table that not every partition has" },
    { PG_PARTITION_BOUND, OPTION_SQL, TABLES, "FOR VALUES FROM (1) TO (10), or DEFAULT" },
    { "partitions", OPTION_TEXT, TABLES, "ignored: partitions that only the database or only the model has are no difference" },
    { PG_REPLICA_IDENTITY, OPTION_TEXT, TABLES, "full, nothing or the name of an index" },
    { PG_CLUSTER_ON, OPTION_TEXT, TABLES | VIEWS, "the index that CLUSTER orders by" },
    { PG_ROW_SECURITY, OPTION_SWITCH, TABLES, "policies apply" },
    { PG_FORCE_ROW_SECURITY, OPTION_SWITCH, TABLES, "policies apply to the owner too" },
    { PG_SERVER, OPTION_TEXT, TABLES, "a foreign table: its server" },
    { PG_SERVER_OPTIONS, OPTION_SETTINGS, TABLES | COLUMNS, "a foreign table: options for its server, key=value, …" },
    { PG_VALIDATED_CHECKS, OPTION_NAMES_AT_LEAST, TABLES, "checks of a parent that are not valid there and validated here" },
    { PG_STORAGE, OPTION_TEXT, COLUMNS, "plain, external, extended, main" },
    { PG_COMPRESSION, OPTION_TEXT, COLUMNS, "pglz, lz4" },
    { PG_STATISTICS, OPTION_TEXT, COLUMNS | KEYS | KIND_BIT(OBJECT_STATISTICS), "statistics target; of an index by column: 2=500" },
    { PG_ATTRIBUTE_OPTIONS, OPTION_TEXT, COLUMNS, "n_distinct=5, n_distinct_inherited=-0.1" },
    { PG_INHERITED, OPTION_SWITCH, COLUMNS, "the column comes from a parent; only what differs is said" },
    { PG_SEQUENCE_NAME, OPTION_TEXT, COLUMNS, "name of the sequence of a serial or identity column" },
    { PG_SEQUENCE_COMMENT, OPTION_TEXT, COLUMNS, "comment on the sequence of a serial or identity column" },
    { PG_INDEX_COMMENT, OPTION_TEXT, KEYS & ~KIND_BIT(OBJECT_INDEX), "comment on the index of a key" },
    { PG_NOT_NULL_NAME, OPTION_TEXT, COLUMNS | KIND_BIT(OBJECT_DOMAIN), "name of the not-null constraint (18)" },
    { PG_NOT_NULL_NO_INHERIT, OPTION_SWITCH, COLUMNS, "the not-null constraint is not inherited (18)" },
    { PG_NOT_NULL_NOT_VALID, OPTION_SWITCH, COLUMNS, "the not-null constraint was not checked against the rows (18)" },
    { PG_NOT_NULL_COMMENT, OPTION_TEXT, COLUMNS, "comment on the not-null constraint (18)" },
    { PG_CHECK_OPTION, OPTION_TEXT, VIEWS, "local, cascaded" },
    { PG_SECURITY_BARRIER, OPTION_SWITCH, VIEWS, "conditions of queries are not pushed into it" },
    { PG_SECURITY_INVOKER, OPTION_SWITCH, VIEWS, "runs with the rights of who uses it" },
    { PG_COLUMN_DEFAULTS, OPTION_TEXT, VIEWS, "what INSERT puts into its columns: column='expression', …" },
    { PG_COLUMN_STATISTICS, OPTION_TEXT, VIEWS, "statistics targets of its columns: column='500', …" },
    { PG_COLUMN_STORAGE, OPTION_TEXT, VIEWS, "storage of its columns: column='external', …" },
    { PG_COLUMN_COMPRESSION, OPTION_TEXT, VIEWS, "compression of its columns: column='lz4', …" },
    { PG_COLUMN_ATTRIBUTES, OPTION_TEXT, VIEWS, "attribute options of its columns: column='n_distinct=5', …" },
    { PG_COLUMN_COMMENTS, OPTION_TEXT, VIEWS, "comments of its columns: column='text', …" },
    { PG_ENABLED, OPTION_TEXT, KIND_BIT(OBJECT_TRIGGER) | KIND_BIT(OBJECT_RULE) | KIND_BIT(OBJECT_EVENT_TRIGGER), "disabled, replica, always" },
    { PG_VERSION, OPTION_TEXT, KIND_BIT(OBJECT_EXTENSION), "version" },
    { PG_SCHEMA, OPTION_TEXT, KIND_BIT(OBJECT_EXTENSION), "the schema it is put in" },
};
// clang-format on
