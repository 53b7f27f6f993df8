#include <strings.h>

#include "core/schema/read.h"

// What other tools call a key.
const char *word_of_others(const char *key)
{
    static const char *const words[][2] = {
        {"null",            "nullable"     },
        { "not_null",       "nullable"     },
        { "notnull",        "nullable"     },
        { "required",       "nullable"     },
        { "pk",             "primary_key"  },
        { "primary",        "primary_key"  },
        { "fk",             "references"   },
        { "foreign_key",    "references"   },
        { "server_default", "default"      },
        { "auto_increment", "autoincrement"},
        { "ondelete",       "on_delete"    },
        { "onupdate",       "on_update"    },
        { "computed",       "generated"    },
        { "collate",        "collation"    },
        { "fields",         "columns"      },
        { "expression",     "columns"      },
        { "expressions",    "columns"      },
        { "constraints",    "checks"       },
        { "select",         "query"        },
        { "sql",            "query"        },
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(words[i][0], key) == 0)
            return words[i][1];
    return NULL;
}

// Reports a key that is not known here. Options of other engines are among the suggestions, since they would
// be valid under that engine's name.
