// internal.h -- what the files of core/config share: how values of cmigrate.yaml are read.
#ifndef CORE_CONFIG_INTERNAL_H
#define CORE_CONFIG_INTERNAL_H

#include "core/config/config_read.h"
#include "core/yaml/node.h"

typedef struct ConfigReader {
    Arena *arena;
    Issues *issues;
    VariableList variables;   // of env_file:
    const char *missing_file; // one that is not there; NULL: all are
} ConfigReader;

// One value with its variables filled in; NULL for null, and with an issue for what is no single value.
const char *config_text(ConfigReader *r, const Node *node, const char *key);
// Leaves *out as it is where the key is absent.
void config_read_text(ConfigReader *r, const Node *map, const char *key, const char **out);
void config_read_list(ConfigReader *r, const Node *map, const char *key, NameList *out);

// scope.c
void config_read_patterns(ConfigReader *r, const Node *map, const char *key, NameList *globs,
                          KindPatternList *kinds, SourcePos *at);
void config_read_policies(ConfigReader *r, const Node *map, Config *config);

void config_read_test(ConfigReader *r, const Node *map, Config *config); // `test:`

// engines.c: settings that are by engine
void config_read_dialects(ConfigReader *r, const Node *map, Config *config);
void config_read_scratch_url(ConfigReader *r, const Node *map, Config *config);

// connect.c: a map of names and values, as pairs.
void config_read_pragmas(ConfigReader *r, const Node *map, NameList *out);

// The key that Alembic calls so; NULL: none.
const char *config_key_of_others(const char *key);

#endif
