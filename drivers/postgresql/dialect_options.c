#include "drivers/postgresql/dialect.h"

#define TABLES  KIND_BIT(OBJECT_TABLE)
#define VIEWS   KIND_BIT(OBJECT_VIEW)
#define INDEXES KIND_BIT(OBJECT_INDEX)
#define KEYS    (KIND_BIT(OBJECT_PRIMARY_KEY) | KIND_BIT(OBJECT_UNIQUE) | KIND_BIT(OBJECT_EXCLUDE))
#define COLUMNS KIND_BIT(OBJECT_COLUMN)

const OptionInfo pg_options[PG_OPTION_COUNT] = {
    {PG_UNLOGGED,             OPTION_SWITCH, TABLES | KIND_BIT(OBJECT_SEQUENCE),
     "UNLOGGED: fast, and empty after a crash"                                                                                        },
    { PG_WITH,                OPTION_TEXT,   TABLES | VIEWS | INDEXES | KEYS,
     "storage parameters: fillfactor=70, toast.autovacuum_enabled=false"                                                              },
    { PG_TABLESPACE,          OPTION_TEXT,   TABLES | VIEWS | INDEXES | KEYS,                 "TABLESPACE"                            },
    { PG_USING,               OPTION_TEXT,   TABLES | VIEWS,                                  "the table access method"               },
    { PG_INHERITS,            OPTION_TEXT,   TABLES,                                          "the parent tables"                     },
    { PG_OF_TYPE,             OPTION_TEXT,   TABLES,                                          "the composite type of a typed table"   },
    { PG_PARTITION_BY,        OPTION_SQL,    TABLES,                                          "RANGE (a), LIST (a) or HASH (a)"       },
    { PG_PARTITION_OF,        OPTION_TEXT,   TABLES | INDEXES | KEYS,
     "the parent of a partition; of an index, its parent's name"                                                                      },
    { PG_PARTITION_BOUND,     OPTION_SQL,    TABLES,                                          "FOR VALUES … or DEFAULT"             },
    { PG_REPLICA_IDENTITY,    OPTION_TEXT,   TABLES,                                          "full, nothing, or the name of an index"},
    { PG_CLUSTER_ON,          OPTION_TEXT,   TABLES | VIEWS,                                  "the index that CLUSTER orders by"      },
    { PG_ROW_SECURITY,        OPTION_SWITCH, TABLES,                                          "ENABLE ROW LEVEL SECURITY"             },
    { PG_FORCE_ROW_SECURITY,  OPTION_SWITCH, TABLES,                                          "FORCE ROW LEVEL SECURITY"              },
    { PG_SERVER,              OPTION_TEXT,   TABLES,                                          "a foreign table's server"              },
    { PG_SERVER_OPTIONS,      OPTION_TEXT,   TABLES | COLUMNS,                                "a foreign table's or column's options" },
    { PG_STORAGE,             OPTION_TEXT,   COLUMNS,                                         "plain, external, extended or main"     },
    { PG_COMPRESSION,         OPTION_TEXT,   COLUMNS,                                         "pglz or lz4"                           },
    { PG_STATISTICS,          OPTION_TEXT,   COLUMNS | INDEXES | KIND_BIT(OBJECT_STATISTICS), "the statistics target"                 },
    { PG_ATTRIBUTE_OPTIONS,   OPTION_TEXT,   COLUMNS,                                         "n_distinct=5"                          },
    { PG_INHERITED,           OPTION_SWITCH, COLUMNS,                                         "comes from a parent table"             },
    { PG_SEQUENCE_NAME,       OPTION_TEXT,   COLUMNS,
     "the sequence of a serial or identity column, where it has a name of its own"                                                    },
    { PG_NOT_NULL_NAME,       OPTION_TEXT,   COLUMNS | KIND_BIT(OBJECT_DOMAIN),
     "18: the name of the not-null constraint"                                                                                        },
    { PG_NOT_NULL_NO_INHERIT, OPTION_SWITCH, COLUMNS,                                         "18: NOT NULL NO INHERIT"               },
    { PG_NOT_NULL_NOT_VALID,  OPTION_SWITCH, COLUMNS,                                         "18: NOT NULL NOT VALID"                },
    { PG_CHECK_OPTION,        OPTION_TEXT,   VIEWS,                                           "WITH LOCAL or CASCADED CHECK OPTION"   },
    { PG_SECURITY_BARRIER,    OPTION_SWITCH, VIEWS,                                           "security_barrier"                      },
    { PG_SECURITY_INVOKER,    OPTION_SWITCH, VIEWS,                                           "security_invoker"                      },
    { PG_ENABLED,             OPTION_TEXT,
     KIND_BIT(OBJECT_TRIGGER) | KIND_BIT(OBJECT_RULE) | KIND_BIT(OBJECT_EVENT_TRIGGER),
     "disabled, replica or always"                                                                                                    },
    { PG_VERSION,             OPTION_TEXT,   KIND_BIT(OBJECT_EXTENSION),                      "the version of an extension"           },
    { PG_SCHEMA,              OPTION_TEXT,   KIND_BIT(OBJECT_EXTENSION),                      "the schema of an extension"            },
};
