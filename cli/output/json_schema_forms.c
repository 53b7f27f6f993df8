#include "cli/output/json_schema_forms.h"

// Forms that are JSON Schema as they appear.
static const char text_json[] = "="
                                "{\"type\": [\"string\", \"number\", \"boolean\", \"null\"]}";
static const char truth_json[] =
    "="
    "{\"anyOf\": [{\"type\": [\"boolean\", \"null\"]}, {\"pattern\": "
    "\"^([Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF|[Tt]rue|TRUE|[Ff]alse|FALSE)$\", "
    "\"type\": \"string\"}]}";
static const char number_json[] =
    "="
    "{\"anyOf\": [{\"type\": [\"integer\", \"null\"]}, {\"type\": \"string\", \"pattern\": "
    "\"^[-+]?[0-9]+$\"}]}";
static const char data_rows_json[] = "="
                                     "{\"type\": [\"array\", \"object\", \"null\"]}";
static const char data_rules_json[] =
    "="
    "{\"type\": [\"object\", \"null\"], \"additionalProperties\": {\"enum\": [\"ignore\", \"initial\"]}}";
static const char sql_map_json[] =
    "="
    "{\"type\": \"object\", \"properties\": {\"sql\": {\"anyOf\": [{\"$ref\": \"#/definitions/text\"}, "
    "{\"$ref\": \"#/definitions/text_by_engine\"}]}}, \"required\": [\"sql\"], \"additionalProperties\": "
    "false}";
static const char enum_type_json[] =
    "="
    "{\"type\": \"object\", \"properties\": {\"enum\": {\"anyOf\": [{\"$ref\": \"#/definitions/names\"}, "
    "{\"$ref\": \"#/definitions/names_by_engine\"}]}, \"name\": {\"$ref\": \"#/definitions/text\"}}, "
    "\"required\": [\"enum\"], \"additionalProperties\": false}";
static const char action_json[] =
    "="
    "{\"anyOf\": [{\"type\": \"null\"}, {\"type\": \"string\", \"pattern\": "
    "\"^(?:[Cc][Aa][Ss][Cc][Aa][Dd][Ee]|[Rr][Ee][Ss][Tt][Rr][Ii][Cc][Tt]|[Nn][Oo][ "
    "_][Aa][Cc][Tt][Ii][Oo][Nn]|[Ss][Ee][Tt][ _].*)$\"}]}";
static const char deferrable_json[] =
    "="
    "{\"enum\": [true, false, null, \"true\", \"false\", \"deferred\", \"immediate\", "
    "\"initially deferred\", \"initially immediate\", \"initially_deferred\", \"initially_immediate\"]}";
static const char identity_word_json[] =
    "="
    "{\"enum\": [\"always\", \"by default\", \"by_default\", \"ALWAYS\", \"BY DEFAULT\"]}";
static const char config_truth_json[] =
    "="
    "{\"anyOf\": [{\"type\": [\"boolean\", \"null\"]}, {\"type\": \"string\", \"pattern\": "
    "\"^([Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF|[Tt]rue|TRUE|[Ff]alse|FALSE)$\"}]}";
static const char config_number_json[] =
    "="
    "{\"anyOf\": [{\"type\": [\"integer\", \"null\"]}, {\"type\": \"string\", \"pattern\": "
    "\"^[0-9]+$|[$][{]\"}]}";
static const char duration_json[] =
    "="
    "{\"anyOf\": [{\"type\": [\"number\", \"null\"]}, {\"type\": \"string\", \"pattern\": "
    "\"^[0-9.]+ ?(ms|s|m|min|h)?$|[$][{]\"}]}";
static const char pattern_json[] =
    "="
    "{\"type\": \"object\", \"properties\": {\"kind\": {\"type\": \"string\"}, \"name\": "
    "{\"$ref\": \"#/definitions/text\"}}, \"required\": [\"kind\", \"name\"], \"additionalProperties\": "
    "false}";
static const char lint_level_json[] =
    "="
    "{\"enum\": [\"off\", \"notice\", \"warning\", \"error\", false, null]}";
