// keys.h -- every mapping of a model, by its keys. Each table is beside the function that reads it; read_keys() refuses what is
// not in it, and the JSON Schema of the model is made from the same tables.
#ifndef CORE_SCHEMA_KEYS_H
#define CORE_SCHEMA_KEYS_H

#include "core/yaml/keys.h"

extern const KeyMap data_keys_map, table_keys_map, mixin_keys_map, column_keys_map, identity_keys_map,
    key_keys_map, check_keys_map, index_keys_map, part_keys_map, reference_keys_map, association_keys_map,
    side_keys_map, view_keys_map, sequence_keys_map, plain_keys_map, verbatim_keys_map, enum_keys_map,
    composite_keys_map, attribute_keys_map, domain_check_keys_map, domain_keys_map, lint_keys_map,
    naming_keys_map, section_keys_map;

#endif
