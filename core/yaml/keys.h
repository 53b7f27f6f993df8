// keys.h -- the keys of a mapping in a file of the project: one table for who reads it, for the messages about it, and for
// the JSON Schema of `cmigrate help --json-schema`.
#ifndef CORE_YAML_KEYS_H
#define CORE_YAML_KEYS_H

#include "core/base/base.h"

typedef struct KeyInfo {
    const char *name;
    const char *form; // of its value: a word that cli/output/json_schema_forms.c defines
    const char *help; // one phrase: lower case, without a final stop
} KeyInfo;

typedef struct KeyMap {
    const KeyInfo *keys;
    size_t count;
} KeyMap;

#endif