static const char domain_checks_json[] =
    "="
    "{\"anyOf\": [{\"$ref\": \"#/definitions/domain_check_value\"}, {\"type\": \"array\", "
    "\"items\": {\"$ref\": \"#/definitions/domain_check_value\"}}, {\"type\": \"object\", "
    "\"not\": {\"required\": [\"expression\"]}, \"additionalProperties\": {\"anyOf\": "
    "[{\"$ref\": \"#/definitions/domain_check_value\"}, {\"$ref\": "
    "\"#/definitions/domain_check_value_by_engine\"}]}}]}";

const Form model_forms[] = {
    {"text",                                                    text_json },
    { "truth",                                                        truth_json },
    { "number",number_json },
    { "texts",                                                 "text | [text]" },
    { "names",                                                        "text | [text | text_by_engine]" },
    { "texts_by_name","null | {text | text_by_engine}" },
    { "sql_map",                                                  sql_map_json },
    { "enum_type",                                                        enum_type_json },
    { "type",                                "text | enum_type | sql_map" },
    { "default",                                                "text | sql_map" },
    { "action",                                                        action_json },
    { "deferrable",deferrable_json },
    { "identity_word",                                                   identity_word_json },
    { "identity",                                                        "truth | identity_word | identity_map" },
    { "part","text | part_map" },
    { "parts",                                                 "part | [part | part_by_engine]" },
    { "reference",                                                        "text | foreign_key" },
    { "key_at_column",                                                       "text | unique | [text | unique]" },
    { "index_at_column",                                          "text | index_map | part_map | [text | index_map]" },
    { "check_at_column",                                                        "text | check_map | [text | text_by_engine | check_map]" },
    { "column_value","text | sql_map | column" },
    { "unique_value",                                                   "parts | unique" },
    { "exclude_value",                                                        "parts | exclusion" },
    { "primary_key","parts | primary_key_map" },
    { "index_value",                                              "parts | index_map" },
    { "check_value",                                                        "text | check_map" },
    { "mixin_value","mixin_map | {null | column_value | column_value_by_engine}" },
    { "between",                                        "[text | side_map]" },
    { "type_value",                                                        "text | enum_map | composite | domain_map" },
    { "enum_value","names | enum_map" },
    { "domain_value",                                           "text | domain_map" },
    { "attribute_value",                                                        "type | attribute_map" },
    { "domain_check_value","text | domain_check_map" },
    { "domain_checks",                                          domain_checks_json },
    { "view_value",                                                        "text | view_map" },
    { "table_value",                                                        "null | table" },
    { "sequence_value",                                            "text | sequence" },
    { "data_value",                                                        "null | data_map | data_rows" },
    { "data_rows",data_rows_json },
    { "data_rules",                                            data_rules_json },
    { 0                                                       },
};

const Entries model_entries[] = {
    {"columns",       "column_value", false },
    { "uniques",          "unique_value", true },
    { "indexes",      "index_value", true },
    { "checks",           "check_value", true },
    { "foreign_keys",      "foreign_key", false },
    { "excludes",           "exclude_value", false },
    { "attributes",       "attribute_value", false },
    { "mixins",           "mixin_value", false },
    { "associations", "association", false },
    { "data",          "data_value", false },
    { "types",     "type_value", false },
    { "tables",          "table_value", false },
    { "enums",   "enum_value", false },
    { "domains",          "domain_value", false },
    { "composites",       "composite", false },
    { "views",          "view_value", false },
    { "sequences", "sequence_value", false },
    { 0         },
};

const Form config_forms[] = {
    {"text",                      text_json },
    { "truth",                          config_truth_json },
    { "number",config_number_json },
    { "duration",                   duration_json },
    { "texts",                          "text | [text]" },
    { "texts_by_name","null | {text}" },
    { "text_or_by_engine",                    "text | {text}" },
    { "settings_by_name",                          "null | {null | settings}" },
    { "pattern",                 pattern_json },
    { "patterns",        "text | [text | pattern]" },
    { "lint_level",                          lint_level_json },
    { "lint_levels","null | {lint_level}" },
    { "lint_rules",                  "null | {lint_level | {text}}" },
    { 0                         },
};
