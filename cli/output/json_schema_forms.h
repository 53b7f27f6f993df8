// json_schema_forms.h -- the forms of values that the keys of a model and a configuration have, for json_schema.c.
#ifndef CLI_OUTPUT_JSON_SCHEMA_FORMS_H
#define CLI_OUTPUT_JSON_SCHEMA_FORMS_H

#include <stdbool.h>

// The forms of values that are no mapping of keys. `null`, a name of another form, [X] a list and {X} a mapping of any names to X;
// | between alternatives. What begins with = is JSON Schema.
typedef struct Form {
    const char *name, *spec;
} Form;

extern const Form model_forms[], config_forms[]; // each ended by an entry without a name

// Sections, and the lists in a table: each by its name, or in a list. They are taken as they appear, not for values by engine: a
// column may be called mysql. `lone`: one value may stand for a list of one.
typedef struct Entries {
    const char *name, *value;
    bool lone;
} Entries;

extern const Entries model_entries[]; // ended by an entry without a name

#endif
